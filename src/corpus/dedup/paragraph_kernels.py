"""Kernels on the paragraphs of all articles: which of them have the words of another."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.jit import kernel

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
TWICE = np.uint8(2)


@kernel
def count_paragraphs(
    hashes: Hashes, bounds: Ints, words: npt.NDArray[np.uint16], numbers: Ints, least: int,
    seen: npt.NDArray[np.uint8], total: Ints,
) -> int:  # fmt: skip
    """Count each paragraph of at least `least` words of articles in `seen`, up to two, by its hash.

    hashes[bounds[i]:bounds[i + 1]] are those of article numbers[i] (below 0: none); `total` gets the words of each.
    Slots of `seen` are shared by chance: what was seen twice may recur, what was not does not. Returns how many may.
    """
    mask, n = np.uint64(len(seen) - 1), 0
    for i in range(len(numbers)):
        if numbers[i] >= 0:
            for k in range(bounds[i], bounds[i + 1]):
                total[numbers[i]] += words[k]
                if words[k] >= least:
                    slot = np.int64(hashes[k] & mask)
                    n += seen[slot] > 0
                    seen[slot] = min(TWICE, seen[slot] + 1)
    return n


@kernel
def recurring_paragraphs(
    hashes: Hashes, bounds: Ints, words: npt.NDArray[np.uint16], numbers: Ints, least: int,
    seen: npt.NDArray[np.uint8], found: Hashes, record: Ints, index: Ints, length: Ints, n: int,
) -> int:  # fmt: skip
    """Write from `n` on the paragraphs seen twice: hash, article, place in its text and words; returns the end."""
    mask = np.uint64(len(seen) - 1)
    for i in range(len(numbers)):
        if numbers[i] >= 0:
            for k in range(bounds[i], bounds[i + 1]):
                if words[k] >= least and seen[np.int64(hashes[k] & mask)] >= TWICE:
                    found[n], record[n] = hashes[k], numbers[i]
                    index[n], length[n] = k - bounds[i], words[k]
                    n += 1
    return n
