"""MHTML: the saved page is the record, wherever its part stands and however it is encoded."""

from __future__ import annotations

import base64
import hashlib
import quopri
from pathlib import Path

import pytest

from corpus.ingest import payload_of
from tests.ingest.archives import PAGE
from tests.ingest.conftest import read_bytes, rule


def mhtml(body: bytes, coding: str, start: str = "", extra: str = "") -> bytes:
    encoded = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": bytes}[coding](body)
    encoded = encoded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://news.example/1\r\nSubject: Bridge\r\n"
        "Date: Wed, 4 Mar 2026 05:06:07 +0100\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related;\r\n\ttype="text/html";{start}\r\n\tboundary="b0"\r\n\r\n{extra}\r\n'
    )
    page = (
        "--b0\r\nContent-Type: text/html; charset=utf-8\r\nContent-ID: <page>\r\n"
        f"Content-Transfer-Encoding: {coding}\r\nContent-Location: https://news.example/1\r\n\r\n"
    )
    style = b"\r\n--b0\r\nContent-Type: text/css\r\n\r\np { color: red }\r\n--b0--\r\n"
    return head.encode() + page.encode() + encoded + style


@pytest.mark.parametrize("coding", ["base64", "quoted-printable", "8bit"])
def test_the_page_is_the_record(raw: Path, coding: str) -> None:
    data = mhtml(PAGE, coding)
    for name in ("a.mhtml", "b"):
        (row,) = read_bytes(raw, name, data)
        assert (row["payload"].strip(), row["media_type"], row["charset"]) == (PAGE, "text/html", "utf-8")
        assert row["fields"]["url"] == "https://news.example/1"
        assert row["fields"]["retrieved_at"] == "2026-03-04T05:06:07+01:00"
        assert 0 < row["byte_start"] < row["byte_end"] < len(data)
        assert row["sha256"] == hashlib.sha256(row["payload"]).hexdigest()
        assert payload_of(raw, row) == row["payload"]


def test_the_part_that_start_names_goes_before_the_first(raw: Path) -> None:
    frame = "--b0\r\nContent-Type: text/html\r\nContent-ID: <frame>\r\n\r\n<p>Frame</p>"
    (row,) = read_bytes(raw, "a.mhtml", mhtml(PAGE, "8bit", start='\r\n\tstart="<page>";', extra=frame))
    assert row["payload"].strip() == PAGE
    (row,) = read_bytes(raw, "a.mhtml", mhtml(PAGE, "8bit", extra=frame))
    assert b"Frame" in row["payload"]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x--\r\n", "malformed_mhtml"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;" + b';"' * 90_000, "header_limit"),
        (
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=0\r\n\r\n"
            + b"".join(b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n" % (n, n + 1) for n in range(3000)),
            "malformed_mhtml",
        ),
    ],
    ids=["no page", "endless header", "deep"],
)
def test_what_is_no_saved_page_is_quarantined(raw: Path, data: bytes, wanted: str) -> None:
    (row,) = read_bytes(raw, "a.mhtml", data)
    assert (row["fate"], rule(row)) == ("quarantined", wanted)
