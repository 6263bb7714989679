"""The way back: a record's bytes again, or a clear word why not."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from corpus.errors import ProjectError
from corpus.ingest import payload_in, payload_of
from tests.ingest.archives import zipped
from tests.ingest.conftest import read_all, read_bytes


def test_a_payload_is_found_again_in_plain_and_compressed_files(raw: Path) -> None:
    data = b"".join(b'{"text": "%s"}\n' % os.urandom(20).hex().encode() for _ in range(100))
    for name, held in (("a.jsonl", data), ("sub/b.jsonl.gz", gzip.compress(data)), ("c\udcff.txt", b"x")):
        for row in read_bytes(raw, name, held) if name.isascii() else []:
            assert payload_of(raw, row) == row["payload"]
    (raw / "c\udcff.txt").write_bytes(b"x")
    (raw / "link.jsonl").symlink_to("a.jsonl")
    for row in read_all(raw):
        assert payload_of(raw, row) == row["payload"]


def test_bytes_that_are_not_those_any_more_are_refused(raw: Path) -> None:
    (row,) = read_bytes(raw, "a.txt", b"The text.")
    (raw / "a.txt").write_bytes(b"The test.")
    with pytest.raises(ProjectError, match="not those that were read"):
        payload_of(raw, row)
    (raw / "a.txt").write_bytes(b"")
    with pytest.raises(ProjectError, match="not those that were read"):
        payload_of(raw, row)
    (raw / "a.txt").unlink()
    with pytest.raises(ProjectError, match="can't be read any more"):
        payload_of(raw, row)


def test_no_path_leads_out_of_raw(raw: Path) -> None:
    (raw.parent / "secret.txt").write_bytes(b"secret")
    (raw / "link.txt").symlink_to("../secret.txt")
    for path in ("../secret.txt", str(raw.parent / "secret.txt"), "link.txt"):
        with pytest.raises(ProjectError, match="can't be read any more"):
            payload_of(raw, {"raw_path": path, "byte_start": 0, "byte_end": 6})


def test_a_record_without_bytes_says_so(raw: Path) -> None:
    os.mkfifo(raw / "pipe")
    (row,) = read_all(raw)
    with pytest.raises(ProjectError, match="no byte of this record was read"):
        payload_of(raw, row)


def test_a_projects_own_mapping_and_readers_count(raw: Path) -> None:
    fields = {"text": "Body", "title": "Head"}
    (row,) = read_bytes(raw, "a.csv", b"Head,Body\nOne,The body.\n", fields=fields)
    (raw.parent / "corpus.toml").write_text(
        'name = "x"\n[[source]]\npath = "**"\nname = "all"\nfields = { text = "Body", title = "Head" }\n'
    )
    assert payload_in(raw.parent, row) == row["payload"] == b'{"Body":"The body.","Head":"One"}'
    with pytest.raises(ProjectError, match="not those that were read"):
        payload_of(raw, row)


def test_a_refused_member_says_that_it_is_unchanged(raw: Path) -> None:
    (raw / "a.zip").write_bytes(zipped({"x.png": b"\x89PNG\r\n\x1a\n"}))
    (row,) = read_all(raw)
    with pytest.raises(ProjectError, match="unchanged, but refused"):
        payload_of(raw, row)
