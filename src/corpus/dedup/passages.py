# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments
"""Where the passage lies that one text holds of another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.characters import ALONE, BREAK, LETTER, characters
from corpus.dedup.jit import kernel
from corpus.dedup.signing import buffers
from corpus.dedup.text_kernels import BUCKETS, SHINGLE, decode, distinct, make_shingles, read_words

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Int = int | np.int64
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
    room, longest = offsets[texts] // 2 + texts, np.int64(0)
    for i in range(texts):
        longest = max(longest, offsets[i + 1] - offsets[i])
    shingles, ordered = np.empty(room, np.uint64), np.empty(room, np.uint64)
    first, last = np.empty(room, np.int64), np.empty(room, np.int64)
    passage = np.empty(longest // 2 + 1, np.uint64)
    hashes, norm = np.empty(longest // 2 + 1, np.uint64), np.empty(2 * longest + 1, np.uint8)
    at, count, sizes = np.zeros(texts + 1, np.int64), np.zeros(texts, np.int64), np.zeros(texts, np.int64)
    scratch, counts = np.empty(BUCKETS, np.uint64), np.zeros(BUCKETS, np.int64)
    for i in range(texts):
        start, end = offsets[i], offsets[i + 1]
        n, _ = read_words(data, start, end, kind, lower, hashes, norm, 0)
        word_spans(data, start, end, kind, first[at[i] :], last[at[i] :])
        count[i] = make_shingles(hashes, n, shingles[at[i] :])
        ordered[at[i] : at[i] + count[i]] = shingles[at[i] : at[i] + count[i]]
        sizes[i] = distinct(ordered[at[i] : at[i] + count[i]], scratch, counts)
        at[i + 1] = at[i] + n
    found = np.zeros((len(holding), 4), np.int64)
    for k in range(len(holding)):
        i, j = holding[k], held[k]
        own, other = shingles[at[i] : at[i] + count[i]], shingles[at[j] : at[j] + count[j]]
        start, stop = best_stretch(own, ordered[at[j] : at[j] + sizes[j]], penalty)
        if stop == start:
            continue
        found[k, 0] = first[at[i] + start]
        found[k, 1] = last[min(at[i] + stop + SHINGLE - 1, at[i + 1]) - 1]
        passage[: stop - start] = own[start:stop]
        start, stop = best_stretch(other, passage[: distinct(passage[: stop - start], scratch, counts)], penalty)
        found[k, 2] = first[at[j] + start]
        found[k, 3] = last[min(at[j] + stop + SHINGLE - 1, at[j + 1]) - 1]
    return found


@kernel
def word_spans(data: Bytes, start: Int, end: Int, kind: Bytes, first: Ints, last: Ints) -> int:
    """Where the words that `read_words` finds in data[start:end] begin and end, in code points; returns how many."""
    n, at = 0, 0
    p: Int = start
    inside = False
    while p < end:
        code, length = decode(data, p, end)
        what = BREAK if code < 0 else kind[code]
        if inside and what != LETTER:
            last[n] = at
            n, inside = n + 1, False
        if what == ALONE:
            first[n], last[n] = at, at + 1
            n += 1
        elif what == LETTER and not inside:
            first[n], inside = at, True
        p += length
        at += 1
    if inside:
        last[n] = at
        n += 1
    return n


@kernel
def best_stretch(shingles: Hashes, other: Hashes, penalty: float) -> tuple[int, int]:
    """The stretch of `shingles` with the most that are in `other` (sorted), less `penalty` for each that is not.

    Of equals the first; the largest sum of consecutive elements (Kadane).
    """
    best, total, start = 0.0, 0.0, 0
    first, last = 0, 0
    for i in range(len(shingles)):
        if total <= 0:
            total, start = 0.0, i
        at = np.searchsorted(other, shingles[i])
        total += 1.0 if at < len(other) and other[at] == shingles[i] else -penalty
        if total > best:
            best, first, last = total, start, i + 1
    return first, last
