"""Wide columns of candidates, a bounded amount at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.sets import Sets
from corpus.dedup.sorting import by_label
from corpus.stage import Fetch

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
SHINGLES_AT_ONCE = 32_000_000
"""Shingles held in memory at once: 256 MB."""
SPARSE = 4
"""Labels up to so many times their number are counted rather than compared."""


@dataclass
class Room:
    """Memory for shingles that is used again: a page that is new to a process costs more than what is copied to it."""

    values: Hashes = field(default_factory=lambda: np.empty(0, np.uint64))

    def of(self, count: int) -> Hashes:
        """Room for so many."""
        if len(self.values) < count:
            self.values = np.empty(count, np.uint64)
        return self.values[:count]


@dataclass(frozen=True)
class Wide:
    """Fetches columns of records by number; `record_id`: all ids as given, `row[i]`: the place of record i there."""

    fetch: Fetch
    record_id: pa.ChunkedArray
    row: Ints
    room: Room = field(default_factory=Room)

    def columns(self, records: Ints, names: list[str]) -> pa.Table:
        """Those columns of those records (each at most once), in the order asked for, without record_id."""
        ids = self.record_id.take(pa.array(self.row[records]))
        ids = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
        table = self.fetch(ids, ["record_id", *names])
        if not table["record_id"].equals(pa.chunked_array([ids])):
            table = table.take(pc.index_in(ids, value_set=table["record_id"]))
        return table.select(names)

    def texts(self, records: Ints) -> dict[int, str]:
        """The texts of those records; a null is an empty one."""
        values = self.columns(records, ["text"])["text"].to_pylist()
        return {record: text or "" for record, text in zip(records.tolist(), values, strict=True)}

    def shingles(self, records: Ints) -> Sets:
        """The shingles of those records (each at most once), in their order, until the next ones are asked for."""
        if not len(records):
            return Sets(np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.int64))
        order = np.argsort(self.row[records])  # as they lie: what is apart is read in one go, and nothing is moved
        parts, starts, ends, base = [], [], [], 0
        for chunk in self.columns(records[order], ["shingles"])["shingles"].chunks:
            bounds, values = numbers_of(chunk)
            parts.append(values[bounds[0] : bounds[-1]])
            starts.append(bounds[:-1] - bounds[0] + base)
            ends.append(bounds[1:] - bounds[0] + base)
            base += int(bounds[-1] - bounds[0])
        grams = parts[0] if len(parts) == 1 else np.concatenate(parts, out=self.room.of(base))
        grams.flags.writeable = False  # always the same type for the kernels, which are compiled for each
        at, end = np.empty((2, len(records)), np.int64)
        at[order], end[order] = np.concatenate(starts), np.concatenate(ends)
        return Sets(grams, at, end)


def numbers_of(chunk: pa.Array) -> tuple[Ints, Hashes]:
    """Bounds and values of binary elements of little-endian uint64: element i is values[bounds[i]:bounds[i + 1]]."""
    wide = pa.types.is_large_binary(chunk.type)
    _, offsets, data = chunk.buffers()
    if offsets is None or data is None:
        return np.zeros(len(chunk) + 1, np.int64), bytes_of(None).view("<u8")
    bounds = np.frombuffer(offsets, np.int64 if wide else np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    whole = bytes_of(data)
    return bounds.astype(np.int64) // 8, whole[: len(whole) // 8 * 8].view("<u8")


def bytes_of(buffer: pa.Buffer | None) -> npt.NDArray[np.uint8]:
    """A buffer as it lies in memory, never to be written: some buffers could be, and kernels are compiled for each."""
    found = np.frombuffer(buffer if buffer is not None else b"", np.uint8)
    found.flags.writeable = False
    return found


def chunks(groups: Ints, sizes: Ints) -> Iterator[tuple[int, int]]:
    """Split groups (of members groups[g] to groups[g + 1], member m with sizes[m] shingles) into runs that fit at once.

    Yields (first group, last group, exclusive). A group that does not fit alone is a run by itself.
    """
    if len(groups) < 2:
        return
    total = np.concatenate([[0], np.cumsum(sizes)])[groups]
    first = 0
    while first < len(groups) - 1:
        last = int(np.searchsorted(total, total[first] + SHINGLES_AT_ONCE, side="right")) - 1
        last = min(max(last, first + 1), len(groups) - 1)
        yield first, last
        first = last


def grouped(labels: Ints, least: int = 2) -> tuple[Ints, Ints]:
    """Places of equal labels side by side, without label -1 and groups of fewer than `least`; and the bounds."""
    count = int(labels.max(initial=-1)) + 1
    order = by_label(labels, count) if count <= SPARSE * len(labels) else np.argsort(labels, kind="stable")
    ordered = labels[order]
    edges = (
        np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(order) else np.empty(0, np.int64)
    )
    sizes = np.diff(np.concatenate([edges, [len(order)]]))
    kept = (sizes >= least) & (ordered[edges] >= 0)
    members = order[np.repeat(kept, sizes)]
    return members, np.concatenate([[0], np.cumsum(sizes[kept])]).astype(np.int64)
