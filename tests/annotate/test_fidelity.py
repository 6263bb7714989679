"""Floors of mention quality on public gold (strict spans and types over PERSON, ORG and places)."""

from __future__ import annotations

import re

import pyarrow.parquet as pq
import pytest

from corpus.annotate import mark
from corpus.sections import Annotate
from tests.annotate.made import articles
from tests.projects import eval_data

GOLD = eval_data() / "annotation" / "ner_dev.parquet"
KINDS = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
FLOORS = {"worldwide_dev": 0.66, "wikigold": 0.61}
"""F1; spaCy's small model alone reaches .634 and .606 on the whole sets. Lower one only on purpose."""
DOCUMENTS = 40
ARTICLE, POSSESSIVE = re.compile(r"(?:the|an?)\s+(?=\w)", re.IGNORECASE), re.compile(r"['’]s?$")


def name_within(text: str, start: int, end: int) -> tuple[int, int]:
    article, possessive = ARTICLE.match(text, start, end), POSSESSIVE.search(text[start:end])
    low, high = article.end() if article else start, end - (len(possessive.group()) if possessive else 0)
    return (low, high) if low < high else (start, end)


@pytest.mark.skipif(not GOLD.exists(), reason=f"no gold annotations at {GOLD}: set CORPUS_EVAL_DATA")
@pytest.mark.parametrize("name", sorted(FLOORS))
def test_mentions_are_as_good_as_they_were(name: str) -> None:
    documents = pq.read_table(GOLD, filters=[("set", "=", name)]).to_pylist()[:DOCUMENTS]
    right = published = asked = 0
    marked = mark(articles(*(d["text"] for d in documents)), Annotate()).to_pylist()
    for document, row in zip(documents, marked, strict=True):
        text = document["text"]
        gold = {
            (*name_within(text, m["start"], m["end"]), m["type"])
            for m in document["mentions"]
            if m["type"] in KINDS.values()
        }
        found = {
            (*name_within(text, m["start_char"], m["end_char"]), KINDS[m["label"]])
            for m in row["mentions"]
            if m["label"] in KINDS
        }
        right, published, asked = right + len(gold & found), published + len(found), asked + len(gold)
    assert 2 * right / (published + asked) >= FLOORS[name]
