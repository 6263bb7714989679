# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments
"""Where the passage lies that one text holds of another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.characters import ALONE, BREAK, LETTER, characters
from corpus.dedup.jit import kernel
from corpus.dedup.signing import buffers
from corpus.dedup.sorting import BUCKETS, distinct
from corpus.dedup.text_kernels import SHINGLE, make_shingles
from corpus.dedup.word_kernels import HIGHS, ONES, ROOM, TOP, decode, eight, letters_in, read_words

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Int = int | np.int64
LAST, NEXT, INSIDE, LAST_OF_BYTE = np.uint64(63), np.uint64(8), np.uint64(0x80), np.uint64(7)
FEW = 8
"""Members that are read through rather than halved."""
PENALTY = 0.5
"""What a foreign 5-gram costs within a passage, in 5-grams of it: an edited word or two do not break a passage."""


def passages(texts: pa.Array, holding: Ints, held: Ints) -> Ints:
    """For each pair of texts (by place) the longest passage that `holding` has of `held`, and where it is there.

    Rows: start and end in `holding`, start and end in `held`, in code points; zeros where they share none.
    """
    offsets, data = buffers(texts)
    table = characters()
    return np.asarray(find_passages(data, offsets, table.kind, table.lower, holding, held, PENALTY))


@kernel
def find_passages(
    data: Bytes, offsets: Ints, kind: Bytes, lower: npt.NDArray[np.int32], holding: Ints, held: Ints, penalty: float
) -> Ints:
    """As `passages`, on the UTF-8 of text i in data[offsets[i]:offsets[i + 1]]."""
    texts = len(offsets) - 1
    longest = np.int64(0)
    for i in range(texts):
        longest = max(longest, offsets[i + 1] - offsets[i])
    shingles = np.empty(offsets[texts] // 2 + texts, np.uint64)
    hashes, norm = np.empty(longest // 2 + 1, np.uint64), np.empty(2 * longest + ROOM + 1, np.uint8)
    at, words = np.zeros(texts + 1, np.int64), np.zeros(texts, np.int64)
    for i in range(texts):
        words[i], _ = read_words(data, offsets[i], offsets[i + 1], kind, lower, hashes, norm, 0)
        at[i + 1] = at[i] + make_shingles(hashes, words[i], shingles[at[i] :])
    scratch, counts, index = np.empty(BUCKETS, np.uint64), np.zeros(BUCKETS, np.int64), np.empty(BUCKETS + 1, np.int64)
    found = np.zeros((len(holding), 4), np.int64)
    for k in range(len(holding)):
        i, j = holding[k], held[k]
        own, other = shingles[at[i] : at[i + 1]], shingles[at[j] : at[j + 1]]
        start, stop = best_stretch(own, other, hashes, scratch, counts, index, penalty)
        if stop == start:
            continue
        last = min(stop + SHINGLE - 1, words[i])
        found[k, 0], found[k, 1] = span_of(data, offsets[i], offsets[i + 1], kind, start, last)
        start, stop = best_stretch(other, own[start:stop], hashes, scratch, counts, index, penalty)
        last = min(stop + SHINGLE - 1, words[j])
        found[k, 2], found[k, 3] = span_of(data, offsets[j], offsets[j + 1], kind, start, last)
    return found


@kernel
def span_of(data: Bytes, start: Int, end: Int, kind: Bytes, first: Int, stop: Int) -> tuple[int, int]:
    """Where words `first` to before `stop`, of data[start:end] begin and end in code points.

    They are those that `read_words` finds, which has found at least so many.
    """
    at, begin, close = 0, 0, 0
    n: Int = 0
    p: Int = start
    inside = False
    while p < end:
        if p + 8 <= end and n != first:
            x = eight(data, p)
            if x & HIGHS == 0:
                letters = letters_in(x)
                begun = starts_in(letters, inside)
                if n + begun <= first or (n > first and n + begun < stop):  # neither bound is among these
                    n, p, at, inside = n + begun, p + 8, at + 8, letters >> LAST != 0
                    continue
        code, length = decode(data, p, end)
        what = np.uint8(BREAK) if code < 0 else kind[code]
        if inside and what != LETTER:
            inside = False
            if n == stop:
                return begin, close
        if what == ALONE or (what == LETTER and not inside):
            if n == stop:
                break
            if n == first:
                begin = at
            n += 1
            inside = what == LETTER
        p += length
        at += 1
        if what in (ALONE, LETTER):
            close = at
    return begin, close


@kernel
def starts_in(letters: np.uint64, inside: bool) -> np.int64:
    """How many words begin in eight bytes; `letters`: the first bit of each that is of a word."""
    before = (letters << NEXT) | (INSIDE if inside else NEXT - NEXT)
    return np.int64((((letters & ~before) >> LAST_OF_BYTE) * ONES) >> TOP)


@kernel
def best_stretch(
    shingles: Hashes, other: Hashes, ordered: Hashes, scratch: Hashes, counts: Ints, index: Ints, penalty: float
) -> tuple[int, int]:
    """The stretch of `shingles` with the most that are in `other`, less `penalty` for each that is not.

    Of equals the first; the largest sum of consecutive elements (Kadane). `ordered` has room for `other`, the rest is
    room for `distinct` and `index_of`.
    """
    ordered[: len(other)] = other
    members = ordered[: distinct(ordered[: len(other)], scratch, counts)]
    shift = index_of(members, index)
    best, total, start = 0.0, 0.0, 0
    first, last = 0, 0
    for i in range(len(shingles)):
        if total <= 0:
            total, start = 0.0, i
        total += 1.0 if holds(members, index, shift, shingles[i]) else -penalty
        if total > best:
            best, first, last = total, start, i + 1
    return first, last


@kernel
def index_of(members: Hashes, index: Ints) -> np.uint64:
    """Fill `index`: the members (sorted) whose first bits are b are index[b] to index[b + 1]; returns 64 less the bits.

    `index` has a power of two elements and one. Hashes are spread evenly, so there is about one member to each value of
    the bits, as far as there are so many.
    """
    bits = 1
    while (1 << bits) < min(len(members), len(index) - 1):
        bits += 1
    shift = np.uint64(64 - bits)
    at = 0
    for bucket in range(1 << bits):
        while at < len(members) and np.int64(members[at] >> shift) < bucket:
            at += 1
        index[bucket] = at
    index[1 << bits] = len(members)
    return shift


@kernel
def holds(members: Hashes, index: Ints, shift: np.uint64, value: np.uint64) -> bool:
    """Whether a value is among the members that `index` was filled for."""
    bucket = np.int64(value >> shift)
    low, high = index[bucket], index[bucket + 1]
    while high - low > FEW:
        middle = (low + high) // 2
        if members[middle] <= value:
            low = middle
        else:
            high = middle
    while low < high and members[low] < value:
        low += 1
    return bool(low < high and members[low] == value)
