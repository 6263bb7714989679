"""Kernels that find which rows of a reference share enough with a text to be compared with it."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.jit import kernel
from corpus.dedup.sorting import BUCKETS, distinct
from corpus.dedup.word_kernels import ROOM, mix, read_words

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
BUDGET = 1024
"""Rows of one sample that are met; of a more common one the first so many."""


@kernel
def meet_rows(
    grams: Hashes, bounds: Ints, index: Hashes, owner: Ints, entries: Ints, sizes: Ints, enough: float
) -> tuple[Ints, Ints, Ints]:
    """For each text, with distinct hashes grams[bounds[i]:bounds[i + 1]], the rows that share enough entries with it.

    `index` holds the sorted entries of all rows, `owner` whose each is, `entries` how many each row has. Enough is the
    share `enough` of the row's entries, or of the text's `sizes`, whichever are fewer, and at least one. Returns text,
    row and number of shared entries of each pair, by text and row.
    """
    text, row, shared = np.empty(1024, np.int64), np.empty(1024, np.int64), np.empty(1024, np.int64)
    met, n = np.empty(1024, np.int64), 0
    for i in range(len(bounds) - 1):
        count = 0
        for k in range(bounds[i], bounds[i + 1]):
            at = np.searchsorted(index, grams[k])
            stop = min(len(index), at + BUDGET)
            while at < stop and index[at] == grams[k]:
                if count == len(met):
                    met = np.concatenate((met, np.empty(count, np.int64)))
                met[count] = owner[at]
                count, at = count + 1, at + 1
        met[:count].sort()
        start = 0
        for k in range(1, count + 1):
            if k < count and met[k] == met[start]:
                continue
            if k - start >= max(1.0, enough * min(entries[met[start]], sizes[i])):
                if n == len(text):
                    text = np.concatenate((text, np.empty(n, np.int64)))
                    row = np.concatenate((row, np.empty(n, np.int64)))
                    shared = np.concatenate((shared, np.empty(n, np.int64)))
                text[n], row[n], shared[n] = i, met[start], k - start
                n += 1
            start = k
    return text[:n], row[:n], shared[:n]


@kernel
def ngrams_of(
    data: Bytes, offsets: Ints, kind: Bytes, lower: npt.NDArray[np.int32], factors: Hashes
) -> tuple[Hashes, Ints]:
    """The sorted distinct hashes of the runs of len(factors) words of each text; none where it has fewer."""
    texts, width = len(offsets) - 1, len(factors)
    size, longest = offsets[texts] - offsets[0], np.int64(0)
    for i in range(texts):
        longest = max(longest, offsets[i + 1] - offsets[i])
    out, at = np.empty(size // 2 + texts, np.uint64), np.zeros(texts + 1, np.int64)
    hashes, norm = np.empty(longest // 2 + 1, np.uint64), np.empty(2 * longest + ROOM + 1, np.uint8)
    scratch, counts = np.empty(BUCKETS, np.uint64), np.zeros(BUCKETS, np.int64)
    for i in range(texts):
        n, _ = read_words(data, offsets[i], offsets[i + 1], kind, lower, hashes, norm, 0)
        room, m = out[at[i] :], max(0, n - width + 1)
        for first in range(m):
            total = np.uint64(0)
            for k in range(width):
                total += hashes[first + k] * factors[k]
            room[first] = mix(total)
        at[i + 1] = at[i] + distinct(room[:m], scratch, counts)
    return out[: at[texts]], at
