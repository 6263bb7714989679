"""The lines that recur over a host's articles, for the report: only lines of articles that were published."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

SHOWN_CHARS = 200
"""Code points of a line that are shown."""
ARTICLES_AT_ONCE = 10_000


@dataclass(frozen=True, order=True)
class RepeatedLine:
    """A line of a host and how many of its published articles hold it."""

    host: str
    articles: int
    line: str


def repeated_lines(folder: Path, shown: int = 200) -> tuple[RepeatedLine, ...]:
    """The repeated lines of the tables in `folder` (paragraphs.repeated), the most frequent first, `shown` of them.

    Where a release holds no text (excerpt, standoff), there is nothing to show.
    """
    if not any((folder / "paragraphs").glob("*.parquet")) or not any((folder / "articles").glob("*.parquet")):
        return ()
    paragraphs = ds.dataset(sorted(map(str, (folder / "paragraphs").glob("*.parquet"))))
    spans = paragraphs.to_table(["article_id", "start_char", "end_char"], filter=ds.field("repeated"))
    found: Counter[tuple[str, str]] = Counter()
    articles = ds.dataset(sorted(map(str, (folder / "articles").glob("*.parquet"))))
    wanted = pc.unique(spans["article_id"])
    for start in range(0, len(wanted), ARTICLES_AT_ONCE):
        ids = wanted.slice(start, ARTICLES_AT_ONCE)
        texts = articles.to_table(["article_id", "host", "text"], filter=ds.field("article_id").isin(ids))
        here = spans.filter(pc.is_in(spans["article_id"], value_set=ids))
        found.update(_lines(texts, here))
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:shown]
    return tuple(RepeatedLine(host, count, line) for (host, line), count in ranked)


def _lines(articles: pa.Table, spans: pa.Table) -> Counter[tuple[str, str]]:
    """Host and words of each repeated line, an article's counted once."""
    known = {row["article_id"]: (row["host"] or "", row["text"]) for row in articles.to_pylist()}
    seen: set[tuple[str, str, str]] = set()
    for row in spans.to_pylist():
        host, text = known[row["article_id"]]
        if text is not None and row["end_char"] <= len(text):
            line = " ".join(text[row["start_char"] : row["end_char"]].split())
            seen.add((row["article_id"], host, line[:SHOWN_CHARS]))
    return Counter((host, line) for _, host, line in seen)
