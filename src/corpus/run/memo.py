"""Remembered work: append-only shards of rows by key, one folder for each fingerprint of a step.

A key is 16 bytes, the digest of a row's inputs. A shard is written under another name and renamed, so that a killed run
leaves whole shards only; one that can't be read (a crash of the machine) is deleted and its rows are made again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.given import Samples, samples_in
from corpus.shards import ARROW, BROKEN, PARQUET, mapped, read_columns, read_rows, rows_of

KEY = pa.binary(16)
KEPT_FINGERPRINTS = 3
"""Folders of older fingerprints that stay, so that a threshold changed and changed back redoes nothing."""
ROWS_AT_ONCE = 8192
BYTES_AT_ONCE = 64 * 1024**2


@dataclass(frozen=True)
class Selection:
    """Where the rows of some keys lie: `shard` and `row` (int64 arrays, one place per key, in the keys' order)."""

    shard: np.ndarray
    row: np.ndarray

    def __len__(self) -> int:
        return len(self.shard)

    def take(self, order: np.ndarray) -> Selection:
        """The places at `order`."""
        return Selection(self.shard[order], self.row[order])


class Memo:
    """The remembered rows of one step under one fingerprint. Columns: `key` and those of `schema`; `suffix`: the format
    of its shards."""

    def __init__(self, folder: Path, schema: pa.Schema, suffix: str = PARQUET) -> None:
        self.folder = folder
        self.suffix = suffix
        self.schema = pa.schema([("key", KEY), *schema])
        self._shards: list[Path] = []
        self._mapped: dict[Path, pa.Table] = {}
        self._keys = pa.chunked_array([], KEY)
        self._shard_of = np.empty(0, np.int64)
        self._row_of = np.empty(0, np.int64)
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        self.refresh()

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def keys(self) -> pa.ChunkedArray:
        """All remembered keys."""
        return self._keys

    def refresh(self) -> None:
        """Read the keys of shards that came since."""
        fresh = sorted(set(self.folder.glob(f"*{self.suffix}")) - set(self._shards))
        chunks, shards, rows = list(self._keys.chunks), [self._shard_of], [self._row_of]
        for path in fresh:
            try:
                keys = self._columns(path)["key"].combine_chunks().cast(KEY)
            except BROKEN:
                path.unlink(missing_ok=True)
                continue
            chunks.append(keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys)
            shards.append(np.full(len(keys), len(self._shards), np.int64))
            rows.append(np.arange(len(keys), dtype=np.int64))
            self._shards.append(path)
        self._keys = pa.chunked_array(chunks, KEY)
        self._shard_of, self._row_of = np.concatenate(shards), np.concatenate(rows)

    def _columns(self, path: Path) -> pa.Table:
        """A shard's keys at least."""
        if self.suffix == ARROW:
            table = mapped(path)
            if missing := set(self.schema.names) - set(table.schema.names):
                raise pa.ArrowInvalid(f"{path.name} lacks {sorted(missing)}")
            return self._mapped.setdefault(path, table)
        return read_columns(path, ["key"])

    def new_shard(self) -> Path:
        """A path for a shard of this memo, used by nobody."""
        return self.folder / f"{uuid.uuid4().hex}{self.suffix}"

    def unknown(self, keys: pa.Array) -> np.ndarray:
        """The positions in `keys` that are not remembered."""
        return np.flatnonzero(pc.invert(pc.is_in(keys, value_set=self._keys)).to_numpy(zero_copy_only=False))

    def select(self, keys: pa.Array) -> Selection:
        """Where the rows of `keys` lie. Raises KeyError where one is not remembered."""
        at = pc.index_in(keys, value_set=self._keys)
        if at.null_count:
            raise KeyError(f"{at.null_count} of {len(keys)} keys are not remembered in {self.folder.name}")
        places = at.to_numpy(zero_copy_only=False).astype(np.int64)
        return Selection(self._shard_of[places], self._row_of[places])

    def all_rows(self, keys: pa.Array, columns: list[str]) -> pa.Table:
        """Every row of `keys`, where a key may have several (of one shard: a key written twice counts once)."""
        seen = pa.chunked_array([], KEY)
        parts = []
        for path in self._shards:
            found = read_columns(path, ["key"])["key"].cast(KEY)
            mask = pc.and_not(pc.is_in(found, value_set=keys), pc.is_in(found, value_set=seen))
            if pc.any(mask).as_py():
                parts.append(read_columns(path, columns).filter(mask))
                seen = pa.chunked_array([*seen.chunks, pc.unique(found.filter(mask))], KEY)
        if not parts:
            return pa.schema([self.schema.field(name) for name in columns]).empty_table()
        return pa.concat_tables(parts)

    def by_shard(self, selection: Selection) -> Iterator[tuple[Path, np.ndarray, np.ndarray]]:
        """For each shard concerned: its path, the rows wanted (ascending) and their positions in the selection."""
        order = np.lexsort((selection.row, selection.shard))
        shards = selection.shard[order]
        for start, end in _runs(shards):
            places = order[start:end]
            yield self._shards[int(shards[start])], selection.row[places], places

    def narrow(self, selection: Selection, columns: list[str]) -> pa.Table:
        """Some columns of the selected rows, in the selection's order, in memory: for narrow columns."""
        parts, positions = [], []
        for path, rows, places in self.by_shard(selection):
            parts.append(self._read(path, rows, columns))
            positions.append(places)
        if not parts:
            return pa.schema([self.schema.field(name) for name in columns]).empty_table()
        back = np.argsort(np.concatenate(positions), kind="stable")
        return pa.concat_tables(parts).take(pa.array(back))

    def _read(self, path: Path, rows: np.ndarray, columns: list[str]) -> pa.Table:
        if self.suffix != ARROW:
            return read_rows(path, rows, columns)
        if path not in self._mapped:
            self._mapped[path] = mapped(path)
        return rows_of(self._mapped[path].select(columns), rows)

    def binaries(self, selection: Selection, column: str, numbers: np.ndarray) -> Iterator[Samples]:
        """A binary column of the selected rows as it lies in mapped shards; `numbers`: of each of them."""
        for path, rows, places in self.by_shard(selection):
            if path not in self._mapped:
                self._mapped[path] = mapped(path)
            table = self._mapped[path]
            number = np.full(table.num_rows, -1)
            number[rows] = numbers[places]
            yield from samples_in(table[column], number)

    def stream(
        self, selection: Selection, columns: list[str], weights: np.ndarray, scratch: Path
    ) -> Iterator[pa.Table]:
        """All selected rows in the selection's order, some thousand at a time (`weights`: bytes of each row).

        Each shard is read once: its rows go to a file for each stretch of the order, then each stretch is sorted. So
        memory is bounded by a stretch, not by the corpus.
        """
        bounds = stretches(weights)
        if len(bounds) <= 2:
            if len(selection):
                yield self.narrow(selection, columns)
            return
        folder = scratch / uuid.uuid4().hex
        folder.mkdir(parents=True)
        try:
            schema = pa.schema([self.schema.field(name) for name in columns]).append(pa.field("_at", pa.int64()))
            with contextlib.ExitStack() as stack:
                writers: dict[int, pa.RecordBatchFileWriter] = {}
                for path, rows, places in self.by_shard(selection):
                    table = read_rows(path, rows, columns).append_column("_at", pa.array(places, pa.int64()))
                    stretch = np.searchsorted(bounds, places, side="right") - 1
                    order = np.argsort(stretch, kind="stable")
                    for start, end in _runs(stretch[order]):
                        number = int(stretch[order[start]])
                        if number not in writers:
                            sink = folder / f"{number}.arrow"
                            writers[number] = stack.enter_context(pa.ipc.new_file(str(sink), schema))
                        writers[number].write_table(table.take(pa.array(order[start:end])).cast(schema))
            for number in range(len(bounds) - 1):
                with pa.memory_map(str(folder / f"{number}.arrow")) as source:
                    table = pa.ipc.open_file(source).read_all()
                    yield table.sort_by("_at").drop_columns(["_at"])
                (folder / f"{number}.arrow").unlink()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def stretches(weights: np.ndarray) -> np.ndarray:
    """Bounds of stretches of at most ROWS_AT_ONCE rows and about BYTES_AT_ONCE weight: [0, …, len(weights)]."""
    if not len(weights):
        return np.array([0])
    bounds, weight, start = [0], 0, 0
    for at, one in enumerate(weights.tolist()):
        if at > start and (at - start >= ROWS_AT_ONCE or weight + one > BYTES_AT_ONCE):
            bounds.append(at)
            start, weight = at, 0
        weight += one
    return np.array([*bounds, len(weights)])


def _runs(values: np.ndarray) -> Iterator[tuple[int, int]]:
    """(start, end) of each run of equal values."""
    if not len(values):
        return
    edges = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1], [True]]))
    yield from zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)


def prune(step_folder: Path, keep: str) -> None:
    """Delete what older fingerprints remembered, but for the last few used."""
    others = sorted(
        (path for path in step_folder.iterdir() if path.is_dir() and path.name != keep),
        key=lambda path: path.stat().st_mtime_ns,
        reverse=True,
    )
    for path in others[KEPT_FINGERPRINTS - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
