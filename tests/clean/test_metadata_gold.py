"""Floors of title, authors and day on pages with gold, by the shared scorer: lowered only on purpose."""

import importlib
import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpus.clean.decode import decode
from corpus.clean.document import Quarantined
from corpus.clean.metadata import page_facts
from corpus.clean.page import parse, prepared, read_page
from corpus.sections import Clean

SHARED = Path(os.environ.get("CORPUS_EVAL_DATA", Path(__file__).parents[2] / "../shared/data"))
FLOORS = {
    "newspaper4k": {"title": 0.945, "authors": 0.915, "date": 0.845, "date_near": 0.89},
    "wcxb_dev": {"title": 0.885, "authors": 0.813, "date": 0.865, "date_near": 0.888},
    "fundus_parsers": {"title": 0.85, "authors": 0.92, "date": 0.985, "date_near": 0.985},
    "htmldate": {"date": 0.86, "date_near": 0.95},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOORS)
def test_metadata_of_gold_pages_keep_what_was_reached(name, monkeypatch):
    path, scorer = SHARED / "extraction" / f"{name}.parquet", SHARED.parent / "score"
    if not path.exists() or not (scorer / "extraction.py").exists():
        pytest.skip("no evaluation data: set CORPUS_EVAL_DATA to the folder that holds extraction/, beside score/")
    monkeypatch.syspath_prepend(str(scorer))
    scoring = importlib.import_module("extraction")
    marks = []
    for row in pq.read_table(path).to_pylist():
        payload = row["html"] if isinstance(row["html"], bytes) else row["html"].encode()
        marks.append(scoring.score_page(row, found(payload, scoring)))
    reached = scoring.summarise(marks)
    assert {field: reached[field] >= floor for field, floor in FLOORS[name].items()} == dict.fromkeys(
        FLOORS[name], True
    ), {field: round(reached[field], 3) for field in FLOORS[name]}


def found(payload: bytes, scoring):
    """What the metadata of one page are, as the scorer reads a release."""
    settings = Clean()
    try:
        tree = parse(
            prepared(decode(payload, None).text), max_nodes=settings.max_nodes, max_chars=settings.max_markup_chars
        )
    except Quarantined:
        return scoring.Found()
    facts = page_facts(read_page(tree), zone="UTC", publisher=None)
    day = scoring.day(facts.published.at) if facts.published else None
    return scoring.Found("", facts.title, facts.authors, day, missing=False)
