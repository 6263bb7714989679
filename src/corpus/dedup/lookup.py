"""Where ids stand among others."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.jit import kernel
from corpus.dedup.signing import buffers
from corpus.dedup.word_kernels import Bytes, Int, eight

Ints = npt.NDArray[np.int64]


def places_of(ids: pa.Array, among: pa.Array) -> Ints:
    """The place of each id among others (each there once), -1 where it is not there. Both ascending, they are merged,
    which is many times as fast as looking each up."""
    if not len(ids):
        return np.empty(0, np.int64)
    (offsets, data), (bounds, others) = buffers(ids), buffers(among)
    found = merge_sorted(data, offsets, others, bounds)
    if not len(found):
        found = pc.fill_null(pc.index_in(ids, value_set=among), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


@kernel
def merge_sorted(data: Bytes, offsets: Ints, among: Bytes, bounds: Ints) -> Ints:
    """The place of each string among others, -1 where it is not there; empty where either are not ascending."""
    found, n = np.full(len(offsets) - 1, -1, np.int64), len(bounds) - 1
    for k in range(1, n):
        if compare(among, bounds[k - 1], bounds[k], among, bounds[k], bounds[k + 1]) >= 0:
            return found[:0]
    at: Int = 0
    for i in range(len(found)):
        if i and compare(data, offsets[i - 1], offsets[i], data, offsets[i], offsets[i + 1]) >= 0:
            return found[:0]
        side: Int = 1
        while at < n and side > 0:
            side = compare(data, offsets[i], offsets[i + 1], among, bounds[at], bounds[at + 1])
            if side == 0:
                found[i] = at
            at += np.int64(side >= 0)
    return found


@kernel
def compare(one: Bytes, start: Int, end: Int, other: Bytes, begin: Int, stop: Int) -> Int:
    """Below, at or above 0 as one[start:end] comes before, is or comes after other[begin:stop]."""
    while start + 8 <= end and begin + 8 <= stop and eight(one, start) == eight(other, begin):
        start, begin = start + 8, begin + 8
    while start < end and begin < stop:
        if one[start] != other[begin]:
            return np.int64(one[start]) - np.int64(other[begin])
        start, begin = start + 1, begin + 1
    return (end - start) - (stop - begin)
