"""Kernels that tell versions of one article from articles that share its id, and find the version to publish."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.forest import find, find_all
from corpus.dedup.jit import kernel
from corpus.dedup.sets import ONE, Sets, agreement, containment, jaccard, portion, shared, size

BUDGET = 256
"""Earlier texts of its group that a text is compared with, the latest first."""

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@kernel
def alike_components(groups: Ints, sets: Sets, near: int, contained: int) -> Ints:
    """The component of each text within its group: pairs with a Jaccard similarity of at least `near`, or of which one
    holds at least `contained` of the other's shingles. A component is named by its first text."""
    forest = np.arange(groups[len(groups) - 1])
    for g in range(len(groups) - 1):
        for x in range(groups[g] + 1, groups[g + 1]):
            for y in range(x - 1, max(groups[g], x - BUDGET) - 1, -1):
                a, b = find(forest, x), find(forest, y)
                if a == b:
                    continue
                m, n = size(sets, x), size(sets, y)
                count = shared(sets, x, y, 0)
                if portion(count, m + n - count) >= near or portion(count, min(m, n)) >= contained:
                    forest[max(a, b)] = min(a, b)
    find_all(forest)
    return forest


@kernel
def choose_versions(
    groups: Ints, sets: Sets, n_words: Ints, truncated: Flags, contained: int
) -> tuple[Ints, Flags, Ints, Ints]:
    """The version to publish of each group, whose texts lie oldest first.

    It is the newest that is not shorter: truncated where an older one is not, or contained (at least `contained`) in
    an older one at least 1.5 times as long. Returns for each text the version published (-1: it is), whether it is
    shorter, and its Jaccard similarity and containment with that version.
    """
    count = groups[len(groups) - 1]
    newest, shorter = np.full(count, -1, np.int64), np.zeros(count, np.bool_)
    similar, held = np.full(count, ONE, np.int64), np.full(count, ONE, np.int64)
    for g in range(len(groups) - 1):
        start, stop = groups[g], groups[g + 1]
        best, whole = start, not truncated[start]
        for x in range(start + 1, stop):
            shorter[x] = truncated[x] and whole
            whole = whole or not truncated[x]
            for y in range(x - 1, max(start, x - BUDGET) - 1, -1):
                if shorter[x]:
                    break
                if 2 * n_words[y] >= 3 * n_words[x] and size(sets, y) >= size(sets, x):
                    shorter[x] = containment(sets, x, y, contained) >= contained
            if not shorter[x]:
                best = x
        for x in range(start, stop):
            if x != best:
                newest[x] = best
                similar[x] = jaccard(sets, x, best, 0)
                held[x] = containment(sets, x, best, 0)
    return newest, shorter, similar, held


@kernel
def predecessors(
    groups: Ints, published: Ints, words: Ints, sketch: npt.NDArray[np.uint8], least: int, days: int, most: int
) -> tuple[Ints, Ints]:
    """Pairs of a text and one of the `most` before it in its group that could be a version of it.

    Their words differ, `least` of their MinHash values agree, and their times of publication (microseconds; the least
    integer: unknown), where known, lie at most `days` days apart.
    """
    unknown = np.iinfo(np.int64).min
    left, right, n = np.empty(len(words) * most, np.int64), np.empty(len(words) * most, np.int64), 0
    for g in range(len(groups) - 1):
        for x in range(groups[g], groups[g + 1]):
            for y in range(max(groups[g], x - most), x):
                known = published[x] != unknown and published[y] != unknown
                if known and abs(published[x] - published[y]) > days * 86_400_000_000:
                    continue
                if words[x] != words[y] and agreement(sketch, x, y) >= least:
                    left[n], right[n] = y, x
                    n += 1
    return left[:n], right[:n]
