"""JSON documents: their rows are found wherever they lie, and a feed in JSON is a feed."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.ingest import payload_of
from corpus.ingest.json_scan import RowScanner
from corpus.sections import Ingest
from tests.ingest.conftest import read_bytes, rule

ROWS = [{"id": str(n), "text": f'Text {n} \\ "quoted" [x] {{y}}, é', "deep": {"a": [1, {"b": ","}]}} for n in range(3)]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    ("wrap", "records"),
    [
        (lambda rows: rows, None),
        (lambda rows: {"articles": rows}, None),
        (lambda rows: {"Courier": rows[:1], "Herald": rows[1:]}, None),
        (lambda rows: {"meta": {"n": 3}, "data": {"articles": rows, "next": None}}, "data.articles"),
        (lambda rows: {"meta": {"articles": [1]}, "x": {"articles": rows}}, "x.articles"),
    ],
)
def test_rows_are_found_wherever_they_lie(raw: Path, wrap, records: str | None, indent: int | None) -> None:
    data = json.dumps(wrap(ROWS), indent=indent, ensure_ascii=False).encode()
    more = {"records": records} if records else {}
    for name, held in (("a.json", data), ("b.json.gz", gzip.compress(data))):
        rows = read_bytes(raw, name, held, **more)
        assert [row["content"] for row in rows] == [row["text"] for row in ROWS]
        assert [row["own_id"] for row in rows] == ["0", "1", "2"]
        for row in rows:
            payload = data[row["byte_start"] : row["byte_end"]]
            assert row["payload"] == payload == payload.strip()
            assert row["sha256"] == hashlib.sha256(payload).hexdigest()
            assert payload_of(raw, row) == payload


def test_a_single_object_is_one_record(raw: Path) -> None:
    for data in (json.dumps(ROWS[0]).encode(), json.dumps(ROWS[0], indent=1).encode()):
        for name in ("a.json", "b"):
            (row,) = read_bytes(raw, name, data)
            assert (row["content"], row["own_id"]) == (ROWS[0]["text"], "0")


def test_objects_one_behind_the_other_are_a_record_each(raw: Path) -> None:
    data = "\n".join(json.dumps(row, indent=1) for row in ROWS).encode()
    assert [row["own_id"] for row in read_bytes(raw, "a.json", data)] == ["0", "1", "2"]


def test_a_json_feed_is_a_feed(raw: Path) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "The Courier", "language": "en",
        "items": [
            {"id": "u1", "url": "https://x.example/1", "content_html": "<p>Body</p>", "title": "One",
             "date_published": "2026-02-03T04:05:06Z", "authors": [{"name": "Ada"}], "tags": ["a"]},
            {"id": "u2", "external_url": "https://y.example/2", "content_text": "Plain.", "summary": "Short"},
            {"id": "u3", "url": "https://x.example/3"},
        ],
    }  # fmt: skip
    one, two, three = read_bytes(raw, "feed.json", json.dumps(feed).encode())
    assert {row["structured"] for row in (one, two)} == {"feed"}
    assert (one["own_id"], one["content"], one["content_type"]) == ("u1", "<p>Body</p>", "text/html")
    assert (one["fields"]["site_name"], one["fields"]["language"]) == ("The Courier", "en")
    assert (one["fields"]["published_at"], one["fields"]["authors"]) == ("2026-02-03T04:05:06Z", ["Ada"])
    assert (two["fields"]["url"], two["fields"]["description"]) == ("https://y.example/2", "Short")
    assert rule(three) == "no_text_field"


@pytest.mark.parametrize(
    ("data", "rules"),
    [
        (b"[]", ["empty_file"]),
        (b"[1, \"x\", null, {\"text\": \"a\"}, [2]]", ["malformed_line"] * 3 + [None, "malformed_line"]),
        (b'[{"text": "a"}, {"text": "b"', [None, "malformed_line"]),
        (b'[{"text": "a"}, {"text": "b}]', [None, "malformed_line"]),
        (b'[{"text": "a"}, {"text" "b"}]', [None, "malformed_line"]),
        (b'{"text": "a"', ["malformed_line"]),
        (b"[" * 100_000 + b"]" * 100_000, ["malformed_line"]),
        (b'[{"text": "a"},' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"]", [None, "malformed_line"]),
    ],
)  # fmt: skip
def test_what_is_no_row_costs_itself_alone(raw: Path, data: bytes, rules: list[str | None]) -> None:
    rows = read_bytes(raw, "a.json", data)
    assert [rule(row) for row in rows] == rules
    assert all(0 <= row["byte_start"] <= row["byte_end"] <= len(data) for row in rows)


def test_a_row_over_the_limit_is_passed_over_with_its_digest(raw: Path) -> None:
    big = b'{"text": "' + b"x" * 5_000_000 + b'"}'
    rows = read_bytes(raw, "a.json", b'[{"text": "a"},' + big + b',{"text": "b"}]', Ingest(max_record_bytes=1000))
    assert [rule(row) for row in rows] == [None, "oversized_record", None]
    assert rows[1]["sha256"] == hashlib.sha256(big).hexdigest()


def test_text_that_begins_with_a_bracket_is_text(raw: Path) -> None:
    for data in (b"[Reuters] The bridge was closed.", b"{sic} he said", b"[[wiki]] link"):
        (row,) = read_bytes(raw, "a.txt", data)
        assert row["media_type"] == "text/plain"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('ab"\\{}[],: \né'), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(JSON, max_size=5), size=st.integers(1, 40), indent=st.sampled_from([None, 1]))
def test_each_element_is_cut_out_exactly_in_whatever_pieces_it_comes(rows: list, size: int, indent: int | None) -> None:
    for path, document in (((), rows), (("k", "*"), {"j": [0], "k": {"x": rows, "y": 1}, "z": {"x": [0]}})):
        data = json.dumps(document, indent=indent, ensure_ascii=False).encode()
        scanner = RowScanner(path, 0)
        spans = [span for at in range(0, len(data), size) for span in scanner.feed(data[at : at + size])]
        assert [json.loads(data[span.start : span.end]) for span in spans] == rows
        assert scanner.end() is None


@pytest.mark.parametrize(
    "row",
    [
        {"authors": [], "text": "One text."},
        {"authors": [{"name": "A B"}], "title": "T", "text": "One text."},
        {"tags": [], "deep": {"text": 3, "a": ["{", "\\", '"text":"']}, "body": "One text."},
    ],
)
def test_an_object_with_a_text_of_its_own_is_a_row_though_it_begins_with_a_list(raw: Path, row: dict) -> None:
    for indent in (None, 4):
        (found,) = read_bytes(raw, "a.json", json.dumps(row, indent=indent).encode())
        assert (found["content"], found["reasons"]) == ("One text.", [])


def test_lists_of_rows_stay_lists_though_their_rows_have_texts(raw: Path) -> None:
    rows = read_bytes(raw, "a.json", json.dumps({"items": [{"text": "One."}, {"text": "Two."}], "n": 2}).encode())
    assert [row["content"] for row in rows] == ["One.", "Two."]
