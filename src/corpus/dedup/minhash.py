"""The permutations of MinHash, and which bands of them propose a pair (Broder 1997; Leskovec et al., ch. 3)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

MISSED = 1e-6
"""The chance, at most, that bands miss a pair that is just at the threshold."""
DEVIATIONS = 5.5
"""Standard deviations that an estimate may lie below the threshold and still be verified (one in 50 million misses)."""


@dataclass(frozen=True)
class Permutations:
    """`seeds` and odd `factors` (uint32), one of each for a permutation."""

    seeds: npt.NDArray[np.uint32]
    factors: npt.NDArray[np.uint32]


@cache
def permutations(count: int) -> Permutations:
    """The first `count` permutations: always the same ones (SplitMix64 from 1)."""
    state = np.arange(1, 2 * count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    state = (state ^ (state >> np.uint64(31))) >> np.uint64(32)
    return Permutations(state[::2].astype(np.uint32), state[1::2].astype(np.uint32) | np.uint32(1))


def rows_of_a_band(threshold: float, count: int) -> int:
    """The most rows a band can have so that a pair at `threshold` (Jaccard, 0 to 1) is missed by chance < MISSED."""
    for rows in range(16, 1, -1):
        if (1 - threshold**rows) ** (count // rows) <= MISSED:
            return rows
    return 1


def least_agreement(threshold: float, count: int) -> int:
    """Of `count` MinHash values, how many must agree for a pair to be worth verifying at `threshold`."""
    return max(0, math.floor(count * threshold - DEVIATIONS * math.sqrt(count * threshold * (1 - threshold))))
