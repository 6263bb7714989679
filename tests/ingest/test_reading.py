"""Each file meets its fate, with its rule, and none disappears."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from corpus.ingest import Found, Kind, TransientReadError, read, reading, stream, walk
from corpus.settings import Ingest, Source
from corpus.working import READ
from tests.ingest.conftest import read_all, read_bytes, rule

TEXT = b"The bridge over the Aller was closed on Monday.\n\nIt will stay so for a year.\n"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(200)
SOURCE = Source(path="**", name="test")


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(data)
    return sink.getvalue().to_pybytes()


COMPRESS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstd}


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
        ("a.zip", b"PK\x03\x04\x14\x00", "binary", "application/zip"),
        ("a.txt", b"\x7fELF\x02\x01\x01\x00", "binary", "application/x-elf"),
        (".DS_Store", b"\x00\x00\x00\x01Bud1\x00\x00", "binary", "application/x-ds-store"),
        ("a.otf", b"OTTO\x00\x0b\x00\x80", "binary", "font/otf"),
        ("a.txt", bytes(range(256)) * 10, "binary", None),
        ("a.txt", b"\x01" * 5 + b"x" * 95, "binary", "0.0500 control characters"),
        ("a.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "unsupported_format", "application/pdf"),
        ("a.rtf", b"{\\rtf1 x}", "unsupported_format", "application/rtf"),
        ("a.csv", b"id,text\n1,x\n", "unsupported_format", "text/csv"),
        ("a.warc.gz", gzip.compress(b"WARC/1.0\r\n"), "unsupported_format", "application/warc"),
        ("a.xml", b'<?xml version="1.0"?><urlset><url/></urlset>', "unsupported_format", "application/xml"),
        ("page_files/site.css", b"p { color: red }", "unsupported_format", "text/css"),
        ("a.json", b'{\n "a": 1\n}', "unsupported_format", "application/json"),
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


@pytest.mark.parametrize("suffix", COMPRESS)
def test_a_compressed_document_is_its_decompressed_bytes(raw: Path, suffix: str) -> None:
    data = TEXT * 5000
    (row,) = read_bytes(raw, "a.md" + suffix, COMPRESS[suffix](data))
    assert (row["payload"], row["media_type"], row["byte_end"]) == (data, "text/markdown", len(data))
    (row,) = read_bytes(raw, "no-suffix", COMPRESS[suffix](data))
    assert (row["payload"], row["media_type"]) == (data, "text/plain")


@pytest.mark.parametrize("suffix", COMPRESS)
def test_streams_one_behind_the_other_are_one_file(raw: Path, suffix: str) -> None:
    (row,) = read_bytes(raw, "a.txt" + suffix, COMPRESS[suffix](TEXT) + COMPRESS[suffix](b"More.\n"))
    assert row["payload"] == TEXT + b"More.\n"


@pytest.mark.parametrize("suffix", COMPRESS)
def test_a_document_whose_compression_breaks_off_is_quarantined_with_what_could_be_read(raw: Path, suffix: str) -> None:
    data = os.urandom(1 << 18).hex().encode()
    packed = COMPRESS[suffix](data)
    (row,) = read_bytes(raw, "a.txt" + suffix, packed[: len(packed) // 2])
    assert (row["fate"], rule(row), row["payload"]) == ("quarantined", "truncated_compression", None)
    read_bytes_of_it = data[: row["byte_end"] or 0]
    if suffix == ".bz2":  # its blocks are 900 kB: none is whole
        assert row["byte_end"] is row["sha256"] is None
    else:
        assert 0 < row["byte_end"] < len(data)
        assert row["sha256"] == hashlib.sha256(read_bytes_of_it).hexdigest()


@pytest.mark.parametrize("suffix", COMPRESS)
def test_compression_that_is_broken_in_the_middle_is_quarantined(raw: Path, suffix: str) -> None:
    packed = bytearray(COMPRESS[suffix](os.urandom(1 << 16)))
    for place in range(len(packed) // 2, len(packed) // 2 + 64):
        packed[place] ^= 0xFF
    (row,) = read_bytes(raw, "a.txt" + suffix, bytes(packed))
    assert (row["fate"], rule(row)) in {("quarantined", "corrupt_compression"), ("rejected", "binary")}


def test_a_header_alone_is_quarantined_without_bytes(raw: Path) -> None:
    (row,) = read_bytes(raw, "a.txt.gz", gzip.compress(TEXT)[:6])
    assert (rule(row), row["byte_start"], row["byte_end"], row["sha256"]) == ("truncated_compression", None, None, None)


@pytest.mark.parametrize("suffix", COMPRESS)
def test_expansion_is_limited(raw: Path, suffix: str) -> None:
    bomb = COMPRESS[suffix](b"a" * 3_000_000)
    settings = Ingest(max_expansion=2, expansion_floor_bytes=1_000_000)
    (row,) = read_bytes(raw, "a.txt" + suffix, bomb, settings)
    assert (row["fate"], rule(row)) == ("quarantined", "expansion_limit")
    assert (row["byte_start"], row["byte_end"]) == (0, 1_000_000)
    assert row["reasons"][0]["threshold"] == "1000000 bytes"


def test_little_data_may_expand_as_it_likes(raw: Path) -> None:
    (row,) = read_bytes(raw, "a.txt.gz", gzip.compress(b"a" * 900_000), Ingest(max_expansion=2))
    assert row["fate"] is None


def test_expansion_never_passes_the_limit_of_a_file(raw: Path) -> None:
    (row,) = read_bytes(raw, "a.txt.gz", gzip.compress(os.urandom(600).hex().encode()), Ingest(max_file_bytes=1000))
    assert (rule(row), row["byte_end"]) == ("expansion_limit", 1000)


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


@pytest.mark.parametrize("replace", [os.mkfifo, lambda p: p.symlink_to("/etc/hostname")])
def test_what_a_file_became_since_the_walk_is_neither_followed_nor_waited_for(raw: Path, replace: Callable) -> None:
    path = raw / "a.txt"
    path.write_bytes(TEXT)
    (found,) = walk(raw)
    path.unlink()
    replace(path)
    (batch,) = read(found, SOURCE, Ingest())
    assert batch.column("fate").to_pylist() == ["quarantined"]


def failing_reads(monkeypatch: pytest.MonkeyPatch, error: OSError, after: int) -> None:
    """From the `after`-th read of a file on, the system fails."""
    os_read, calls = os.read, iter(range(10**9))

    def failing(descriptor: int, size: int) -> bytes:
        if next(calls) >= after:
            raise error
        return os_read(descriptor, size)

    monkeypatch.setattr(stream.os, "read", failing)


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.txt.zst", "a.jsonl"])
@pytest.mark.parametrize("after", [0, 1])
def test_an_error_of_the_system_in_the_middle_is_told_as_such(
    raw: Path, monkeypatch: pytest.MonkeyPatch, name: str, after: int
) -> None:
    (raw / name).write_bytes(COMPRESS.get(name[5:], bytes)(os.urandom(1 << 18).hex().encode()))
    failing_reads(monkeypatch, OSError(74, "Bad message"), after)
    (row,) = read_all(raw)
    assert (row["fate"], row["reasons"][0]["value"]) == ("quarantined", "EBADMSG")


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.txt.zst"])
@pytest.mark.parametrize("after", [0, 1])
def test_an_error_that_may_pass_is_the_callers_to_try_again(
    raw: Path, monkeypatch: pytest.MonkeyPatch, name: str, after: int
) -> None:
    (raw / name).write_bytes(COMPRESS.get(name[5:], bytes)(os.urandom(1 << 18).hex().encode()))
    failing_reads(monkeypatch, OSError(5, "Input/output error"), after)
    with pytest.raises(TransientReadError) as caught:
        read_all(raw)
    assert caught.value.errno == 5
    assert isinstance(pickle.loads(pickle.dumps(caught.value)), TransientReadError)  # it crosses processes


def changing(monkeypatch: pytest.MonkeyPatch, change: Callable[[int], None]) -> None:
    """`change(n)` happens during the n-th reading of the file."""
    sniff, calls = reading.sniff, iter(range(10**9))

    def sniffed(*arguments: object):
        change(next(calls))
        return sniff(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "sniff", sniffed)


def test_a_file_that_changes_once_is_read_again(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raw / "a.txt"
    path.write_bytes(TEXT)
    changing(monkeypatch, lambda n: path.write_bytes(b"Another text.") if n == 0 else None)
    (row,) = read_all(raw)
    assert (row["fate"], row["payload"]) == (None, b"Another text.")


def test_a_file_that_keeps_changing_is_quarantined(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raw / "a.txt"
    path.write_bytes(TEXT)
    changing(monkeypatch, lambda n: path.write_bytes(b"x" * n) and None)
    (row,) = read_all(raw)
    assert (row["fate"], rule(row), row["payload"], row["sha256"]) == ("quarantined", "changed_while_read", None, None)


def test_a_file_that_is_replaced_while_it_is_read_has_changed(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raw / "a.txt"
    path.write_bytes(TEXT)

    def replace(n: int) -> None:
        state = path.stat()
        (raw / "new").write_bytes(TEXT)
        os.utime(raw / "new", ns=(state.st_atime_ns, state.st_mtime_ns))
        (raw / "new").rename(path)

    changing(monkeypatch, replace)
    assert rule(read_all(raw)[0]) == "changed_while_read"


def test_lines_given_before_a_change_stay_and_the_rest_is_told(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raw / "a.jsonl"
    path.write_bytes(b"".join(b'{"text": "line %d"}\n' % n for n in range(10)))
    monkeypatch.setattr("corpus.ingest.rows.BATCH_ROWS", 4)
    (found,) = walk(raw)
    batches = read(found, SOURCE, Ingest())
    first = next(batches)
    path.write_bytes(b"{}")
    (second,) = list(batches)
    rows = pa.Table.from_batches([first, second]).to_pylist()
    assert [rule(row) for row in rows] == [None] * 4 + ["changed_while_read"]
    assert [row["entry"] for row in rows] == [0, 1, 2, 3, 4]


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
