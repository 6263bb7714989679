"""A small staged release, written by hand, with hostile paths and titles."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.tables import TABLES

HOSTILE = "<script>alert('x')</script> \"& 'quotes'.html"
TEXT = "The harbour was closed on Monday.\n\nIt will open again on Friday, the mayor said."
A, B = "a" * 64, "b" * 64


def default(column):
    kind = column.type
    if not column.required:
        return None
    if pa.types.is_list(kind):
        return []
    if pa.types.is_boolean(kind):
        return False
    if pa.types.is_floating(kind):
        return 0.5
    if pa.types.is_integer(kind):
        return 1
    return column.allowed[0] if column.allowed else "x"


def row(table, **values):
    assert values.keys() <= {column.name for column in TABLES[table].columns}
    return {column.name: values.get(column.name, default(column)) for column in TABLES[table].columns}


def reason(rule, value="", threshold=""):
    return {"rule": rule, "value": value, "threshold": threshold}


def write_tables(folder: Path, rows: dict[str, list[dict]]) -> Path:
    for name, table in TABLES.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        content = pa.Table.from_pylist(rows.get(name, []), schema=table.schema)
        pq.write_table(content, folder / name / "train-00000.parquet")
    return folder


ROWS = {
    "articles": [
        row(
            "articles", article_id="art-1", record_id="rec-1", source="harbour-news", title=f"Closed {HOSTILE}",
            url="https://news.example/harbour", canonical_url="https://news.example/harbour", host="news.example",
            language="en", text=TEXT, text_sha256="c" * 64, n_words=15, n_chars=len(TEXT), n_duplicates=2,
            raw_path="harbour-news/closed.html", raw_sha256=A, media_type="text/html", first_version="0.1.0",
            published_at=datetime(2026, 3, 2, tzinfo=UTC), authors=["Ann Moor"],
        ),
        row(
            "articles", article_id="art-2", record_id="rec-2", source="other", language="de", text="Zwei.",
            text_sha256="d" * 64, n_words=1, n_chars=5, n_duplicates=0, raw_path=HOSTILE, raw_sha256=B,
            media_type="text/html", first_version="0.1.0",
        ),
    ],
    "quality": [row("quality", article_id="art-1"), row("quality", article_id="art-2")],
    "records": [
        row("records", record_id="rec-1", raw_path="harbour-news/closed.html", byte_start=0, byte_end=900, sha256=A,
            media_type="text/html", fate="published", article_id="art-1"),
        row("records", record_id="rec-2", raw_path=HOSTILE, byte_start=0, byte_end=40, sha256=B, media_type="text/html",
            fate="published", article_id="art-2"),
        row("records", record_id="rec-3", raw_path="harbour-news/copy.html", byte_start=0, byte_end=900, sha256=A,
            media_type="text/html", fate="duplicate", kept_article_id="art-1",
            reasons=[reason("exact_duplicate", "1.0", "1.0")]),
        row("records", record_id="rec-4", raw_path="harbour-news/like.html", byte_start=0, byte_end=9, sha256="e" * 64,
            media_type="text/html", fate="duplicate", kept_article_id="art-1",
            reasons=[reason("near_duplicate", "0.91", "0.8")]),
        row("records", record_id="rec-5", raw_path=f"other/{HOSTILE}", byte_start=0, byte_end=12, sha256="f" * 64,
            media_type="text/plain", fate="rejected",
            reasons=[reason("too_short", "3", "25"), reason("few_letters", "0.2", "0.5")], detail="3 words"),
        row("records", record_id="rec-6", raw_path="other/feed.jsonl", byte_start=0, byte_end=80, sha256="1" * 64,
            media_type="application/json", fate="rejected", reasons=[reason("too_short", "9", "25")]),
        row("records", record_id="rec-7", raw_path="other/feed.jsonl", byte_start=81, byte_end=99, sha256="2" * 64,
            media_type="application/json", fate="quarantined", reasons=[reason("malformed", "Expecting value", "")]),
        row("records", record_id="rec-8", raw_path="other/pipe", fate="quarantined", reasons=[reason("not_a_file")]),
    ],
    "paragraphs": [
        row("paragraphs", article_id="art-1", paragraph_index=0, start_char=0, end_char=33, raw_start_byte=100,
            raw_end_byte=133, role="paragraph"),
        row("paragraphs", article_id="art-1", paragraph_index=1, start_char=35, end_char=len(TEXT), role="paragraph"),
    ],
    "mentions": [
        row("mentions", article_id="art-1", start_char=26, end_char=32, surface="Monday", label="DATE", method="spacy"),
    ],
    "derivations": [
        row("derivations", article_id="art-1", from_record_id="rec-3", kind="exact_duplicate", similarity=1.0,
            method="sha256"),
        row("derivations", article_id="art-1", from_record_id="rec-4", kind="near_duplicate", similarity=0.91,
            method="minhash"),
        row("derivations", article_id="art-2", from_article_id="art-1", kind="cites", method="link"),
    ],
}  # fmt: skip


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    """The folder of staged tables of two published articles and six records that were left out."""
    return write_tables(tmp_path / "staged", ROWS)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The same as a release folder."""
    return write_tables(tmp_path / "dist" / "harbour" / "harbour-v0.1.0", ROWS)
