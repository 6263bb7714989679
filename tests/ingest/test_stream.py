"""Compression of every kind, whole, broken and without measure; and reads that fail."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import os
import pickle
from pathlib import Path

import pyarrow as pa
import pytest

from corpus.ingest import TransientReadError, origin
from corpus.sections import Ingest
from tests.ingest.conftest import read_all, read_bytes, rule

TEXT = b"The bridge over the Aller was closed on Monday.\n\nIt will stay so for a year.\n"


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(data)
    return sink.getvalue().to_pybytes()


COMPRESS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstd}


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
    (row,) = read_bytes(raw, "a.txt.gz", gzip.compress(os.urandom(600).hex().encode()), Ingest(max_expanded_bytes=1000))
    assert (rule(row), row["byte_end"]) == ("expansion_limit", 1000)


def failing_reads(monkeypatch: pytest.MonkeyPatch, error: OSError, after: int) -> None:
    """From the `after`-th read of a file on, the system fails."""
    os_read, calls = os.read, iter(range(10**9))

    def failing(descriptor: int, size: int) -> bytes:
        if next(calls) >= after:
            raise error
        return os_read(descriptor, size)

    monkeypatch.setattr(origin.os, "read", failing)


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
