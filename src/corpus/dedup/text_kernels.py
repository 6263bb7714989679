"""Kernels that turn UTF-8 bytes into words, shingles, samples and MinHash values, without a Python object.

A shingle's hash is the mixed sum of its words' hashes, each times an odd number of its place, modulo 2**64.
"""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.jit import kernel
from corpus.dedup.sorting import BUCKETS, distinct
from corpus.dedup.word_kernels import EMPTY_WORD, ROOM, WORD_START, mix, paragraph_end, read_words

SHINGLE = 5
"""Words in a shingle (Broder 1997; five as in the field's published comparisons)."""
PLACE = tuple(np.uint64((0x9E3779B97F4A7C15 * (2 * k + 1)) % 2**64) for k in range(SHINGLE))
"""Odd multipliers of the places in a shingle."""
HIGH = np.uint64(32)
MOST_WORDS = 65_535
"""Words of a paragraph that are counted."""

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Int = int | np.int64


@kernel
def make_shingles(hashes: Hashes, n: int, out: Hashes) -> int:
    """The shingles of n words in the text's order, repeats included; fewer than five words make one."""
    if n == 0:
        return 0
    if n < SHINGLE:
        total = np.uint64(0)
        for k in range(SHINGLE):
            total += (hashes[k] if k < n else EMPTY_WORD) * PLACE[k]
        out[0] = mix(total)
        return 1
    for i in range(n - SHINGLE + 1):
        total = np.uint64(0)
        for k in range(SHINGLE):
            total += hashes[i + k] * PLACE[k]
        out[i] = mix(total)
    return n - SHINGLE + 1


@kernel
def winnow(shingles: Hashes, m: int, window: int, out: Hashes) -> int:
    """The least shingle of every stretch of `window` shingles in the text's order (Schleimer et al. 2003).

    Two texts that share `window` shingles in a row share one of these. Returns how many were written; values may recur.
    """
    if m == 0:
        return 0
    n = 0
    best = -1
    for last in range(min(window, m) - 1, m):
        first = max(0, last - window + 1)
        if best < first:
            best = first
            for k in range(first + 1, last + 1):
                if shingles[k] <= shingles[best]:
                    best = k
        elif shingles[last] <= shingles[best]:
            best = last
        else:
            continue
        out[n] = shingles[best]
        n += 1
    return n


@kernel
def minhash(
    shingles: Hashes, seeds: npt.NDArray[np.uint32], factors: npt.NDArray[np.uint32], out: npt.NDArray[np.uint32]
) -> None:
    """For each permutation the least of (high half of the shingle ^ seed) * factor, modulo 2**32."""
    out[:] = np.uint32(0xFFFFFFFF)
    i = 0
    while i + 4 <= len(shingles):  # four at once: each seed and each least value is read a quarter as often
        w, x = np.uint32(shingles[i] >> HIGH), np.uint32(shingles[i + 1] >> HIGH)
        y, z = np.uint32(shingles[i + 2] >> HIGH), np.uint32(shingles[i + 3] >> HIGH)
        for j in range(len(out)):
            s, f = seeds[j], factors[j]
            first = min(np.uint32(np.uint32(w ^ s) * f), np.uint32(np.uint32(x ^ s) * f))
            second = min(np.uint32(np.uint32(y ^ s) * f), np.uint32(np.uint32(z ^ s) * f))
            out[j] = min(out[j], first, second)
        i += 4
    for k in range(i, len(shingles)):
        x = np.uint32(shingles[k] >> HIGH)
        for j in range(len(out)):
            out[j] = min(out[j], np.uint32(np.uint32(x ^ seeds[j]) * factors[j]))


@kernel
def read_paragraphs(
    data: Bytes,
    start: int,
    end: int,
    kind: Bytes,
    lower: npt.NDArray[np.int32],
    hashes: Hashes,
    norm: Bytes,
    at: Int,
    out: Hashes,
    words: npt.NDArray[np.uint16],
    p: Int,
) -> tuple[int, Int, Int]:
    """As `read_words`, and of each paragraph (up to two line feeds) a hash of its words and how many, from `p` on.

    Returns how many words, where `norm` ends, and where the paragraphs end. A paragraph without words has hash 0.
    """
    n = 0
    begin: Int = start
    while begin <= end:
        stop = paragraph_end(data, begin, end)
        count, at = read_words(data, begin, stop, kind, lower, hashes[n:], norm, at)
        h = WORD_START
        for k in range(n, n + count):
            h = (h + hashes[k]) * PLACE[0]
        out[p], words[p] = mix(h) if count else np.uint64(0), min(count, MOST_WORDS)
        n, begin, p = n + count, stop + 2, p + 1
        if stop == end:
            break
    return n, at, p


@kernel
def sign_texts(
    data: Bytes,
    offsets: Ints,
    kind: Bytes,
    lower: npt.NDArray[np.int32],
    seeds: npt.NDArray[np.uint32],
    factors: npt.NDArray[np.uint32],
    window: int,
) -> tuple[Bytes, Ints, Hashes, Ints, Hashes, Ints, npt.NDArray[np.uint32], Hashes, npt.NDArray[np.uint16], Ints]:
    """Words, shingles, samples, MinHash and paragraphs of each text data[offsets[i]:offsets[i + 1]].

    Returns the words and their offsets, the sorted distinct shingles and theirs, the samples likewise, the MinHash
    values, a row for each text, and the hashes and numbers of words of paragraphs and their offsets.
    """
    texts = len(offsets) - 1
    size = offsets[texts] - offsets[0]
    longest = np.int64(0)
    for i in range(texts):
        longest = max(longest, offsets[i + 1] - offsets[i])
    norm = np.empty(2 * size + texts + ROOM, np.uint8)
    grams = np.empty(size // 2 + texts, np.uint64)
    picks = np.empty(size // 2 + texts, np.uint64)
    hashes = np.empty(longest // 2 + 1, np.uint64)
    norm_at = np.zeros(texts + 1, np.int64)
    grams_at = np.zeros(texts + 1, np.int64)
    picks_at = np.zeros(texts + 1, np.int64)
    parts, lengths = np.empty(size // 2 + texts, np.uint64), np.empty(size // 2 + texts, np.uint16)
    parts_at = np.zeros(texts + 1, np.int64)
    scratch, counts = np.empty(BUCKETS, np.uint64), np.zeros(BUCKETS, np.int64)
    mins = np.empty((texts, len(seeds)), np.uint32)
    for i in range(texts):
        n, norm_at[i + 1], parts_at[i + 1] = read_paragraphs(
            data, offsets[i], offsets[i + 1], kind, lower, hashes, norm, norm_at[i], parts, lengths, parts_at[i]
        )
        room = grams[grams_at[i] :]
        m = make_shingles(hashes, n, room)
        picked = picks[picks_at[i] : picks_at[i] + winnow(room, m, window, picks[picks_at[i] :])]
        picks_at[i + 1] = picks_at[i] + distinct(picked, scratch, counts)
        grams_at[i + 1] = grams_at[i] + distinct(room[:m], scratch, counts)
        minhash(grams[grams_at[i] : grams_at[i + 1]], seeds, factors, mins[i])
    found = parts_at[texts]
    return (
        norm[: norm_at[texts]],
        norm_at,
        grams[: grams_at[texts]],
        grams_at,
        picks[: picks_at[texts]],
        picks_at,
        mins,
        parts[:found],
        lengths[:found],
        parts_at,
    )
