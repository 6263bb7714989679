"""Where benchmarks find their data: one setting, CORPUS_EVAL_DATA (default ../shared/data beside the repository).

| set | public source | licence |
|---|---|---|
| text/reuters21578.parquet | Reuters-21578, Distribution 1.0 (D. Lewis) | for research purposes only |
| text/bbc_news.parquet | BBC news 2004-2005 (Greene and Cunningham, ICML 2006) | the BBC's; research use |

Neither is published with this project; a stranger makes the same files from those sources: columns doc_id, title, date
(timestamp without zone, may be null) and text (paragraphs separated by an empty line).
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow.parquet as pq


def eval_data() -> Path:
    """The folder of evaluation data. SystemExit where it is absent."""
    default = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
    folder = Path(os.environ.get("CORPUS_EVAL_DATA", default)).resolve()
    if not folder.is_dir():
        raise SystemExit(f"no evaluation data: set CORPUS_EVAL_DATA to a folder with text/ in it (see {__file__})")
    return folder


def write_news(raw: Path, limit: int | None) -> int:
    """Write the articles of text/*.parquet as JSONL files below `raw`; returns how many."""
    count = 0
    for path in sorted((eval_data() / "text").glob("*.parquet")):
        table = pq.read_table(path, columns=["doc_id", "title", "date", "text"])
        with (raw / f"{path.stem}.jsonl").open("w", encoding="utf-8") as sink:
            for row in table.slice(0, limit).to_pylist() if limit else table.to_pylist():
                date = row.pop("date")
                row["published_at"] = date.isoformat() if date else None
                row["id"] = row.pop("doc_id")
                sink.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
    return count
