# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments
"""The words and marks of a text, and the shortest edit script of two sequences of them, in bounded time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.characters import BREAK, LETTER
from corpus.dedup.jit import kernel
from corpus.dedup.word_kernels import ODD, WORD_START, decode

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Int = int | np.int64


POINT, COMMA, ZERO, NINE = 0x2E, 0x2C, 0x30, 0x39
FEW = 32
"""Edits that are tried first: most versions differ by less."""


@kernel
def read_marks(
    data: Bytes, kind: Bytes, lower: npt.NDArray[np.int32], hashes: npt.NDArray[np.uint64], first: Ints, last: Ints
) -> int:
    """Words and marks of a text in UTF-8: their hashes, in lower case, and their first and last byte, exclusive.

    A point or comma before a digit belongs to the word, so that 3.4 is one; space is left out. Returns how many.
    """
    n, end = 0, len(data)
    p: Int = 0
    inside = False
    while p < end:
        code, length = decode(data, p, end)
        what = BREAK if code < 0 else kind[code]
        within = p + 1 < end and code in (POINT, COMMA) and ZERO <= data[p + 1] <= NINE
        if inside and what != LETTER and not within:
            inside = False
        if what != BREAK:
            if not inside:
                first[n], hashes[n] = p, WORD_START
                n += 1
            hashes[n - 1] = (hashes[n - 1] ^ np.uint64(lower[code])) * ODD
            last[n - 1] = p + length
            inside = bool(what == LETTER or (inside and within))
        p += length
    return n


@kernel
def hunks(a: Ints, b: Ints, most: int) -> Ints:
    """The stretches in which `b` differs from `a`, as rows (start and end in a, start and end in b), in order.

    The greedy algorithm of Myers (1986); where it takes more than `most` insertions and deletions, one stretch that
    holds them all.
    """
    n, m = len(a), len(b)
    start = 0
    while start < min(n, m) and a[start] == b[start]:
        start += 1
    while n > start and m > start and a[n - 1] == b[m - 1]:
        n, m = n - 1, m - 1
    reach, edits = search(a[:n], b[:m], start, min(FEW, most))
    if edits < 0:
        reach, edits = search(a[:n], b[:m], start, min(most, n + m - 2 * start))
    if edits < 0:
        whole = np.empty((1, 4), np.int64)
        whole[0, 0], whole[0, 1], whole[0, 2], whole[0, 3] = start, n, start, m
        return whole
    return trace(reach, edits, n, m)


@kernel
def search(a: Ints, b: Ints, start: int, limit: int) -> tuple[npt.NDArray[np.int64], int]:
    """For each number of edits the furthest place in `a` on each diagonal, and how many edits it takes (-1: more)."""
    n, m = len(a), len(b)
    reach = np.full((limit + 1, 2 * limit + 3), -1, np.int64)
    for d in range(limit + 1):
        for k in range(-d, d + 1, 2):
            at = k + limit + 1
            if d == 0:
                x = start
            elif down(reach, d, k):
                x = reach[d - 1, at + 1]
            else:
                x = reach[d - 1, at - 1] + 1
            while x < n and x - k < m and a[x] == b[x - k]:
                x += 1
            reach[d, at] = x
            if x >= n and x - k >= m:
                return reach, d
    return reach, -1


@kernel
def down(reach: npt.NDArray[np.int64], d: int, k: int) -> bool:
    """Whether edit `d` on diagonal `k` inserts a word of b; else it deletes one of a."""
    at = k + (reach.shape[1] - 3) // 2 + 1
    return k == -d or (k != d and reach[d - 1, at - 1] < reach[d - 1, at + 1])


@kernel
def trace(reach: npt.NDArray[np.int64], edits: int, x: int, y: int) -> Ints:
    """The way back from the end (x, y), edits side by side as one stretch."""
    found, count = np.empty((edits, 4), np.int64), 0
    for d in range(edits, 0, -1):
        k = x - y
        at = k + (reach.shape[1] - 3) // 2 + 1
        inserts = down(reach, d, k)
        before = reach[d - 1, at + 1] if inserts else reach[d - 1, at - 1]
        x, y = before, before - (k + 1 if inserts else k - 1)
        to_x, to_y = (x, y + 1) if inserts else (x + 1, y)
        if count > 0 and found[count - 1, 0] == to_x and found[count - 1, 2] == to_y:
            found[count - 1, 0], found[count - 1, 2] = x, y
        else:
            found[count, 0], found[count, 1], found[count, 2], found[count, 3] = x, to_x, y, to_y
            count += 1
    return found[:count][::-1].copy()
