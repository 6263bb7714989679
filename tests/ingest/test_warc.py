"""WARC: one record a response, whatever else the file holds and wherever it breaks off."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.ingest import payload_of
from corpus.sections import Ingest
from tests.ingest.archives import PAGE, by_record, response, warc_record, zipped
from tests.ingest.conftest import read_bytes, rule
from tests.ingest.test_archives import rows_of
from tests.ingest.test_stream import zstd

INFO = warc_record(b"software: x\r\n", 0, "warcinfo", WARC_Target_URI="")


def test_a_response_says_where_and_when_it_came_from(raw: Path) -> None:
    data = INFO + warc_record(response(PAGE, {"Content-Type": "text/html; charset=ISO-8859-2"}), 7)
    for name, held in (("a.warc", data), ("b", data), ("c.warc.gz", gzip.compress(data))):
        (row,) = read_bytes(raw, name, held)
        assert (row["payload"], row["media_type"], row["charset"]) == (PAGE, "text/html", "iso-8859-2")
        assert (row["own_id"], row["structured"]) == ("<urn:uuid:00000007>", "http")
        assert row["fields"]["url"] == "https://news.example/7"
        assert row["fields"]["retrieved_at"] == "2026-03-04T05:06:07Z"
        assert data[row["byte_start"] : row["byte_end"]] == PAGE
        assert row["sha256"] == hashlib.sha256(PAGE).hexdigest()
        assert row["content"] is None
        assert payload_of(raw, row) == PAGE


def test_a_response_keeps_the_headers_that_speak_of_rights_and_of_its_last_change(raw: Path) -> None:
    said = {"X-Robots-Tag": "noai", "TDM-Reservation": "1", "Last-Modified": "x" * 5000, "Server": "selwick"}
    (row,) = read_bytes(raw, "a.warc", warc_record(response(PAGE, said)))
    assert row["fields"]["headers"] == ["x-robots-tag: noai", "tdm-reservation: 1", "last-modified: " + "x" * 2000]
    many = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + b"Link: <https://a.example/>\r\n" * 100 + b"\r\n" + PAGE
    (row,) = read_bytes(raw, "b.warc", warc_record(many))
    assert len(row["fields"]["headers"]) == 20
    (row,) = read_bytes(
        raw, "c.warc", warc_record(PAGE, kind="resource", X_Robots_Tag="noai", Content_Type="text/html")
    )
    assert not row["fields"]["headers"]


def test_what_holds_no_content_of_its_own_is_no_record(raw: Path) -> None:
    records = [
        INFO,
        warc_record(b"GET / HTTP/1.1\r\n\r\n", 1, "request"),
        warc_record(response(PAGE), 2),
        warc_record(b"x: y", 3, "metadata"),
        warc_record(PAGE, 4, "resource", Content_Type="text/html"),
        warc_record(b"A plain text of a page.", 5, "conversion"),
    ]
    rows = read_bytes(raw, "a.warc.gz", by_record(records))
    assert [row["own_id"][-2:-1] for row in rows] == ["2", "4", "5"]
    assert [row["media_type"] for row in rows] == ["text/html", "text/html", "text/plain"]


def coded(body: bytes, coding: str) -> bytes:
    bare = zlib.compressobj(wbits=-15)
    return {
        "gzip": lambda: gzip.compress(body), "x-gzip": lambda: gzip.compress(body), "br": lambda: brotli.compress(body),
        "deflate": lambda: zlib.compress(body), "bare": lambda: bare.compress(body) + bare.flush(),
        "zstd": lambda: zstd(body), "identity": lambda: body, "gzip, br": lambda: brotli.compress(gzip.compress(body)),
    }[coding]()  # fmt: skip


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "br", "deflate", "bare", "zstd", "identity", "gzip, br"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_is_taken_out_of_its_codings(raw: Path, coding: str, chunked: bool) -> None:
    body = coded(PAGE * 20, coding)
    headers = {"Content-Encoding": "deflate" if coding == "bare" else coding}
    if chunked:
        headers["Transfer-Encoding"] = "chunked"
        pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    data = warc_record(response(body, headers))
    (row,) = read_bytes(raw, "a.warc", data)
    assert row["payload"] == PAGE * 20
    assert data[row["byte_start"] : row["byte_end"]] == body
    assert payload_of(raw, row) == PAGE * 20


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd"])
def test_a_body_that_was_stored_decoded_is_taken_as_it_is(raw: Path, coding: str) -> None:
    headers = {"Content-Encoding": coding, "Transfer-Encoding": "chunked"}
    (row,) = read_bytes(raw, "a.warc", warc_record(response(PAGE, headers)))
    assert row["payload"] == PAGE


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd"])
def test_a_body_that_expands_without_measure_is_quarantined(raw: Path, coding: str) -> None:
    bomb = response(coded(b"<p>" + b"a" * 30_000_000, coding), {"Content-Encoding": coding})
    limits = Ingest(max_expansion=2)
    evil, good = read_bytes(raw, "a.warc", warc_record(bomb) + warc_record(response(PAGE), 2), limits)
    assert (evil["fate"], rule(evil), evil["payload"]) == ("quarantined", "expansion_limit", None)
    assert good["payload"] == PAGE


@pytest.mark.parametrize(
    ("block", "headers", "wanted", "value"),
    [
        (response(PAGE, status="404 Not Found"), {}, "http_status", "404"),
        (response(PAGE, status="301 Moved"), {}, "http_status", "301"),
        (response(PAGE, status="206 Partial"), {}, "http_status", "206"),
        (response(b""), {}, "empty_file", "0 bytes"),
        (response(b"\x89PNG\r\n\x1a\n", {"Content-Type": "image/png"}), {}, "binary", "image/png"),
        (response(b"p { x: y }", {"Content-Type": "text/css"}), {}, "unsupported_format", "text/css"),
        (response(b'{"a": 1}', {"Content-Type": "application/json"}), {}, "unsupported_format", "application/json"),
        (response(b"<rss/>", {"Content-Type": "text/html"}), {}, None, None),
        (response(PAGE, {"Content-Type": "image/jpeg"}), {}, None, None),
        (PAGE, {"kind": "resource", "WARC_Target_URI": "urn:text:x"}, "archive_metadata", "urn"),
        (response(b""), {"kind": "revisit"}, "revisit", "https://news.example/1"),
        (b"part", {"kind": "continuation", "WARC_Segment_Number": "2"}, "segmented_record", "2"),
    ],
)
def test_what_is_no_page_has_a_reason(raw: Path, block: bytes, headers: dict, wanted: str | None, value: str) -> None:
    (row,) = read_bytes(raw, "a.warc", warc_record(block, **headers))
    assert rule(row) == wanted
    if wanted:
        assert row["reasons"][0]["value"] == value
        assert row["own_id"] == "<urn:uuid:00000001>"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("cut", [30, 300, 420, 500])
def test_of_a_torn_file_the_whole_records_are_read_and_the_tail_is_quarantined(
    raw: Path, packed: bool, cut: int
) -> None:
    whole, last = warc_record(response(PAGE), 1), warc_record(response(PAGE * 9), 2)
    if packed:
        whole, last = gzip.compress(whole, mtime=0), gzip.compress(last, mtime=0)
        cut = min(cut, len(last) - 9)
    first, *_, torn = read_bytes(raw, "a.warc" + ".gz" * packed, whole + last[:cut])
    assert first["payload"] == PAGE
    assert torn["fate"] == "quarantined"
    assert rule(torn) in ("truncated_compression", "truncated_record", "malformed_warc")


def test_bytes_between_records_are_a_record_of_their_own_and_reading_goes_on(raw: Path) -> None:
    lying = warc_record(response(PAGE), 2, length=len(response(PAGE)) - 20)
    data = warc_record(response(PAGE), 1) + b"junk\njunk\n" + warc_record(response(PAGE), 3) + lying
    data += warc_record(response(PAGE), 4)
    rows = read_bytes(raw, "a.warc", data)
    torn = ["malformed_warc"] * 2  # the one that ends too early, and what it left
    assert [rule(row) for row in rows] == [None, "malformed_warc", None, *torn, None]
    junk = rows[1]
    assert data[junk["byte_start"] : junk["byte_end"]] == b"junk\njunk\n"
    assert junk["sha256"] == hashlib.sha256(b"junk\njunk\n").hexdigest()


def test_a_record_or_header_over_its_limit_costs_itself_alone(raw: Path) -> None:
    big = warc_record(response(b"x" * 5000), 1)
    endless = b"WARC/1.0\r\nX: " + b"y" * 5000 + b"\r\n\r\n"
    limits = Ingest(max_record_bytes=2000, max_header_bytes=1024)
    rows = read_bytes(raw, "a.warc", big + endless + warc_record(response(PAGE), 3), limits)
    assert [rule(row) for row in rows] == ["oversized_record", "malformed_warc", None]


def test_a_waczs_pages_are_those_of_its_warcs(raw: Path) -> None:
    members = {
        "datapackage.json": b"{}",
        "archive/data.warc.gz": by_record([INFO, warc_record(response(PAGE), 1), warc_record(response(PAGE), 2)]),
        "pages/pages.jsonl": b'{"url": "https://news.example/1", "text": "The bridge was closed."}\n',
        "indexes/index.cdx": b"x",
    }
    rows = rows_of(raw, "a.wacz", zipped(members))
    assert [row["raw_path"] for row in rows if row["fate"] is None] == ["a.wacz!/archive/data.warc.gz"] * 2
    assert [rule(row) for row in rows if row["fate"]] == ["archive_metadata"] * 3
    for row in rows:
        if row["fate"] is None:
            assert payload_of(raw, row) == PAGE


def test_ids_of_records_do_not_depend_on_where_they_stand(raw: Path) -> None:
    one, two = warc_record(response(PAGE), 1), warc_record(response(PAGE + b"2"), 2)
    before = {row["own_id"]: row["record_id"] for row in read_bytes(raw, "a.warc", one + two)}
    after = {row["own_id"]: row["record_id"] for row in read_bytes(raw, "a.warc", INFO + two + one)}
    assert before == after
    again = read_bytes(raw, "a.warc", one + one)
    assert len({row["record_id"] for row in again}) == 2


@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.builds(
                warc_record,
                st.binary(max_size=200).map(response) | st.binary(max_size=200),
                st.integers(0, 99),
                st.sampled_from(["response", "request", "revisit", "resource", "x"]),
                st.none() | st.integers(0, 400),
            ),
        ),
        max_size=6,
    )
)
def test_no_byte_of_a_file_is_in_two_records_and_all_lie_inside(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    data = INFO + b"".join(pieces)
    rows = read_bytes(tmp_path_factory.mktemp("raw"), "a.warc", data)
    assert rows
    last = 0
    for row in rows:
        if row["byte_start"] is not None:
            assert last <= row["byte_start"] <= row["byte_end"] <= len(data)
            last = row["byte_end"]
