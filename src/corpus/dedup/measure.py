"""The true similarity of many pairs, with a bounded number of shingles in memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.sets import measure_pairs
from corpus.dedup.version_kernels import connect
from corpus.dedup.wide import SHINGLES_AT_ONCE, Wide

Ints = npt.NDArray[np.int64]


def measured(
    wide: Wide, n_shingles: Ints, left: Ints, right: Ints, floor: int, contained_floor: int
) -> tuple[Ints, Ints]:
    """Jaccard similarity and containment of pairs of records, in ten-thousandths; below its floor one may be too small.

    Records that hang together through pairs are read together, and where they are too many, block by block.
    """
    similar, contained = np.zeros(len(left), np.int64), np.zeros(len(left), np.int64)
    if not len(left):
        return similar, contained
    records, both = np.unique(np.concatenate([left, right]), return_inverse=True)
    i, j = both[: len(left)], both[len(left) :]
    order = np.argsort(connect(len(records), i, j), kind="stable")
    block = np.empty(len(records), np.int64)
    block[order] = np.cumsum(n_shingles[records[order]]) // (SHINGLES_AT_ONCE // 2)
    low, high = np.minimum(block[i], block[j]), np.maximum(block[i], block[j])
    for a, b in np.unique(np.stack([low, high], axis=1), axis=0).tolist():
        chosen = np.flatnonzero((low == a) & (high == b))
        part, ends = np.unique(np.concatenate([i[chosen], j[chosen]]), return_inverse=True)
        sets = wide.shingles(records[part])
        similar[chosen], contained[chosen] = measure_pairs(
            sets.grams, sets.at, sets.end, ends[: len(chosen)], ends[len(chosen) :], floor, contained_floor
        )
    return similar, contained
