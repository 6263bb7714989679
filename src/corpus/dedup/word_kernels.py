"""Kernels that read words out of UTF-8, eight bytes at a time where these are ASCII, without a Python object.

A word's hash is that of the UTF-8 of its lower-case characters: each eight bytes, the last filled up with zeros, are
joined to it by exclusive or and mixed by MurmurHash3's 64-bit finaliser. All arithmetic is modulo 2**64. That a byte of
eight is in a range is told by additions that carry into its first bit (Warren, Hacker's Delight, ch. 6).
"""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.characters import ALONE, BREAK, LETTER, MARK
from corpus.dedup.jit import kernel

MIX_1, MIX_2, MIX_SHIFT = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53), np.uint64(33)
WORD_START = np.uint64(0xCBF29CE484222325)
ODD = np.uint64(0x100000001B3)
"""What hashes that go into one are multiplied by."""
EMPTY_WORD = WORD_START
"""The hash of a word without letters, which fills up texts of fewer than five words."""
SPACE, FEED, ASCII = np.uint8(32), np.uint8(10), np.uint8(128)
ROOM = 8
"""Bytes behind the last word that may be written to."""
U = np.uint64
ONES, HIGHS, FULL = U(0x0101010101010101), U(0x8080808080808080), U(0xFFFFFFFFFFFFFFFF)
FEEDS, BELOW_HIGHS, CASE = ONES * U(10), ONES * U(0x7F), ONES * U(0x20)
FROM_A, FROM_Z, LOW_LINE = ONES * U(128 - 97), ONES * U(128 - 123), ONES * U(0x5F)
FROM_0, FROM_9 = ONES * U(128 - 48), ONES * U(128 - 58)
BITS, TOP, TO_CASE, EIGHT, ONE = U(8), U(56), U(2), U(8), U(1)

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Int = int | np.int64


@kernel
def mix(h: np.uint64) -> np.uint64:
    """MurmurHash3's finaliser."""
    h = (h ^ (h >> MIX_SHIFT)) * MIX_1
    h = (h ^ (h >> MIX_SHIFT)) * MIX_2
    return h ^ (h >> MIX_SHIFT)


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
def eight(data: Bytes, at: Int) -> np.uint64:
    """The eight bytes from `at` on, little-endian (compiled to one load)."""
    p = np.uint64(at)
    return (
        U(data[p])
        | (U(data[p + U(1)]) << U(8))
        | (U(data[p + U(2)]) << U(16))
        | (U(data[p + U(3)]) << U(24))
        | (U(data[p + U(4)]) << U(32))
        | (U(data[p + U(5)]) << U(40))
        | (U(data[p + U(6)]) << U(48))
        | (U(data[p + U(7)]) << U(56))
    )


@kernel
def put_eight(value: np.uint64, out: Bytes, at: Int) -> None:
    """Write eight bytes from `at` on, little-endian (compiled to one store)."""
    p = np.uint64(at)
    out[p] = np.uint8(value)
    out[p + U(1)] = np.uint8(value >> U(8))
    out[p + U(2)] = np.uint8(value >> U(16))
    out[p + U(3)] = np.uint8(value >> U(24))
    out[p + U(4)] = np.uint8(value >> U(32))
    out[p + U(5)] = np.uint8(value >> U(40))
    out[p + U(6)] = np.uint8(value >> U(48))
    out[p + U(7)] = np.uint8(value >> U(56))


@kernel
def letters_in(x: np.uint64) -> np.uint64:
    """The first bit of each of eight ASCII bytes that is a letter, a digit or a low line."""
    folded = x | CASE
    letter = (folded + FROM_A) & ~(folded + FROM_Z)
    digit = (x + FROM_0) & ~(x + FROM_9)
    return (letter | digit | ~((x ^ LOW_LINE) + BELOW_HIGHS)) & HIGHS


@kernel
def in_lower_case(x: np.uint64) -> np.uint64:
    """Eight ASCII bytes in lower case."""
    folded = x | CASE
    letter = (folded + FROM_A) & ~(folded + FROM_Z) & HIGHS
    return x | (letter >> TO_CASE)


@kernel
def bytes_before(highs: np.uint64) -> np.int64:
    """How many of eight bytes come before the first one whose first bit is set; 8 where none is."""
    if highs == 0:
        return np.int64(8)
    return np.int64(((((highs & (~highs + ONE)) - ONE) & ONES) * ONES) >> TOP) - 1


@kernel
def hash_bytes(h: np.uint64, data: Bytes, start: Int, end: Int) -> np.uint64:
    """The hash `h` and then data[start:end]."""
    while start + 8 <= end:
        h = mix(h ^ eight(data, start))
        start += 8
    last = U(0)
    for k in range(end - 1, start - 1, -1):
        last = (last << BITS) | U(data[k])
    return mix(h ^ last) if start < end else h


@kernel
def read_words(
    data: Bytes, start: Int, end: Int, kind: Bytes, lower: npt.NDArray[np.int32], hashes: Hashes, norm: Bytes, at: Int
) -> tuple[int, Int]:
    """Hashes of the words of data[start:end] into `hashes`, the words themselves, a space after each, into `norm`.

    Returns how many words, and where `norm` ends; ROOM bytes behind that may have been written to.
    """
    n = 0
    begin = at  # of the word that is being read, if `inside`
    inside = False
    p: Int = start
    while p < end:
        if p + 8 <= end:
            x = eight(data, p)
            if x & HIGHS == 0:
                found = letters_in(x)
                k = bytes_before(found ^ HIGHS)
                if k == 0 and not inside:
                    p += bytes_before(found)
                    continue
                x = in_lower_case(x)
                put_eight(x, norm, at)
                at += k
                p += k
                if k == 8:
                    inside = True
                    continue
                if inside:
                    hashes[n] = hash_bytes(WORD_START, norm, begin, at)
                else:
                    hashes[n] = mix(WORD_START ^ (x & ((ONE << U(8 * k)) - ONE)))
                norm[at] = SPACE
                n, at, p, inside = n + 1, at + 1, p + 1, False
                begin = at
                continue
        code, length = decode(data, p, end)
        p += length
        what = np.uint8(BREAK) if code < 0 else kind[code]
        if inside and what != LETTER:
            hashes[n] = hash_bytes(WORD_START, norm, begin, at)
            norm[at] = SPACE
            n, at, inside = n + 1, at + 1, False
            begin = at
        if what in (BREAK, MARK):
            continue
        at = encode(np.int64(lower[code]), norm, at)
        inside = what == LETTER
        if what == ALONE:
            hashes[n] = hash_bytes(WORD_START, norm, begin, at)
            norm[at] = SPACE
            n, at = n + 1, at + 1
            begin = at
    if inside:
        hashes[n] = hash_bytes(WORD_START, norm, begin, at)
        norm[at] = SPACE
        n, at = n + 1, at + 1
    return n, at


@kernel
def paragraph_end(data: Bytes, start: Int, end: Int) -> Int:
    """Where the paragraph that begins at `start` ends: at two line feeds, or at `end`."""
    p: Int = start
    while p + 8 <= end:
        x = eight(data, p) ^ FEEDS
        feeds = ~(((x & BELOW_HIGHS) + BELOW_HIGHS) | x) & HIGHS
        if feeds == 0:
            p += 8
            continue
        p += bytes_before(feeds)
        if p + 1 < end and data[p + 1] == FEED:
            return p
        p += 1
    while p < end:
        if data[p] == FEED and p + 1 < end and data[p + 1] == FEED:
            return p
        p += 1
    return end
