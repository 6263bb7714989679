"""What lies below raw/ now, with the SHA-256 of each file; hashed again only where its metadata changed."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.errors import ProjectError
from corpus.ingest import Found, walk
from corpus.run.fingerprint import digest

_INDEX = pa.schema(
    [
        ("raw_path", pa.string()), ("size", pa.int64()), ("mtime_ns", pa.int64()), ("ctime_ns", pa.int64()),
        ("inode", pa.int64()), ("sha256", pa.string()),
    ]
)  # fmt: skip
_Stat = tuple[str, int, int, int, int]
_RACE_NS = 2_000_000_000
"""A file changed within two seconds of being hashed may have changed after, unseen (as git's index has it): it is
hashed again at the next run."""


@dataclass(frozen=True)
class File:
    """A place below raw/ and the SHA-256 of its bytes; null where it can't be read or is no regular file."""

    found: Found
    sha256: str | None


@dataclass(frozen=True)
class Inventory:
    """Everything below raw/, sorted by raw path, and the digest of paths and contents."""

    files: tuple[File, ...]
    digest: str


def take_inventory(raw: Path, cache: Path) -> Inventory:
    """Walk raw/ and hash what is new or changed; what is known by size, times and inode is not read again.

    Raises ProjectError where raw/ holds nothing at all.
    """
    found = walk(raw)
    if not found:
        raise ProjectError("raw/ holds no file", where=str(raw), mend="put articles into it")
    index = cache / "files.parquet"
    known = _read_index(index)
    now = time.time_ns()
    files: list[File] = []
    kept: dict[_Stat, str] = {}
    for one in found:
        stat = (one.size or 0, one.mtime_ns or 0, one.ctime_ns or 0, one.inode or 0)
        sha256 = known.get((one.raw_path, *stat))
        if sha256 is None and one.kind == "file":
            sha256 = _hash(one.path)
        files.append(File(one, sha256))
        if sha256 is not None and max(stat[1], stat[2]) < now - _RACE_NS:
            kept[one.raw_path, *stat] = sha256
    if kept != known:  # pyarrow imports pandas to build a table: a second that a run with nothing new is spared
        _write_index(index, kept)
    return Inventory(tuple(files), digest(*(f"{f.found.raw_path}\0{f.found.kind}\0{f.sha256}" for f in files)))


def _write_index(path: Path, kept: dict[_Stat, str]) -> None:
    rows = [dict(zip(_INDEX.names, (*stat, sha256), strict=True)) for stat, sha256 in kept.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    pq.write_table(pa.Table.from_pylist(rows, _INDEX), temporary)
    temporary.rename(path)


def _read_index(path: Path) -> dict[_Stat, str]:
    try:
        rows = pq.ParquetFile(path).read()
    except (OSError, pa.ArrowInvalid):
        return {}
    columns = [rows[name].to_pylist() for name in _INDEX.names]
    return {(p, s, m, c, i): h for p, s, m, c, i, h in zip(*columns, strict=True)}


def _hash(path: Path) -> str | None:
    """None where it can't be read: ingest says why, in the ledger."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
