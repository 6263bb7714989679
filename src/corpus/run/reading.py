"""The task of reading files, as workers run it: raw files to ledger rows, and payloads to a spool for `clean`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus import ingest
from corpus.ingest import Found, Readers
from corpus.run.deaths import Deaths, Marker
from corpus.run.keys import key_of, source_facts
from corpus.run.limit import limited
from corpus.run.memo import KEY
from corpus.sections import Ingest, Source
from corpus.working import INPUTS, READ

SMALL_FILE = 64 * 1024**2
"""Bytes of payload up to which a file's records are held while their ids are found; above, the file is read twice."""
GROUP_ROWS = 256
LOST_STEPS = pa.list_(pa.struct([("step", pa.int64()), ("rule", pa.string())]))
INPUT_ROWS = pa.schema([*INPUTS, ("content_key", KEY), ("payload_bytes", pa.int64()), ("lost_steps", LOST_STEPS)])
NONE = Deaths()
SPOOL = pa.schema([*READ, ("content_key", KEY)])


class ToRead(NamedTuple):
    """A file to read, its source and file key, and where reading it was lost before."""

    found: Found
    source: Source
    key: bytes
    deaths: Deaths = NONE


@dataclass(frozen=True)
class IngestTask:
    """Files to read; where their ledger rows and payloads go, and where it is told what is being read."""

    files: tuple[ToRead, ...]
    settings: Ingest
    inputs: Path
    spool: Path
    marker: Path
    known: Path | None  # sorted first halves of the content keys that are cleaned already
    readers: Path | None = None  # the folder of the project's own readers


def run_ingest(task: IngestTask) -> tuple[int, int]:
    """Read files; returns (records found, records whose payload went to the spool)."""
    known = np.load(task.known, mmap_mode="r") if task.known else np.empty(0, np.uint64)
    ledger: list[pa.Table] = []
    spool = _Writer(task.spool, SPOOL)
    readers = ingest.readers_of(task.readers)
    marker = Marker(task.marker, task.settings.max_cpu_seconds)
    for place, file in enumerate(task.files):
        marker.begin(place)
        rows = _read_file(partial(_batches, file, place, task, readers, marker), file.source, known, spool)
        rows = rows.append_column(INPUT_ROWS.field("lost_steps"), _lost_steps(file.deaths, rows.num_rows))
        ledger.append(rows.add_column(0, pa.field("key", KEY), pa.array([file.key] * rows.num_rows, KEY)))
    spool.close()
    table = pa.concat_tables(ledger)
    temporary = task.inputs.with_name(f".{task.inputs.name}.{os.getpid()}.tmp")
    pq.write_table(table, temporary, compression="zstd", compression_level=1)
    temporary.rename(task.inputs)
    return table.num_rows, spool.rows


def _batches(file: ToRead, place: int, task: IngestTask, readers: Readers, marker: Marker) -> Iterator[pa.RecordBatch]:
    """The file's records; the same ones each time that it is called."""
    settings = task.settings
    if file.deaths.whole:
        yield ingest.killed(file.found, file.source, file.deaths.whole, settings)
        return
    batches = ingest.read(file.found, file.source, settings, readers, file.deaths.progress(settings, marker.tell))
    for batch in limited(batches, settings.max_cpu_seconds):
        marker.begin(place)  # what is done with it is no step of reading
        yield batch


def _lost_steps(deaths: Deaths, rows: int) -> pa.Array:
    """Where reading the file was lost, in its first row: it may have to be read once more."""
    steps = [{"step": step, "rule": rule} for step, rule in deaths.steps]
    return pa.array([steps or None, *[None] * (rows - 1)], LOST_STEPS)


def _read_file(
    batches: Callable[[], Iterator[pa.RecordBatch]], source: Source, known: np.ndarray, spool: _Writer
) -> pa.Table:
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches():
        held.append(batch)
        size += batch.nbytes
        if size > SMALL_FILE:
            held = []
            break
    narrow: list[pa.RecordBatch] = []
    lengths: list[pa.Array] = []
    for batch in held or batches():
        narrow.append(batch.select(INPUTS.names))
        lengths.append(pc.cast(pc.coalesce(pc.binary_length(batch["payload"]), 0), pa.int64()))
    rows = pa.Table.from_batches(narrow, INPUTS)
    ids = ingest.identify(rows)
    rows = rows.set_column(rows.schema.get_field_index("record_id"), "record_id", ids)
    keys = _content_keys(rows, source)
    wanted = rows["fate"].is_null().to_numpy(zero_copy_only=False) if rows.num_rows else np.empty(0, bool)
    wanted &= ~_among(keys, known)
    at = 0
    for batch in held or batches():
        here = slice(at, at + batch.num_rows)
        table = pa.Table.from_batches([batch], READ)
        table = table.set_column(table.schema.get_field_index("record_id"), "record_id", ids.slice(at, batch.num_rows))
        table = table.append_column(pa.field("content_key", KEY), pa.array(keys[here], KEY))
        spool.write(table.filter(pa.array(wanted[here])))
        at += batch.num_rows
    return rows.append_column(pa.field("content_key", KEY), pa.array(keys, KEY)).append_column(
        "payload_bytes", pa.concat_arrays(lengths) if lengths else pa.array([], pa.int64())
    )


def _content_keys(rows: pa.Table, source: Source) -> list[bytes]:
    facts = source_facts(source)
    columns = ("record_id", "sha256", "media_type", "charset", "structured", "fields")
    return [key_of(*values, facts) for values in zip(*(rows[name].to_pylist() for name in columns), strict=True)]


def halves(keys: pa.ChunkedArray) -> np.ndarray:
    """The first eight bytes of each key, sorted."""
    data = b"".join(key[:8] for key in keys.to_pylist())
    return np.sort(np.frombuffer(data, np.uint64))


def _among(keys: list[bytes], known: np.ndarray) -> np.ndarray:
    if not len(known):
        return np.zeros(len(keys), bool)
    wanted = np.frombuffer(b"".join(key[:8] for key in keys), np.uint64)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.asarray(known[at] == wanted)


class _Writer:
    """A Parquet file written in groups of some size, whatever the sizes of what comes in."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self.schema, self.rows = path, schema, 0
        self._held: list[pa.Table] = []
        self._size = 0
        self._file: pq.ParquetWriter | None = None

    def write(self, table: pa.Table) -> None:
        if table.num_rows:
            self._held.append(table.cast(self.schema))
            self._size += table.nbytes
            self.rows += table.num_rows
            if self._size > SMALL_FILE // 2:
                self._flush()

    def _flush(self) -> None:
        if self._held:
            if self._file is None:
                self._file = pq.ParquetWriter(self.path, self.schema, compression="zstd", compression_level=1)
            self._file.write_table(pa.concat_tables(self._held).combine_chunks(), row_group_size=GROUP_ROWS)
            self._held, self._size = [], 0

    def close(self) -> None:
        """Write what is held; a spool without rows leaves no file."""
        self._flush()
        if self._file is not None:
            self._file.close()
