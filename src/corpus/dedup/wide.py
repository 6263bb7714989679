"""Wide columns of candidates, a bounded amount at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.stage import Fetch

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
SHINGLES_AT_ONCE = 48_000_000
"""Shingles held in memory at once: 384 MB."""


@dataclass(frozen=True)
class Shingles:
    """The sorted distinct shingles of some texts: those of text i are grams[at[i]:end[i]]."""

    grams: Hashes
    at: Ints
    end: Ints


@dataclass(frozen=True)
class Wide:
    """Fetches columns of records by their place in the order of record ids. `record_id`: all ids; `row`: of each place."""

    fetch: Fetch
    record_id: pa.ChunkedArray
    row: Ints

    def columns(self, records: Ints, names: list[str]) -> pa.Table:
        """Those columns of those records (each at most once), in the order asked for, without record_id."""
        ids = self.record_id.take(pa.array(self.row[records]))
        ids = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
        table = self.fetch(ids, ["record_id", *names])
        if not pc.all(pc.equal(table["record_id"], ids)).as_py() or table.num_rows != len(ids):
            table = table.take(pc.index_in(ids, value_set=table["record_id"]))
        return table.select(names)

    def shingles(self, records: Ints) -> Shingles:
        """The shingles of those records (each at most once), in their order."""
        if not len(records):
            return Shingles(np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.int64))
        parts, starts, ends, base = [], [], [], 0
        for chunk in self.columns(records, ["shingles"])["shingles"].chunks:
            wide = pa.types.is_large_binary(chunk.type)
            _, offsets, data = chunk.buffers()
            bounds = np.frombuffer(offsets, np.int64 if wide else np.int32)[
                chunk.offset : chunk.offset + len(chunk) + 1
            ]
            bounds = bounds.astype(np.int64)
            first, last = (int(bounds[0]), int(bounds[-1])) if len(bounds) else (0, 0)
            values = np.frombuffer(data, np.uint8)[first:last] if data is not None else np.empty(0, np.uint8)
            parts.append(values.view("<u8"))
            starts.append((bounds[:-1] - first) // 8 + base)
            ends.append((bounds[1:] - first) // 8 + base)
            base += (last - first) // 8
        grams = parts[0] if len(parts) == 1 else np.concatenate(parts)
        grams.flags.writeable = False  # always the same type for the kernels, which are compiled for each
        return Shingles(grams, np.concatenate(starts), np.concatenate(ends))


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
    """Places of equal labels side by side, groups of fewer than `least` and label -1 left out, and the groups' bounds."""
    order = np.argsort(labels, kind="stable")
    ordered = labels[order]
    edges = (
        np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(order) else np.empty(0, np.int64)
    )
    sizes = np.diff(np.concatenate([edges, [len(order)]]))
    kept = (sizes >= least) & (ordered[edges] >= 0)
    members = order[np.repeat(kept, sizes)]
    return members, np.concatenate([[0], np.cumsum(sizes[kept])]).astype(np.int64)
