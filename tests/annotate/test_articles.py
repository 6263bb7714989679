"""Annotating articles, each by itself."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.annotate import mark
from corpus.columns import LABELS, VALUE_LABELS
from corpus.sections import Annotate
from corpus.working import ANNOTATIONS
from tests.annotate.made import articles

TEXTS = (
    "Ana Quellmo, the mayor of Nairobi, met OpenAI’s board on Monday.\n\nQuellmo signed a $3 million deal. See https://alpha.org/1.",
    "Andrej Karpathy joined Anthropic. Karpathy left Tesla in 2022; the UK and Britain took note.",
    "🔍👩‍👩‍👧 José\u0301 went to \u202ethe UK\u202c with NASA\x00 and\u00a0Interpol.\r\n\n\nمرحبا from London",
    "",
    "\n\n \n",
    "x" * 50_000,
    "THE US AND UK SIGN DEAL\n\nOfficials in Paris said the accord was final.",
)


def rows(batch: pa.RecordBatch) -> list[dict]:
    return mark(batch, Annotate()).to_pylist()


def check(text: str, row: dict) -> None:
    mentions = row["mentions"]
    assert all(text[m["start_char"] : m["end_char"]] == m["surface"] for m in mentions)
    assert all(a["end_char"] <= b["start_char"] for a, b in pairwise(mentions))
    assert all(m["label"] in LABELS and m["method"] for m in mentions)
    assert all((m["name"] is None) == (m["label"] in VALUE_LABELS) for m in mentions)
    assert not any("\n" in m["surface"] for m in mentions)


def test_mentions_lie_in_the_text_and_none_overlaps_another() -> None:
    found = rows(articles(*TEXTS))
    assert [row["record_id"] for row in found] == [f"r_{i}" for i in range(len(TEXTS))]
    for text, row in zip(TEXTS, found, strict=True):
        check(text, row)


def test_the_batch_has_its_schema_also_without_rows() -> None:
    assert mark(articles(), Annotate()).schema.equals(ANNOTATIONS)
    assert mark(articles(TEXTS[0]), Annotate()).schema.equals(ANNOTATIONS)


def test_recent_names_are_typed_right_and_a_bare_surname_is_the_person() -> None:
    (row,) = rows(articles(TEXTS[1]))
    found = {(m["surface"], m["label"], m["name"]) for m in row["mentions"]}
    assert found >= {
        ("Andrej Karpathy", "PERSON", "Andrej Karpathy"),
        ("Karpathy", "PERSON", "Andrej Karpathy"),
        ("Anthropic", "ORG", "Anthropic"),
        ("UK", "GPE", "United Kingdom"),
        ("Britain", "GPE", "United Kingdom"),
        ("2022", "DATE", None),
    }


def test_any_split_and_order_gives_the_same_rows() -> None:
    batch = articles(*TEXTS)
    whole = mark(batch, Annotate())
    for split in (1, 2, 5):
        parts = [mark(batch.slice(i, split), Annotate()) for i in range(0, batch.num_rows, split)]
        assert pa.Table.from_batches(parts).combine_chunks().equals(pa.Table.from_batches([whole]))
    order = pa.array(range(batch.num_rows - 1, -1, -1))
    assert mark(batch.take(order), Annotate()).equals(whole.take(order))


@pytest.mark.parametrize("language", ["de", None, ""])
def test_articles_in_other_languages_have_links_but_no_mentions(language: str | None) -> None:
    (row,) = rows(articles(TEXTS[0], language=language))
    assert row["mentions"] == []
    assert [link["url"] for link in row["links"]] == ["https://alpha.org/1"]


def test_each_article_counts_by_its_own_language() -> None:
    batch = articles("Nairobi", "Nairobi")
    mixed = batch.set_column(batch.schema.get_field_index("language"), "language", pa.array(["de", "en"]))
    assert [len(row["mentions"]) for row in rows(mixed)] == [0, 1]


def test_languages_are_those_of_the_settings() -> None:
    found = mark(articles(TEXTS[0]), Annotate(languages=("de",))).to_pylist()
    assert found[0]["mentions"] == []


def test_columns_may_be_null() -> None:
    (row,) = rows(articles("Nairobi", url=None, canonical_url=None, anchors=None, paragraphs=None, title=None))
    assert [m["label"] for m in row["mentions"]] == ["GPE"]
    nothing = pa.RecordBatch.from_pylist([{"record_id": "r", "language": "en"}], articles().schema)
    assert rows(nothing) == [{"record_id": "r", "mentions": [], "links": []}]


def test_paragraphs_and_anchors_of_extraction_are_used() -> None:
    text = "Lost Harbour Light\n\nRead the report in full."
    paragraphs = [
        {"start_char": 0, "end_char": 18, "role": "heading"},
        {"start_char": 20, "end_char": 44, "role": "paragraph"},
    ]
    at = text.index("report")
    anchor = {
        "start_char": at,
        "end_char": at + 6,
        "anchor_text": "report",
        "url": "/r",
        "section": "inline",
        "method": "markup 1",
    }
    (row,) = rows(articles(text, paragraphs=paragraphs, anchors=[anchor, {**anchor, "url": None}]))
    assert row["mentions"] == []
    assert [(link["canonical_url"], link["anchor_text"]) for link in row["links"]] == [
        ("https://news.alpha.org/r", "report")
    ]


piece = st.one_of(
    st.text(max_size=15),
    st.sampled_from(
        [
            "Ana Ruiz ",
            "OpenAI",
            "\n\n",
            "’s ",
            "(NASA) ",
            "\x00",
            "e\u0301",
            "the UK ",
            "https://a.org/x ",
            "Mr ",
            ". ",
            "\u200f",
            "Paris ",
        ]
    ),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(piece, max_size=25).map("".join))
def test_nothing_raises_and_spans_hold_whatever_the_text(text: str) -> None:
    (row,) = rows(articles(text))
    check(text, row)
    for link in row["links"]:
        assert text[link["start_char"] : link["end_char"]] == link["anchor_text"]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200_000,
        "'s " * 3000,
        "-" * 200_000,
        "a@" * 50_000,
        "OpenAI (" * 1000,
        "\n" * 200_000,
        "[[" * 50_000 + "http://[",
    ],
)
def test_texts_that_break_tokenisers_are_read(text: str) -> None:
    (row,) = rows(articles(text))
    check(text, row)
