"""MHTML: the saved page is the record, wherever its part stands and however it is encoded."""

from __future__ import annotations

import base64
import hashlib
import quopri
from pathlib import Path

import pytest

from corpus.ingest import payload_of
from tests.clean.making import documents
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


BLINK = """From: <Saved by Blink>
Snapshot-Content-Location: {snapshot}
Subject: =?utf-8?Q?Br=C3=BCcke=20gesperrt?=
Date: Wed, 4 Mar 2026 05:06:07 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----MultipartBoundary--x7----"


------MultipartBoundary--x7----
Content-Type: text/html
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: {location}

{body}
------MultipartBoundary--x7----
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://news.example/a.png

iVBORw0KGgo=
------MultipartBoundary--x7------
"""
"""As Chrome saves a page."""
EXPLORER = """From: "Saved by Windows Internet Explorer 8"
Subject: x
Date: Mon, 2 Mar 2009 10:11:12 +0300
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----=_NextPart_000_0000_01C99B1F.A"
X-MimeOLE: Produced By Microsoft MimeOLE V6.00.2900.5579

This is a multi-part message in MIME format.

------=_NextPart_000_0000_01C99B1F.A
Content-Type: text/html;
\tcharset="windows-1251"
Content-Transfer-Encoding: {coding}
Content-Location: {location}

{body}
------=_NextPart_000_0000_01C99B1F.A--
"""
"""As Internet Explorer saved one."""
RUSSIAN = "<html><head><title>Мост</title></head><body><p>Мост через реку закрыли в понедельник.</p></body></html>"


def in_lines(form: str, **parts: str) -> bytes:
    return form.format(**parts).replace("\n", "\r\n").encode("ascii")


@pytest.mark.parametrize(
    ("snapshot", "location", "url"),
    [
        ("https://news.example/1", "https://news.example/1", "https://news.example/1"),
        ("https://news.example/1", "cid:frame-1@mhtml.blink", "https://news.example/1"),
        ("https://news.example/a/1", "../b/2", "https://news.example/b/2"),
        ("https://news.example/" + "a" * 70 + "\n " + "b" * 70, "", "https://news.example/" + "a" * 70 + "b" * 70),
        ("=?utf-8?Q?https://news.example/1?=", "", "https://news.example/1"),
        ("file:///C:/Users/ada/saved.html", "file:///C:/Users/ada/saved.html", None),
    ],
)
def test_a_page_that_chrome_saved_says_where_it_was_and_when(
    raw: Path, snapshot: str, location: str, url: str | None
) -> None:
    body = quopri.encodestring(PAGE).decode().replace("closed", "clo=\nsed")
    (row,) = read_bytes(raw, "a", in_lines(BLINK, snapshot=snapshot, location=location, body=body))
    assert (row["payload"].strip(), row["fields"]["url"]) == (PAGE, url)
    assert (row["charset"], row["fields"]["retrieved_at"]) == (None, "2026-03-04T05:06:07")


@pytest.mark.parametrize("coding", ["base64", "quoted-printable"])
def test_a_page_that_explorer_saved_is_in_the_charset_of_its_part(raw: Path, coding: str) -> None:
    data = RUSSIAN.encode("cp1251")
    body = (base64.encodebytes(data) if coding == "base64" else quopri.encodestring(data)).decode()
    made = in_lines(EXPLORER, coding=coding, location="http://news.example/most", body=body)
    (row,) = read_bytes(raw, "a.mht", made)
    assert (row["charset"], row["fields"]["url"]) == ("windows-1251", "http://news.example/most")
    assert row["fields"]["retrieved_at"] == "2009-03-02T10:11:12+03:00"
    assert row["payload"].strip() == data
    (doc,) = documents({**row, "payload": row["payload"].replace(b"</p>", b" " + data[70:100] * 30 + b"</p>")})
    assert doc["title"] == "Мост"


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
