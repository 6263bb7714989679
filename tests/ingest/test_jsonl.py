"""JSON Lines: each line a record, each fault its fate, whatever the chunks."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from corpus.ingest import payload_of
from corpus.ingest.jsonl import lines_of
from corpus.ingest.origin import FileOrigin
from corpus.ingest.stream import Stream, descriptor_of, stream_of
from corpus.sections import Ingest
from tests.ingest.conftest import read_bytes, rule

ROW = {"id": "k1", "url": "https://x.example/a", "title": "A title", "text": "Some text."}


def lines(*rows: object) -> bytes:
    return "".join(
        (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows
    ).encode()


def one(raw: Path, row: object, **source: object) -> dict:
    (found,) = read_bytes(raw, "a.jsonl", lines(row), **source)
    return found


def test_a_row_is_mapped_by_the_usual_names(raw: Path) -> None:
    row = one(
        raw,
        ROW
        | {
            "author": "Ann Onym", "date": "2024-05-01", "site_name": "X", "language": "en", "section": "News",
            "modified_at": "2024-05-02", "retrieved_at": "2024-05-03", "description": "D", "keywords": "a, b;c",
        },
    )  # fmt: skip
    assert (row["own_id"], row["content"], row["content_type"]) == ("k1", "Some text.", "text/plain")
    assert (row["structured"], row["media_type"], row["fate"]) == ("mapped", "application/json", None)
    assert row["fields"] == {
        "url": "https://x.example/a", "title": "A title", "authors": ["Ann Onym"], "published_at": "2024-05-01",
        "modified_at": "2024-05-02", "retrieved_at": "2024-05-03", "site_name": "X", "language": "en",
        "section": "News", "description": "D", "keywords": ["a", "b", "c"], "headers": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"text": "one", "body": "two"}, "one"),
        ({"text": "", "body": "two"}, "two"),
        ({"text": None, "content": "three"}, "three"),
        ({"text": ["one", "two"]}, "one\n\ntwo"),
        ({"text": 5, "body": "two"}, "two"),
    ],
)
def test_the_first_text_that_holds_something_counts(raw: Path, row: dict, text: str) -> None:
    assert one(raw, row)["content"] == text


def test_a_source_says_which_field_is_what(raw: Path) -> None:
    fields = {"id": "meta.guid", "text": "data.body.html", "authors": "by", "published_at": "when", "url": "a.b"}
    row = one(
        raw,
        {
            "id": "not this", "text": "nor this", "meta": {"guid": 7}, "data": {"body": {"html": "<p>Hello</p>"}},
            "by": [{"name": "Ann"}, "Bob", {"x": 1}, None], "when": 1714521600, "a.b": "https://flat.example/",
            "a": {"b": "https://nested.example/"}, "title": "T",
        },
        fields=fields,
    )  # fmt: skip
    assert (row["own_id"], row["content"], row["content_type"]) == ("7", "<p>Hello</p>", "text/html")
    assert row["fields"]["authors"] == ["Ann", "Bob"]
    assert row["fields"]["published_at"] == "1714521600"
    assert row["fields"]["url"] == "https://flat.example/"
    assert row["fields"]["title"] == "T"  # what the map leaves open goes by the usual names
    assert rule(one(raw, {"text": "nor this"}, fields=fields)) == "no_text_field"


@pytest.mark.parametrize(
    ("value", "own_id"),
    [
        (7, "7"), (7.5, "7.5"), (True, None), (None, None), ("", None), (" ", None), ([1], None), ({"a": 1}, None),
        (12345678901234567890123, "12345678901234567890123"), (2**63, str(2**63)), (float("nan"), None),
        (-12345678901234567890123, "-12345678901234567890123"),
    ],
)  # fmt: skip
def test_an_id_is_a_string_or_a_number_to_the_last_digit(raw: Path, value: object, own_id: str | None) -> None:
    assert one(raw, ROW | {"id": value})["own_id"] == own_id


@pytest.mark.parametrize(
    ("line", "wanted", "value"),
    [
        ('{"text": "cut', "malformed_line", "Unterminated string starting at (character 9)"),
        ('{"text": "a"} x', "malformed_line", "Extra data (character 14)"),
        ('["text"]', "malformed_line", "array"),
        ('"text"', "malformed_line", "string"),
        ("5", "malformed_line", "number"),
        ("null", "malformed_line", "null"),
        ("true", "malformed_line", "boolean"),
        ("not json", "malformed_line", "Expecting value (character 0)"),
        ("[" * 100_000, "malformed_line", "more than 200 levels"),
        ('{"a":' * 1500 + "1" + "}" * 1500, "malformed_line", "more than 200 levels"),
        ('{"title": "x", "id": 1}', "no_text_field", "id, title"),
        ('{"text": 5}', "no_text_field", "text"),
        ('{"text": ""}', "empty_text", "0 characters"),
        ('{"text": " \\n\\t"}', "empty_text", "0 characters"),
        ('{"text": null}', "empty_text", "0 characters"),
        ('{"text": NaN}', "empty_text", "0 characters"),
    ],
)
def test_a_line_without_an_article_is_rejected_and_its_neighbours_are_not(
    raw: Path, line: str, wanted: str, value: str
) -> None:
    before, row, after = read_bytes(raw, "a.jsonl", lines(ROW, line, ROW))
    assert (row["fate"], rule(row), row["reasons"][0]["value"]) == ("rejected", wanted, value)
    assert row["payload"] is row["content"] is None
    assert row["sha256"] == hashlib.sha256(line.encode()).hexdigest()
    assert before["fate"] is after["fate"] is None


@pytest.mark.parametrize(
    ("line", "text", "detail"),
    [
        (b'{"text": "a\\ud800b \\udc00"}', "a\ufffdb \ufffd", "2 unpaired surrogates replaced by U+FFFD"),
        (b'{"text": "\\ud83d\\ude00"}', "\U0001f600", None),
        (b'{"text": "a", "x": NaN, "y": -Infinity, "z": 1e999}', "a", None),
        (b'{"text": "a", "text": "b"}', "b", None),
        (b'{"text": "tab\there"}', "tab\there", None),
        (b'{"text": "a", "n": ' + b"9" * 5000 + b"}", "a", None),
        ('{"text": "Grüße aus Köln"}'.encode("cp1252"), "Grüße aus Köln", "read as windows-1252"),
        ('{"text": "Grüße aus Köln"}'.encode(), "Grüße aus Köln", None),
        ('{"text": "Grüße aus Köln, ä'.encode() + b'\xc3"}', "Grüße aus Köln, ä\ufffd",
         "1 invalid bytes replaced by U+FFFD"),
        ('{"text": "Привет, мир. Это статья о мосте."}'.encode("cp1251"), "Привет, мир. Это статья о мосте.",
         "read as windows-1251"),
    ],
)  # fmt: skip
def test_a_damaged_line_is_read_as_far_as_it_can_be(raw: Path, line: bytes, text: str, detail: str | None) -> None:
    (row,) = read_bytes(raw, "a.jsonl", line + b"\n")
    assert (row["fate"], row["content"], row["detail"], row["payload"]) == (None, text, detail, line)


def test_unpaired_surrogates_reach_no_column(raw: Path) -> None:
    bad = '"\\udfff"'
    row = one(raw, f'{{"text": "t", "id": {bad}, "title": {bad}, "authors": [{bad}], "keywords": {bad}, {bad}: 1}}')
    assert (row["own_id"], row["fields"]["title"], row["fields"]["authors"]) == ("\ufffd", "\ufffd", ["\ufffd"])
    assert rule(one(raw, f"{{{bad}: 1}}")) == "no_text_field"


def test_mark_blank_lines_and_line_ends_are_no_part_of_a_payload(raw: Path) -> None:
    data = b'\xef\xbb\xbf\r\n{"text": "a"}\r\n\n   \n{"text": "b"}\n{"text": "c"}'
    rows = read_bytes(raw, "a.jsonl", data)
    assert [row["payload"] for row in rows] == [b'{"text": "a"}', b'{"text": "b"}', b'{"text": "c"}']
    for row in rows:
        assert data[row["byte_start"] : row["byte_end"]] == row["payload"]


@pytest.mark.parametrize("data", [b"\n", b"  \r\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"\n" * 200_000])
def test_lines_that_are_all_blank_still_make_a_record(raw: Path, data: bytes) -> None:
    (row,) = read_bytes(raw, "a.jsonl", data)
    assert (row["fate"], rule(row)) == ("rejected", "empty_file")
    assert (row["byte_start"], row["byte_end"]) == (0, len(data))
    assert row["sha256"] == hashlib.sha256(data).hexdigest()


def test_a_file_is_known_by_its_first_lines_whatever_its_name(raw: Path) -> None:
    assert len(read_bytes(raw, "a.txt", lines(ROW, ROW))) == 2
    assert read_bytes(raw, "export.json", lines(ROW))[0]["structured"] == "mapped"
    assert read_bytes(raw, "a.txt", b"{ is a brace.\n{ too\n")[0]["structured"] is None
    assert read_bytes(raw, "a.jsonl", b"<!doctype html><p>x")[0]["media_type"] == "text/html"
    assert rule(read_bytes(raw, "b.jsonl", b"Only prose.\n")[0]) == "malformed_line"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
@pytest.mark.parametrize("length", [99, 100, 101, 3_000_000])
def test_a_line_over_the_limit_is_passed_over_and_the_next_is_read(raw: Path, end: bytes, length: int) -> None:
    long = b'{"text": "' + b"x" * (length - 12) + b'"}'
    rows = read_bytes(raw, "a.jsonl", lines({"text": "a"}) + long + end, Ingest(max_record_bytes=100))
    if end:
        rows = read_bytes(
            raw, "a.jsonl", lines({"text": "a"}) + long + end + lines({"text": "b"}), Ingest(max_record_bytes=100)
        )
        assert rows[2]["content"] == "b"
    row = rows[1]
    assert (row["byte_start"], row["byte_end"]) == (14, 14 + length)
    assert row["sha256"] == hashlib.sha256(long).hexdigest()
    assert rule(row) == ("oversized_record" if length > 100 else None)
    assert row["fate"] == ("quarantined" if length > 100 else None)


def test_a_truncated_file_keeps_its_whole_lines_and_tells_of_the_rest(raw: Path) -> None:
    data = b"".join(lines({"text": os.urandom(50).hex()}) for _ in range(2000))
    packed = gzip.compress(data)
    rows = read_bytes(raw, "a.jsonl.gz", packed[: len(packed) // 2])
    *whole, last = rows
    assert len(whole) > 100
    assert all(row["fate"] is None and data[row["byte_start"] : row["byte_end"]] == row["payload"] for row in whole)
    assert (last["fate"], rule(last), last["byte_start"]) == (
        "quarantined", "truncated_compression", whole[-1]["byte_end"] + 1,
    )  # fmt: skip
    assert last["sha256"] == hashlib.sha256(data[last["byte_start"] : last["byte_end"]]).hexdigest()


def test_a_file_that_breaks_off_between_two_lines_is_told_of_too(raw: Path) -> None:
    packed = gzip.compress(lines(ROW))[:-8]  # all bytes are there, the checksum is not
    first, last = read_bytes(raw, "a.jsonl.gz", packed)
    assert first["fate"] is None
    assert (rule(last), last["byte_start"], last["sha256"]) == ("truncated_compression", None, None)


class Drops(Stream):
    """A stream that gives few bytes at a time."""

    size = 3

    def read(self, size: int = 0) -> bytes:
        return super().read(self.size)


PIECES = st.sampled_from([b"\n", b"\r", b"\r\n", b" ", b"a", b"bb", b"\xef\xbb\xbf", b"c" * 9, b"\xff"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.lists(PIECES, max_size=25).map(b"".join), size=st.integers(1, 9), limit=st.integers(1, 12))
@example(data=b"a\r\n", size=2, limit=1)
@example(data=b"\r\r\r\n", size=1, limit=1)
def test_lines_are_the_same_in_whatever_pieces_a_file_comes(raw: Path, data: bytes, size: int, limit: int) -> None:
    path = raw / "x"
    path.write_bytes(data)
    with descriptor_of(path) as descriptor:
        whole = [line._replace(data=None) for line in lines_of(stream_of(descriptor, Ingest()), limit)]
    with descriptor_of(path) as descriptor:
        drops = Drops(FileOrigin(descriptor), Ingest())
        drops.size = size
        found = list(lines_of(drops, limit))
    assert [line._replace(data=None) for line in found] == whole
    expected = [line[:-1] if line.endswith(b"\r") else line for line in data.split(b"\n")]
    assert [data[line.start : line.end] for line in whole] == [line for line in expected if line.strip()]
    for line in found:
        assert line.sha256 == hashlib.sha256(data[line.start : line.end]).hexdigest()
        assert (line.fault is not None) == (line.end - line.start > limit) == (line.data is None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["id", "url", "title", "text", "body", "author", "authors", "date", "keywords", "language"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.dictionaries(NAMES, JSON, max_size=6) | st.binary(max_size=30), min_size=1, max_size=5))
@pytest.mark.parametrize("compressed", [False, True])
def test_any_rows_are_read_and_their_bytes_found_again(raw: Path, rows: list, compressed: bool) -> None:
    data = b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
    name = "a.jsonl.gz" if compressed else "a.jsonl"
    found = read_bytes(raw, name, gzip.compress(data) if compressed else data)
    assert found
    for row in found:
        if row["byte_end"] is None:
            continue
        payload = data[row["byte_start"] : row["byte_end"]]
        assert row["sha256"] == hashlib.sha256(payload).hexdigest()
        assert row["payload"] == (None if row["fate"] else payload)
        assert payload_of(raw, row) == payload
