"""The true similarity of many pairs, with a bounded number of shingles in memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.forest import connect
from corpus.dedup.narrow import paired
from corpus.dedup.sets import measure_pairs
from corpus.dedup.sorting import by_label
from corpus.dedup.wide import SHINGLES_AT_ONCE
from corpus.dedup.work import Work

Ints = npt.NDArray[np.int64]


def measured(work: Work, left: Ints, right: Ints, *, near: int, contained: int) -> tuple[Ints, Ints]:
    """Jaccard similarity and containment of pairs of records, in ten-thousandths.

    Where the one is below `near` and the other below `contained`, both may be too small. Records that hang together
    through pairs are read together, and where they are too many, block by block.
    """
    similar, held = np.zeros(len(left), np.int64), np.zeros(len(left), np.int64)
    if not len(left):
        return similar, held
    records, both = np.unique(np.concatenate([left, right]), return_inverse=True)
    i, j = both[: len(left)], both[len(left) :]
    component = connect(len(records), i, j)
    order = by_label(component, len(records))
    before = np.empty(len(records), np.int64)
    sizes = work.corpus.n_shingles[records[order]]
    before[order] = np.cumsum(sizes) - sizes  # shingles in front of each record, component by component
    room = SHINGLES_AT_ONCE // 2
    start = before[component]
    block = paired(start // room, (before - start) // room)
    blocks = paired(np.minimum(block[i], block[j]), np.maximum(block[i], block[j]))
    for one in range(int(blocks.max()) + 1):
        chosen = np.flatnonzero(blocks == one)
        part, ends = np.unique(np.concatenate([i[chosen], j[chosen]]), return_inverse=True)
        sets = work.wide.shingles(records[part])
        similar[chosen], held[chosen] = measure_pairs(sets, ends[: len(chosen)], ends[len(chosen) :], near, contained)
    return similar, held
