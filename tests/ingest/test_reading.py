"""Each file meets its fate, with its rule, and none disappears."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.ingest import Found, Kind, read, walk
from corpus.sections import Ingest, Source
from corpus.working import READ
from tests.ingest.conftest import read_all, read_bytes, rule

TEXT = b"The bridge over the Aller was closed on Monday.\n\nIt will stay so for a year.\n"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(200)
SOURCE = Source(path="**", name="test")


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.txt", TEXT, "text/plain"),
        ("a", TEXT, "text/plain"),
        ("a.unknown", TEXT, "text/plain"),
        ("a.md", b"# Head\n\n" + TEXT, "text/markdown"),
        ("a.MARKDOWN", TEXT, "text/markdown"),
        ("a.html", b"<p>x</p>", "text/html"),
        ("a.htm", TEXT + b"<br>", "text/html"),
        ("a.html", TEXT, "text/plain"),
        ("a.txt", b"<!DOCTYPE html><html><body>x", "text/html"),
        ("a.txt", b"\xef\xbb\xbf \n<!-- saved from -->\n<!doctype HTML>x", "text/html"),
        ("a.xhtml", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "text/html"),
        ("a.txt", b'<div class="x">y</div>', "text/html"),
        ("a.md", b'<div align="center">y</div>\n\n# Head', "text/markdown"),
        ("a.md", b"<!doctype html><p>y", "text/html"),
        ("a.txt", b"<Laughter> he said.", "text/plain"),
        ("a.txt", b"OTTO von Bismarck was chancellor.", "text/plain"),
        ("a.txt", TEXT.decode().encode("utf-16"), "text/plain"),
        ("a.txt", TEXT.decode().encode("utf-16-be"), "text/plain"),
        ("a.txt", TEXT.decode().encode("utf-32"), "text/plain"),
        ("a.txt", "<html><p>Grüße</p></html>".encode("utf-16-le"), "text/html"),
        ("a.txt", TEXT + b"\x1b[0m\x0c" + "é".encode("latin-1"), "text/plain"),
        ("a.txt", TEXT * 3 + b"\0", "text/plain"),
    ],
)
def test_a_document_is_known_by_its_content_then_by_its_name(
    raw: Path, name: str, data: bytes, media_type: str
) -> None:
    (row,) = read_bytes(raw, name, data)
    assert (row["media_type"], row["fate"], row["payload"]) == (media_type, None, data)
    assert (row["byte_start"], row["byte_end"], row["entry"]) == (0, len(data), 0)
    assert row["sha256"] == hashlib.sha256(data).hexdigest()
    assert row["reasons"] == []
    assert row["content"] is row["structured"] is row["own_id"] is None
    assert set(row["fields"].values()) == {None}


@pytest.mark.parametrize(
    ("name", "data", "wanted", "value"),
    [
        ("a.txt", b"", "empty_file", "0 bytes"),
        (".gitkeep", b"", "empty_file", "0 bytes"),
        ("a.jsonl", b"", "empty_file", "0 bytes"),
        ("a.txt", PNG, "binary", "image/png"),
        ("a.png", PNG, "binary", "image/png"),
        ("a.docx", b"PK\x03\x04\x14\x00", "unsupported_format", None),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "binary", "application/x-7z-compressed"),
        ("a.txt", b"\x7fELF\x02\x01\x01\x00", "binary", "application/x-elf"),
        (".DS_Store", b"\x00\x00\x00\x01Bud1\x00\x00", "binary", "application/x-ds-store"),
        ("a.otf", b"OTTO\x00\x0b\x00\x80", "binary", "font/otf"),
        ("a.txt", bytes(range(256)) * 10, "binary", None),
        ("a.txt", b"\x01" * 5 + b"x" * 95, "binary", "0.0500 control characters"),
        ("a.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "unsupported_format", "application/pdf"),
        ("a.rtf", b"{\\rtf1 x}", "unsupported_format", "application/rtf"),
        ("a.csv", b"year,rain\n1,x\n", "no_text_field", "rain, year"),
        ("a.xml", b'<?xml version="1.0"?><urlset><url/></urlset>', "unsupported_format", "application/xml"),
        ("b.xml", b'<?xml version="1.0"?><body><title/></body>', "unsupported_format", "application/xml"),
        ("page_files/site.css", b"p { color: red }", "unsupported_format", "text/css"),
        ("a.json", b'{\n "a": 1\n}', "no_text_field", "a"),
        ("a.geojson", b"{}", "no_text_field", ""),
        ("a.gz", gzip.compress(gzip.compress(TEXT)), "binary", "application/gzip"),
    ],
)
def test_a_file_that_no_reader_takes_is_rejected_with_its_digest(
    raw: Path, name: str, data: bytes, wanted: str, value: str | None
) -> None:
    (row,) = read_bytes(raw, name, data)
    plain = gzip.decompress(data) if name.endswith("gz") else data
    assert (row["fate"], rule(row), row["payload"]) == ("rejected", wanted, None)
    assert row["reasons"][0]["value"] == value or value is None
    assert row["reasons"][0]["threshold"]
    assert (row["byte_start"], row["byte_end"]) == (0, len(plain))
    assert row["sha256"] == hashlib.sha256(plain).hexdigest()


def test_just_below_the_share_of_control_characters_a_file_is_text(raw: Path) -> None:
    (row,) = read_bytes(raw, "a.txt", b"\x01" * 4 + b"x" * 96)
    assert row["fate"] is None


def test_too_large_a_file_is_not_read_and_too_large_a_document_not_kept(raw: Path) -> None:
    (row,) = read_bytes(raw, "a.txt", TEXT, Ingest(max_file_bytes=10))
    assert (row["fate"], rule(row), row["sha256"], row["byte_end"]) == ("quarantined", "oversized_file", None, None)
    (row,) = read_bytes(raw, "a.txt", TEXT, Ingest(max_record_bytes=len(TEXT) - 1))
    assert (row["fate"], rule(row), row["payload"]) == ("quarantined", "oversized_record", None)
    assert (row["byte_end"], row["sha256"]) == (len(TEXT), hashlib.sha256(TEXT).hexdigest())
    (row,) = read_bytes(raw, "a.txt", TEXT, Ingest(max_record_bytes=len(TEXT)))
    assert row["payload"] == TEXT


def test_a_file_without_permission_is_unreadable(as_nobody: Callable[[], Path]) -> None:
    folder = as_nobody()
    os.seteuid(os.getuid())
    (folder / "a.txt").write_bytes(TEXT)
    (folder / "a.txt").chmod(0)
    as_nobody()
    (row,) = read_all(folder)
    assert row["fate"] == "quarantined"
    assert row["reasons"] == [{"rule": "unreadable", "value": "EACCES", "threshold": "readable"}]
    assert row["sha256"] is row["detail"] is None


def test_a_file_that_is_gone_since_the_walk_still_has_a_record(raw: Path) -> None:
    (raw / "a.txt").write_bytes(TEXT)
    (found,) = walk(raw)
    (raw / "a.txt").unlink()
    (batch,) = read(found, SOURCE, Ingest())
    assert batch.column("reasons").to_pylist() == [[{"rule": "unreadable", "value": "ENOENT", "threshold": "readable"}]]


@pytest.mark.parametrize(
    ("replace", "wanted"),
    [(os.mkfifo, "not_a_regular_file"), (lambda p: p.symlink_to("/etc/hostname"), "unreadable")],
)
def test_what_a_file_became_since_the_walk_is_neither_followed_nor_waited_for(
    raw: Path, replace: Callable, wanted: str
) -> None:
    path = raw / "a.txt"
    path.write_bytes(TEXT)
    (found,) = walk(raw)
    path.unlink()
    replace(path)
    (batch,) = read(found, SOURCE, Ingest())
    (row,) = batch.to_pylist()
    assert (row["fate"], rule(row), row["sha256"]) == ("quarantined", wanted, None)


def test_a_batch_is_bounded_by_bytes_whatever_the_fates(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.ingest.rows.BATCH_BYTES", 1000)
    (raw / "a.jsonl").write_bytes(b'{"title": "%s"}\n' % (b"x" * 400) * 9)
    (found,) = walk(raw)
    assert [batch.num_rows for batch in read(found, SOURCE, Ingest())] == [3, 3, 3]


def test_a_reader_that_finds_nothing_does_not_make_the_file_disappear(
    raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.ingest.document.DocumentReader.read", lambda *_: iter(()))
    (row,) = read_bytes(raw, "a.txt", TEXT)
    assert (row["fate"], rule(row)) == ("rejected", "empty_file")


def test_every_kind_of_place_that_the_walk_knows_has_a_fate_or_is_read() -> None:
    for kind in Kind:
        found = Found("x", Path("/nowhere"), kind, 0, 0, 0, 0)
        if kind not in (Kind.FILE, Kind.FOLDER_UNREADABLE):
            assert found.fault is not None
            assert found.fault.fate == "quarantined"


def test_batches_have_the_declared_schema(raw: Path) -> None:
    (raw / "a.txt").write_bytes(TEXT)
    os.mkfifo(raw / "pipe")
    for found in walk(raw):
        for batch in read(found, SOURCE, Ingest()):
            assert batch.schema.equals(READ)
            batch.validate(full=True)
            assert batch.column("source").to_pylist() == ["test"]
            assert batch.column("record_id").null_count == batch.num_rows
