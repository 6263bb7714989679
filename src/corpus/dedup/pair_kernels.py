"""The kernel that writes down candidate pairs, key by key."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.jit import kernel
from corpus.dedup.sets import agreement

Ints = npt.NDArray[np.int64]


@kernel
def bucket_pairs(
    keys: npt.NDArray[np.uint64], sketch: npt.NDArray[np.uint8], least: int, budget: int
) -> tuple[Ints, Ints]:
    """Pairs (earlier, later) of rows with equal keys, which lie side by side, that agree in `least` values; each row
    is held against the `budget` before it."""
    left, right, n = np.empty(1024, np.int64), np.empty(1024, np.int64), 0
    start = 0
    for i in range(1, len(keys)):
        if keys[i] != keys[start]:
            start = i
        for k in range(max(start, i - budget), i):
            if agreement(sketch, k, i) >= least:
                if n == len(left):
                    left = np.concatenate((left, np.empty(n, np.int64)))
                    right = np.concatenate((right, np.empty(n, np.int64)))
                left[n], right[n] = k, i
                n += 1
    return left[:n], right[:n]
