"""A folder of raw files, and what ingest makes of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from corpus.ingest import identify, read, source_of, walk
from corpus.sections import Ingest, Source
from corpus.working import READ


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


def read_all(raw: Path, settings: Ingest | None = None, sources: tuple[Source, ...] = ()) -> list[dict]:
    """Every row of every file below `raw`, with its record_id, in the walk's order."""
    rows = []
    for found in walk(raw):
        batches = list(read(found, source_of(found.raw_path, sources), settings or Ingest()))
        table = pa.Table.from_batches(batches, READ)
        ids = identify(table.select([name for name in READ.names if name not in ("payload", "content")]))
        table = table.set_column(READ.get_field_index("record_id"), "record_id", ids)
        rows += table.to_pylist()
    return rows


def read_bytes(raw: Path, name: str, data: bytes, settings: Ingest | None = None, **source: object) -> list[dict]:
    """The rows of one file that holds `data`."""
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    sources = (Source(path="**", name="all", **source),) if source else ()
    return [row for row in read_all(raw, settings, sources) if row["raw_path"] == name]


def rule(row: dict) -> str | None:
    return row["reasons"][0]["rule"] if row["reasons"] else None


@pytest.fixture
def as_nobody() -> Iterator[Callable[[], Path]]:
    """A folder for raw files, and after the call no right of root: permissions count as for any user."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)

    def drop() -> Path:
        if os.geteuid() == 0:
            os.seteuid(65534)
        return folder

    before = os.geteuid()
    yield drop
    os.seteuid(before)
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)
