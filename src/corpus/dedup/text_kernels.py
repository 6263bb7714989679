"""Kernels that turn UTF-8 bytes into words, shingles, samples and MinHash values, without a Python object.

A word's hash is FNV-1a over the UTF-8 of its lower-case characters, finished by MurmurHash3's 64-bit mixer; a shingle's
the mixed sum of its words' hashes, each times an odd number of its place. All arithmetic is modulo 2**64.
"""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.characters import ALONE, BREAK, LETTER, MARK
from corpus.dedup.jit import kernel
from corpus.dedup.sorting import BUCKETS, distinct

SHINGLE = 5
"""Words in a shingle (Broder 1997; five as in the field's published comparisons)."""
FNV_START, FNV_PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
MIX_1, MIX_2, MIX_SHIFT = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53), np.uint64(33)
PLACE = tuple(np.uint64((0x9E3779B97F4A7C15 * (2 * k + 1)) % 2**64) for k in range(SHINGLE))
"""Odd multipliers of the places in a shingle."""
HIGH = np.uint64(32)
SPACE, FEED, ASCII = np.uint8(32), np.uint8(10), np.uint8(128)
MOST_WORDS = 65_535
"""Words of a paragraph that are counted."""

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Int = int | np.int64


@kernel
def mix(h: np.uint64) -> np.uint64:
    """MurmurHash3's finaliser."""
    h = (h ^ (h >> MIX_SHIFT)) * MIX_1
    h = (h ^ (h >> MIX_SHIFT)) * MIX_2
    return h ^ (h >> MIX_SHIFT)


EMPTY_WORD = np.uint64(0xEFD01F60BA992926)
"""The hash of a word without letters, which fills up texts of fewer than five words."""


@kernel
def decode(data: Bytes, at: Int, end: Int) -> tuple[Int, Int]:
    """Code point and length of the UTF-8 sequence at `at`; -1 and 1 where there is none."""
    first = np.int64(data[at])
    if first < 0x80:
        return first, 1
    length = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    if first < 0xC2 or first > 0xF4 or at + length > end:
        return -1, 1
    code = first & (0x7F >> length)
    for k in range(1, length):
        code = (code << 6) | (np.int64(data[at + k]) & 0x3F)
    return (code, length) if code <= 0x10FFFF else (-1, 1)


@kernel
def encode(code: Int, out: Bytes, at: Int) -> Int:
    """Write a code point as UTF-8; returns where the next one goes."""
    if code < 0x80:
        out[at] = code
        return at + 1
    if code < 0x800:
        out[at] = 0xC0 | (code >> 6)
    else:
        if code < 0x10000:
            out[at] = 0xE0 | (code >> 12)
        else:
            out[at] = 0xF0 | (code >> 18)
            at += 1
            out[at] = 0x80 | ((code >> 12) & 0x3F)
        at += 1
        out[at] = 0x80 | ((code >> 6) & 0x3F)
    out[at + 1] = 0x80 | (code & 0x3F)
    return at + 2


@kernel
def read_words(
    data: Bytes, start: int, end: int, kind: Bytes, lower: npt.NDArray[np.int32], hashes: Hashes, norm: Bytes, at: Int
) -> tuple[int, Int]:
    """Hashes of the words of data[start:end] into `hashes`, the words themselves, a space after each, into `norm`.

    Returns how many words, and where `norm` ends.
    """
    n = 0
    h = FNV_START
    inside = False
    p: Int = start
    while p < end:
        first = data[p]
        if first < ASCII:  # the common case, without a call
            what = kind[first]
            p += 1
            if what == LETTER:
                letter = np.uint8(lower[first])
                h = (h ^ np.uint64(letter)) * FNV_PRIME
                norm[at] = letter
                at += 1
                inside = True
                continue
            code: Int = np.int64(first)
        else:
            code, length = decode(data, p, end)
            p += length
            what = np.uint8(BREAK) if code < 0 else kind[code]
        if inside and what != LETTER:
            hashes[n] = mix(h)
            norm[at] = SPACE
            n, at, h, inside = n + 1, at + 1, FNV_START, False
        if what in (BREAK, MARK):
            continue
        after = encode(np.int64(lower[code]), norm, at)
        for k in range(at, after):
            h = (h ^ np.uint64(norm[k])) * FNV_PRIME
        at = after
        inside = what == LETTER
        if what == ALONE:
            hashes[n] = mix(h)
            norm[at] = SPACE
            n, at, h = n + 1, at + 1, FNV_START
    if inside:
        hashes[n] = mix(h)
        norm[at] = SPACE
        n, at = n + 1, at + 1
    return n, at


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
    for i in range(len(shingles)):
        x = np.uint32(shingles[i] >> HIGH)
        for j in range(len(out)):
            value = np.uint32(np.uint32(x ^ seeds[j]) * factors[j])
            out[j] = min(out[j], value)


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
    n, begin = 0, start
    for i in range(start, end + 1):
        if i < end and (data[i] != FEED or i + 1 >= end or data[i + 1] != FEED or i < begin):
            continue
        count, at = read_words(data, begin, i, kind, lower, hashes[n:], norm, at)
        h = FNV_START
        for k in range(n, n + count):
            h = (h + hashes[k]) * PLACE[0]
        out[p], words[p] = mix(h) if count else np.uint64(0), min(count, MOST_WORDS)
        n, begin, p = n + count, i + 2, p + 1
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
    norm = np.empty(2 * size + texts, np.uint8)
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
