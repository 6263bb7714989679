"""WARCs that are compressed with a dictionary, which stands in the file's first frame."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
import zstandard

from tests.ingest.archives import response, warc_record
from tests.ingest.conftest import read_all, rule

BODIES = [
    f"<!doctype html><html><title>Page {n}</title><body><p>The council voted on day {n} to mend the roof of the"
    f" library {n}, which leaked for {n} months.</p></body></html>".encode()
    for n in range(60)
]
RECORDS = [warc_record(response(body), n) for n, body in enumerate(BODIES)]
DICTIONARY = zstandard.train_dictionary(4096, RECORDS * 8)


def packed(*, compressed: bool = False, records: list[bytes] | None = None) -> bytes:
    """The file as the specification has it: the dictionary in a skippable frame, then a frame for each record."""
    stored = DICTIONARY.as_bytes()
    if compressed:
        stored = zstandard.ZstdCompressor().compress(stored)
    compressor = zstandard.ZstdCompressor(dict_data=DICTIONARY)
    frames = b"".join(compressor.compress(record) for record in (RECORDS if records is None else records))
    return struct.pack("<4sI", b"\x5d\x2a\x4d\x18", len(stored)) + stored + frames


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("name", ["crawl.warc.zst", "nameless"])
def test_every_record_is_read_with_the_files_own_dictionary(raw: Path, compressed: bool, name: str) -> None:
    (raw / name).write_bytes(packed(compressed=compressed))
    rows = read_all(raw)
    assert [row["payload"] for row in rows] == BODIES
    assert len({row["record_id"] for row in rows}) == len(BODIES)


@pytest.mark.parametrize("cut", [9, 2000, -3])
def test_a_file_that_breaks_off_says_so(raw: Path, cut: int) -> None:
    (raw / "crawl.warc.zst").write_bytes(packed()[:cut])
    rows = read_all(raw)
    assert rule(rows[-1]) in {"truncated_compression", "truncated_record"}


def test_a_dictionary_that_is_none_is_corrupt(raw: Path) -> None:
    broken = bytearray(packed())
    broken[-40:-30] = bytes(10)
    (raw / "crawl.warc.zst").write_bytes(bytes(broken))
    assert rule(read_all(raw)[-1]) in {"corrupt_compression", "truncated_compression"}
    (raw / "crawl.warc.zst").write_bytes(struct.pack("<4sI", b"\x5d\x2a\x4d\x18", 2**31) + b"x")
    assert [rule(row) for row in read_all(raw)] == ["corrupt_compression"]


def test_a_small_file_does_not_give_any_number_of_bytes(raw: Path) -> None:
    (raw / "bomb.zst").write_bytes(packed(records=[bytes(50_000_000)] * 4))
    assert [rule(row) for row in read_all(raw)] == ["expansion_limit"]
