"""CSV, TSV and Parquet: a record a row, its payload the JSON of its mapped columns."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.ingest import payload_of
from corpus.sections import Ingest
from tests.ingest.archives import zipped
from tests.ingest.conftest import read_bytes, rule
from tests.ingest.test_archives import rows_of

CSV = 'id,title,text,other\r\n1,One,"A text, with\r\n""lines"".",x\r\n\r\n2,Two,Überfall,y\r\n'.encode()


def parquet(columns: dict[str, object], **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


def test_a_row_of_csv_is_a_record_with_its_bytes(raw: Path) -> None:
    for name, data in (("a.csv", CSV), ("b", CSV), ("c.csv.gz", gzip.compress(CSV)), ("d.csv", b"\xef\xbb\xbf" + CSV)):
        one, two = read_bytes(raw, name, data)
        assert one["content"] == 'A text, with\r\n"lines".'
        assert (two["content"], two["own_id"], two["fields"]["title"]) == ("Überfall", "2", "Two")
        assert two["payload"] == '{"id":"2","text":"Überfall","title":"Two"}'.encode()
        assert two["sha256"] == hashlib.sha256(two["payload"]).hexdigest()
        held = CSV if name.startswith("c") else data
        assert held[two["byte_start"] : two["byte_end"]].strip() == "2,Two,Überfall,y".encode()
        assert held[one["byte_start"] : one["byte_end"]].startswith(b'1,One,"A')
        for row in (one, two):
            assert payload_of(raw, row) == row["payload"]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_that_of_the_header(raw: Path, delimiter: str) -> None:
    data = f"url{delimiter}text\nhttps://x.example/1{delimiter}One, two\n".encode()
    (row,) = read_bytes(raw, "a.tsv" if delimiter == "\t" else "a.csv", data)
    assert (row["content"], row["fields"]["url"]) == ("One, two", "https://x.example/1")


def test_columns_are_mapped_as_the_source_says(raw: Path) -> None:
    fields = {"text": "Body", "published_at": "Day"}
    data = b"Body,Day,text\nThe body,2026-01-02,not this\n"
    (row,) = read_bytes(raw, "a.csv", data, fields=fields)
    assert (row["content"], row["fields"]["published_at"]) == ("The body", "2026-01-02")


def test_a_csv_in_another_encoding_is_read_as_that(raw: Path) -> None:
    rows = "".join(f"{n},Größe und Maß der Brücke über die Elbe\n" for n in range(40))
    found = read_bytes(raw, "a.csv", ("id,text\n" + rows).encode("cp1252"))
    assert {row["content"] for row in found} == {"Größe und Maß der Brücke über die Elbe"}
    assert {row["detail"] for row in found} == {"read as windows-1252"}


@pytest.mark.parametrize(
    ("data", "rules"),
    [
        (b"id,text\n", ["empty_file"]),
        (b"year,rain\n1,2\n", ["no_text_field"]),
        (b'id,text\n1,a\n2,"b\n3,c\n', [None, "malformed_line"]),  # a quote that is never closed
        (b'id,text\n1,a\n2,5" pipe\n3,"b"', [None, None, None]),
        (b"id,text\r1,a\r", ["no_text_field"]),
        (b"id,text\n1\n2,b,c\n", ["empty_text", None]),
        (b"id,text\n1,\n", ["empty_text"]),
    ],
)
def test_a_faulty_row_or_table_has_a_fate(raw: Path, data: bytes, rules: list[str | None]) -> None:
    assert [rule(row) for row in read_bytes(raw, "a.csv", data)] == rules


def test_a_quote_that_is_never_closed_costs_the_rest_and_no_memory(raw: Path) -> None:
    data = b'id,text\n1,a\n2,"' + b"x\n" * 50_000
    rows = read_bytes(raw, "a.csv", data, Ingest(max_record_bytes=10_000))
    assert [rule(row) for row in rows] == [None, "oversized_record"]
    assert rows[1]["byte_end"] == len(data)
    assert rows[1]["sha256"] == hashlib.sha256(data[rows[1]["byte_start"] :]).hexdigest()


def test_a_row_of_parquet_is_a_record_without_bytes(raw: Path) -> None:
    when = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    data = parquet(
        {
            "id": [7, 8], "text": ["One", "Two"], "date": pa.array([when, None], pa.timestamp("ns", "UTC")),
            "authors": [["Ada", "Bob"], []], "unused": [b"\0", b"\1"],
        },
        row_group_size=1,
    )  # fmt: skip
    for name, held in (("a.parquet", data), ("b", data), ("c.gz", gzip.compress(data))):
        one, two = read_bytes(raw, name, held)
        assert (one["content"], one["own_id"], one["fields"]["authors"]) == ("One", "7", ["Ada", "Bob"])
        assert one["fields"]["published_at"] == "2026-01-02T03:04:05+00:00"
        assert one["byte_start"] is one["byte_end"] is None
        assert json.loads(two["payload"]) == {"authors": [], "date": None, "id": 8, "text": "Two"}
        assert two["payload"] == json.dumps(json.loads(two["payload"]), sort_keys=True, separators=(",", ":")).encode()
        for row in (one, two):
            assert payload_of(raw, row) == row["payload"]


def test_a_parquet_inside_a_zip_is_read(raw: Path) -> None:
    rows = rows_of(raw, "a.zip", zipped({"t.parquet": parquet({"text": ["One", "Two"]})}))
    assert [row["content"] for row in rows] == ["One", "Two"]
    assert [payload_of(raw, row) for row in rows] == [row["payload"] for row in rows]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"PAR1" + b"\0" * 100, "corrupt_table"),
        (parquet({"text": pa.array([], pa.string())}), "empty_file"),
        (parquet({"n": [1]}), "no_text_field"),
        (parquet({"text": ["a" * 30_000_000]}), "expansion_limit"),
    ],
)
def test_a_table_that_is_not_read_says_why(raw: Path, data: bytes, wanted: str) -> None:
    (row,) = read_bytes(raw, "a.parquet", data, Ingest(max_expansion=2) if wanted == "expansion_limit" else None)
    assert rule(row) == wanted
    assert row["sha256"] == hashlib.sha256(data).hexdigest()


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\n"), max_size=12)


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS.filter(str.strip)), min_size=1, max_size=6))
def test_every_row_of_a_csv_ends_as_exactly_one_record(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    quoted = [
        "".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' + end for cell, end in zip(row, ",\n", strict=True))
        for row in rows
    ]
    data = ("id,text\n" + "".join(quoted)).encode()
    found = read_bytes(tmp_path_factory.mktemp("raw"), "a.csv", data)
    assert [row["content"] for row in found] == [text for _, text in rows]
    ends = [len("id,text\n"), *(row["byte_end"] for row in found)]
    assert [row["byte_start"] for row in found] == ends[:-1]
    assert ends[-1] == len(data)
