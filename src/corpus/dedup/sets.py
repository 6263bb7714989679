"""Kernels on shingle sets: how alike two sorted arrays of distinct hashes are, and what MinHash says of it.

Similarities are whole ten-thousandths, rounded half up, so that a decision is taken on the figure that is published.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.dedup.jit import kernel

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Int = int | np.int64
ONE = 10_000
"""Ten-thousandths in a whole."""
SKEW = 16
"""From this ratio of lengths on, the longer set is searched by halving instead of being read through."""


class Sets(NamedTuple):
    """Sorted distinct shingles of some texts: those of text i are grams[at[i]:end[i]]."""

    grams: Hashes
    at: Ints
    end: Ints


@kernel
def portion(part: Int, whole: Int) -> Int:
    """part / whole in ten-thousandths; 0 where there is no whole."""
    return 0 if whole == 0 else (2 * ONE * part + whole) // (2 * whole)


@kernel
def size(sets: Sets, i: Int) -> Int:
    """Shingles of text i."""
    return np.int64(sets.end[i] - sets.at[i])


@kernel
def shared(sets: Sets, i: Int, j: Int, enough: Int) -> Int:
    """How many shingles texts i and j share; stops, with too small a count, once `enough` is out of reach."""
    grams = sets.grams
    if size(sets, i) > size(sets, j):
        i, j = j, i
    a, a_end, b, b_end = sets.at[i], sets.end[i], sets.at[j], sets.end[j]
    count: Int = 0
    if (b_end - b) > SKEW * (a_end - a):
        for k in range(a, a_end):
            if count + a_end - k < enough:
                return count
            low, high = b, b_end
            while low < high:
                middle = (low + high) // 2
                if grams[middle] < grams[k]:
                    low = middle + 1
                else:
                    high = middle
            b = low
            if b < b_end and grams[b] == grams[k]:
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
def jaccard(sets: Sets, i: Int, j: Int, floor: int) -> Int:
    """Jaccard similarity of texts i and j; below `floor` it may come out too small."""
    m, n = size(sets, i), size(sets, j)
    enough = ((floor - 1) * (m + n)) // (ONE + floor) if floor > 0 else 0
    count = shared(sets, i, j, enough)
    return portion(count, m + n - count)


@kernel
def containment(sets: Sets, i: Int, j: Int, floor: int) -> Int:
    """Share of the smaller of texts i and j that the other holds; below `floor` it may come out too small."""
    smaller = min(size(sets, i), size(sets, j))
    enough = ((floor - 1) * smaller) // ONE if floor > 0 else 0
    return portion(shared(sets, i, j, enough), smaller)


@kernel
def agreement(sketch: npt.NDArray[np.uint8], i: Int, j: Int) -> Int:
    """How many MinHash values of rows i and j agree, each cut to a byte (b-bit MinHash, Li and König 2010)."""
    count = 0
    for k in range(sketch.shape[1]):
        count += sketch[i, k] == sketch[j, k]
    return count


@kernel
def measure_pairs(sets: Sets, left: Ints, right: Ints, floor: int, contained_floor: int) -> tuple[Ints, Ints]:
    """Jaccard similarity and containment of each pair; where both are below their floors they may be too small."""
    similar, contained = np.zeros(len(left), np.int64), np.zeros(len(left), np.int64)
    for k in range(len(left)):
        m, n = size(sets, left[k]), size(sets, right[k])
        enough = min(((floor - 1) * (m + n)) // (ONE + floor), ((contained_floor - 1) * min(m, n)) // ONE)
        count = shared(sets, left[k], right[k], max(0, enough))
        similar[k], contained[k] = portion(count, m + n - count), portion(count, min(m, n))
    return similar, contained
