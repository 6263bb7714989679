"""What tools write beside the standard, and files that say something wrong of themselves."""

from __future__ import annotations

import bz2
import io
import lzma
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.ingest.archives import PAGE, by_record, response, warc_record, zipped
from tests.ingest.conftest import read_bytes, rule
from tests.ingest.test_archives import rows_of

WORDS = "The council met on Monday."


def test_strings_of_parquet_that_are_not_said_to_be_strings_are_text(raw: Path) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": [WORDS.encode()], "title": [b"Roof"], "id": [b"\xff\xfe"]}), sink)
    (row,) = read_bytes(raw, "a.parquet", sink.getvalue())
    assert (row["content"], row["fields"]["title"], row["own_id"]) == (WORDS, "Roof", "//4=")


def test_a_file_with_one_nul_is_no_wide_text(raw: Path) -> None:
    one, two = read_bytes(raw, "a.csv", b"id,text\n1,a\0b\n2,fine words here\n")
    assert (one["content"], two["content"]) == ("a\0b", "fine words here")


@pytest.mark.parametrize("error", [50, -20])
def test_a_length_that_is_wrong_costs_its_record(raw: Path, error: int) -> None:
    body = response(PAGE)
    wrong = warc_record(body, 1, length=len(body) + error)
    rows = read_bytes(raw, "a.warc", wrong + warc_record(body, 2) + warc_record(body, 3))
    assert rule(rows[0]) == "malformed_warc" and rows[0]["payload"] is None
    assert rows[0]["reasons"][0]["value"] == f"Content-Length {len(body) + error}"
    assert (rows[-1]["payload"], rule(rows[-1])) == (PAGE, None)
    ends = [row["byte_end"] for row in rows]
    assert ends == sorted(ends)


@pytest.mark.parametrize("behind", [b"", b"\n\n", b"\r\n"])
def test_a_record_may_end_without_its_blank_line(raw: Path, behind: bytes) -> None:
    one = warc_record(response(PAGE), 1).removesuffix(b"\r\n\r\n")
    rows = read_bytes(raw, "a.warc", one + behind + warc_record(response(PAGE), 2).removesuffix(b"\r\n\r\n"))
    assert [rule(row) for row in rows] == [None, None]


def test_of_the_same_page_as_text_and_as_markup_the_markup_is_read(raw: Path) -> None:
    data = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=out\r\n\r\n--out\r\n"
        b"Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain\r\n\r\nBridge\r\n"
        b"--in\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE + b"\r\n--in--\r\n--out--\r\n"
    )
    (row,) = read_bytes(raw, "a.mhtml", data)
    assert (row["payload"], row["media_type"]) == (PAGE, "text/html")


def test_a_wacz_without_its_package_file_is_one_all_the_same(raw: Path) -> None:
    crawl = by_record([warc_record(response(PAGE), 1)])
    rows = rows_of(raw, "a.wacz", zipped({"archive/a.warc.gz": crawl, "indexes/index.cdx": b"com,example)/ 2026 {}"}))
    assert [rule(row) for row in rows] == [None, "archive_metadata"]
    rows = rows_of(raw, "b.zip", zipped({"archive/a.html": PAGE, "indexes/b.html": PAGE}))
    assert [rule(row) for row in rows] == [None, None]


def test_a_relative_link_of_a_feed_is_against_its_site(raw: Path) -> None:
    data = (
        b"<rss><channel><title>T</title><link>https://news.example/world/</link>"
        b"<item><link>/1.html</link><description>One.</description></item>"
        b"<item><guid>seven</guid><description>Two.</description></item></channel></rss>"
    )
    one, two = read_bytes(raw, "a.rss", data)
    assert one["fields"]["url"] == "https://news.example/1.html"
    assert two["fields"]["url"] == "seven"  # an id, which leads nowhere


@pytest.mark.parametrize("pack", [lzma.compress, bz2.compress])
def test_streams_behind_one_another_are_read_and_what_is_none_is_told(raw: Path, pack) -> None:
    packed = pack(WORDS.encode())
    (row,) = read_bytes(raw, "a", packed + packed)
    assert row["payload"] == WORDS.encode() * 2
    (row,) = read_bytes(raw, "b", packed + b"what is this")
    assert (rule(row), row["byte_end"]) == ("corrupt_compression", len(WORDS))
    (row,) = read_bytes(raw, "c", packed + packed[:-6])
    assert rule(row) == "truncated_compression"


def test_the_padding_of_xz_is_no_damage(raw: Path) -> None:
    packed = lzma.compress(WORDS.encode())
    for name, data in {"a": packed + bytes(8), "b": packed + bytes(4) + packed}.items():
        (row,) = read_bytes(raw, name, data)
        assert rule(row) is None, name
