"""Floors on pages with gold, a sample of them: lowered only on purpose."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.clean import judge
from corpus.sections import Clean
from corpus.working import DOCUMENTS
from tests.clean.making import documents, holds, record

DATA = Path(os.environ.get("CORPUS_EVAL_DATA", Path(__file__).parents[2] / "../shared/data")) / "extraction"
EVERY = 12
FLOORS = {"newspaper4k": 0.9, "wcxb_dev": 0.86, "fundus_parsers": 0.9}


def f1(gold: str, text: str) -> float:
    """F1 of the two texts' distinct words: coarse, but enough to see a lost or swollen body."""
    wanted, found = set(gold.lower().split()), set(text.lower().split())
    return 2 * len(wanted & found) / (len(wanted) + len(found)) if wanted or found else 1.0


@pytest.mark.parametrize("name", FLOORS)
def test_gold_articles_are_found_whole_and_none_is_rejected(name):
    path = DATA / f"{name}.parquet"
    if not path.exists():
        pytest.skip("no evaluation data: set CORPUS_EVAL_DATA to the folder that holds extraction/")
    rows = [row for row in pq.read_table(path).to_pylist()[::EVERY] if row["gold_text"]]
    docs = documents(*(record(row["html"], "text/html", record_id=row["page_id"]) for row in rows))
    verdicts = judge(pa.RecordBatch.from_pylist(docs, schema=DOCUMENTS), Clean()).to_pylist()
    assert [verdict for verdict in verdicts if verdict["fate"]] == []
    for doc in docs:
        holds(doc)
    scores = [f1(row["gold_text"], doc["text"]) for row, doc in zip(rows, docs, strict=True)]
    assert sum(scores) / len(scores) >= FLOORS[name]
    placed = [[p["raw_start_byte"] is not None for p in doc["paragraphs"]] for doc in docs]
    assert sum(sum(page) / len(page) for page in placed) / len(placed) >= 0.98
