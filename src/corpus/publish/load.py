"""A table of a release as a `datasets.Dataset`, never a stale one."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.errors import ProjectError
from corpus.publish.count import table_files
from corpus.publish.disk import named_faults
from corpus.publish.manifest import read_manifest
from corpus.publish.releases import INDEX, MANIFEST, find_release

if TYPE_CHECKING:
    from datasets import Dataset

CACHE = "corpus"
"""Folder below the cache of `datasets` where tables lie as Arrow files, each named by what it was made from."""


def load(path: str | Path, table: str = "articles", revision: str | None = None) -> Dataset:
    """Load one table of a release.

    `path`: `dist/<name>` (the newest release, or the one that `revision` names, like `0.2.0`), a project's folder, or a
    release's own folder. A table without rows gives a Dataset without rows. Raises ProjectError where there is no such
    release or table.
    """
    folder = _release(Path(path), revision)
    manifest = read_manifest(folder)
    files = table_files(folder, table)
    if table not in manifest.tables or not files:
        raise ProjectError(
            f"there is no table {table!r}", where=str(folder), mend=f"its tables are: {', '.join(manifest.tables)}"
        )
    from datasets import Dataset, config

    arrow = Path(config.HF_DATASETS_CACHE) / CACHE / f"{table}-{_key(files)}.arrow"
    if not arrow.is_file():
        with named_faults(arrow):
            _convert(files, arrow)
    return Dataset.from_file(str(arrow))


def _release(path: Path, revision: str | None) -> Path:
    if (path / MANIFEST).is_file():
        version = read_manifest(path).version
        if revision is not None and revision.removeprefix("v") != version:
            raise ProjectError(
                f"this release is {version}, not {revision}",
                where=str(path),
                mend="leave revision out, or name the folder above it",
            )
        return path
    if not (path / INDEX).is_file() and not path.is_dir():
        raise ProjectError("there is no such folder", where=str(path), mend="name dist/NAME or a release's folder")
    return find_release(revision, path)


def _key(files: list[Path]) -> str:
    """Names what the files hold. Their size and times are in it too, so that files made anew are read anew."""
    state = hashlib.sha256(b"1")
    for path in files:
        found = path.stat()
        with path.open("rb") as file:
            file.seek(max(0, found.st_size - 65_536))  # the footer: schema, row groups, statistics
            tail = file.read()
        state.update(f"{path.resolve()} {found.st_size} {found.st_mtime_ns} {len(tail)} ".encode())
        state.update(tail)
    return state.hexdigest()[:32]


def _convert(files: list[Path], arrow: Path) -> None:
    """The files as one Arrow stream, which can be mapped into memory; put in place at once.

    Its schema is that of the features, else `datasets` would copy every column on each load.
    """
    from datasets import Features

    arrow.parent.mkdir(parents=True, exist_ok=True)
    temporary = arrow.with_suffix(f".{os.getpid()}")
    try:
        with pq.ParquetFile(files[0]) as first:
            schema = Features.from_arrow_schema(first.schema_arrow).arrow_schema
        with pa.OSFile(str(temporary), "wb") as sink, pa.ipc.new_stream(sink, schema) as stream:
            stream.write_batch(pa.RecordBatch.from_pylist([], schema=schema))  # a table without rows has a batch too
            for path in files:
                with pq.ParquetFile(path) as file:
                    for batch in file.iter_batches():
                        stream.write_batch(batch.cast(schema))
        temporary.replace(arrow)
    finally:
        temporary.unlink(missing_ok=True)
