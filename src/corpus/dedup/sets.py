"""Kernels on shingle sets: how alike two sorted arrays of distinct hashes are, and what MinHash says of it.

Similarities are whole ten-thousandths, rounded half up, so that every decision is taken on the figure that is published.
`grams` holds the shingles of all texts at hand end to end, `at[i]` to `end[i]` those of text i.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.jit import kernel

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
ONE = 10_000
"""Ten-thousandths in a whole."""
SKEW = 16
"""From this ratio of lengths on, the longer set is searched by halving instead of being read through."""


@kernel
def portion(part: int, whole: int) -> int:
    """part / whole in ten-thousandths; 0 where there is no whole."""
    return 0 if whole == 0 else (2 * ONE * part + whole) // (2 * whole)


@kernel
def shared(grams: Hashes, a: int, a_end: int, b: int, b_end: int, enough: int) -> int:
    """How many hashes two stretches of `grams` share; stops, with too small a count, once `enough` is out of reach."""
    if a_end - a > b_end - b:
        a, a_end, b, b_end = b, b_end, a, a_end
    count = 0
    if (b_end - b) > SKEW * (a_end - a):
        for i in range(a, a_end):
            if count + a_end - i < enough:
                return count
            low, high = b, b_end
            while low < high:
                middle = (low + high) // 2
                if grams[middle] < grams[i]:
                    low = middle + 1
                else:
                    high = middle
            b = low
            if b < b_end and grams[b] == grams[i]:
                count += 1
        return count
    spare = a_end - a - enough  # hashes of the shorter set that may go unmatched
    while a < a_end and b < b_end:
        x, y = grams[a], grams[b]
        count += x == y
        spare -= x < y
        if spare < 0:
            return count
        a += x <= y
        b += y <= x
    return count


@kernel
def jaccard(grams: Hashes, at: Ints, end: Ints, i: int, j: int, floor: int) -> int:
    """Jaccard similarity of texts i and j; below `floor` it may come out too small."""
    m, n = end[i] - at[i], end[j] - at[j]
    enough = ((floor - 1) * (m + n)) // (ONE + floor) if floor > 0 else 0
    count = shared(grams, at[i], end[i], at[j], end[j], enough)
    return portion(count, m + n - count)


@kernel
def containment(grams: Hashes, at: Ints, end: Ints, i: int, j: int, floor: int) -> int:
    """Share of the smaller of texts i and j that the other holds; below `floor` it may come out too small."""
    smaller = min(end[i] - at[i], end[j] - at[j])
    enough = ((floor - 1) * smaller) // ONE if floor > 0 else 0
    return portion(shared(grams, at[i], end[i], at[j], end[j], enough), smaller)


@kernel
def agreement(sketch: npt.NDArray[np.uint8], i: int, j: int) -> int:
    """How many MinHash values of rows i and j agree, each cut to a byte (b-bit MinHash, Li and König 2010)."""
    count = 0
    for k in range(sketch.shape[1]):
        count += sketch[i, k] == sketch[j, k]
    return count


@kernel
def measure_pairs(
    grams: Hashes, at: Ints, end: Ints, left: Ints, right: Ints, floor: int, contained_floor: int
) -> tuple[Ints, Ints]:
    """Jaccard similarity and containment of each pair; what is below its floor may come out too small."""
    similar, contained = np.zeros(len(left), np.int64), np.zeros(len(left), np.int64)
    for k in range(len(left)):
        i, j = left[k], right[k]
        m, n = end[i] - at[i], end[j] - at[j]
        smaller = min(m, n)
        enough = min(((floor - 1) * (m + n)) // (ONE + floor), ((contained_floor - 1) * smaller) // ONE)
        count = shared(grams, at[i], end[i], at[j], end[j], max(0, enough))
        similar[k], contained[k] = portion(count, m + n - count), portion(count, smaller)
    return similar, contained
