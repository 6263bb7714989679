"""Kernels that find which records may have to do with one another: a value, or enough of MinHash, is equal."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.forest import find
from corpus.dedup.jit import kernel
from corpus.dedup.sets import Int
from corpus.dedup.sorting import in_order
from corpus.dedup.text_kernels import HIGH
from corpus.dedup.word_kernels import ODD, WORD_START, hash_bytes, mix

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Sketch = npt.NDArray[np.uint8]
BLOOM = 20
"""Bits of the number of places in a filter for what is looked for: a megabyte."""


@kernel
def hash_strings(data: Sketch, offsets: Ints, salt: np.uint64) -> Hashes:
    """A hash of each string data[offsets[i]:offsets[i + 1]], never 0."""
    out = np.empty(len(offsets) - 1, np.uint64)
    for i in range(len(out)):
        h = hash_bytes(mix(WORD_START ^ salt), data, offsets[i], offsets[i + 1])
        out[i] = max(np.uint64(1), h)
    return out


@kernel
def hash_pairs(first: Hashes, second: Hashes) -> Hashes:
    """A hash of each pair of hashes."""
    out = np.empty(len(first), np.uint64)
    for i in range(len(out)):
        out[i] = mix((first[i] * ODD) ^ mix(second[i]))
    return out


@kernel
def hash_rows(sketch: Sketch) -> Hashes:
    """A hash of each row, never 0."""
    out = np.empty(len(sketch), np.uint64)
    for i in range(len(sketch)):
        out[i] = max(np.uint64(1), hash_bytes(WORD_START, sketch[i], 0, sketch.shape[1]))
    return out


@kernel
def numbered(values: Hashes, bits: np.uint64) -> Hashes:
    """Of each value that is not 0 its first bits and, in the last `bits` bits, its place."""
    out, n = np.empty(len(values), np.uint64), 0
    for i in range(len(values)):
        if values[i] != 0:
            out[n] = ((values[i] >> bits) << bits) | np.uint64(i)
            n += 1
    return out[:n]


@kernel
def tie_runs(values: Hashes, keys: Hashes, bits: np.uint64, forest: Ints, first: Flags) -> None:
    """As `tie_equals`; `keys`: of the values as `numbered` makes them, sorted."""
    mask, count = (np.uint64(1) << bits) - np.uint64(1), len(forest)
    start = 0
    while start < len(keys):
        stop, alike = start + 1, True
        head = np.int64(keys[start] & mask)
        while stop < len(keys) and keys[stop] >> bits == keys[start] >> bits:
            alike = alike and values[np.int64(keys[stop] & mask)] == values[head]
            stop += 1
        run = (keys[start:stop] & mask).astype(np.int64)
        if not alike:  # the bits that gave way to places tell them apart
            run = run[np.argsort(values[run], kind="mergesort")]
        for k in range(len(run)):
            first[run[k]] = k == 0 or values[run[k]] != values[run[k - 1]]
            if not first[run[k]]:
                a, b = find(forest, run[k] % count), find(forest, run[k - 1] % count)
                forest[max(a, b)] = min(a, b)
        start = stop


def tie_equals(values: Hashes, forest: Ints) -> Flags:
    """Join all records of equal values (0: of none). A record may have several values: the one at i is that of record i
    modulo their number. Returns which values are the first of their kind."""
    first, bits = np.zeros(len(values), np.bool_), np.uint64(len(values).bit_length())
    unordered = numbered(values, bits)
    keys = np.empty_like(unordered)
    in_order(unordered, keys)
    tie_runs(values, keys, bits, forest, first)
    return first


@kernel
def band_key(sketch: Sketch, i: Int, band: int, rows: int) -> np.uint64:
    """The bytes of one band as a number of 32 bits (exactly, up to four rows)."""
    h = np.uint64(0)
    for k in range(band * rows, band * rows + rows):
        h = (h << np.uint64(8)) | np.uint64(sketch[i, k])
        if k - band * rows >= 3:
            h = h if rows == 4 else mix(h) >> HIGH
    return h & np.uint64(0xFFFFFFFF)


@kernel
def band_keys_of(sketch: Sketch, records: Ints, band: int, rows: int) -> Hashes:
    """The keys of one band of some records, each with the record's number in its last 32 bits."""
    out = np.empty(len(records), np.uint64)
    for k in range(len(records)):
        out[k] = (band_key(sketch, records[k], band, rows) << HIGH) | np.uint64(records[k])
    return out


@kernel
def mark_crowded(keys: Hashes, most: int, crowded: Flags) -> None:
    """Mark the records of keys (sorted, as `band_keys_of` makes them) that more than `most` share."""
    start = 0
    for i in range(1, len(keys) + 1):
        if i == len(keys) or keys[i] >> HIGH != keys[start] >> HIGH:
            if i - start > most:
                for k in range(start, i):
                    crowded[np.int64(keys[k] & np.uint64(0xFFFFFFFF))] = True
            start = i


@kernel
def bloom_of(values: Hashes) -> Sketch:
    """A filter: of each value the byte at its place is 1."""
    bloom = np.zeros(1 << BLOOM, np.uint8)
    for value in values:
        bloom[np.int64(mix(value) & np.uint64((1 << BLOOM) - 1))] = 1
    return bloom


@kernel
def among(value: np.uint64, values: Hashes, bloom: Sketch) -> Int:
    """The first place of a value among `values` (sorted), -1 where it is not there."""
    if bloom[np.int64(mix(value) & np.uint64((1 << BLOOM) - 1))] == 0:
        return -1
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low if low < len(values) and values[low] == value else -1


@kernel
def mark_linked(links: Hashes, wanted: Hashes, bloom: Sketch, hit: Flags) -> None:
    """Mark the rows of `links` one of whose values is wanted (sorted)."""
    for i in range(len(links)):
        for k in range(links.shape[1]):
            if links[i, k] != 0 and among(links[i, k], wanted, bloom) >= 0:
                hit[i] = True
                break


@kernel
def mark_near(
    old: Sketch, leads: Flags, new: Sketch, keys: Hashes, owner: Ints, bloom: Sketch, least: int, rows: int,
    hit: Flags, met: Ints,
) -> None:  # fmt: skip
    """Mark the rows of `old` that lead and share a band with a row of `new` and agree with it in `least` values.

    `keys` (sorted) are the bands of `new`, the number of the band in their first bits, and `owner` whose each is; `met`
    counts at the first of equal keys how many of `old` have it.
    """
    for i in range(len(old)):
        for band in range(old.shape[1] // rows if leads[i] else 0):
            key = (np.uint64(band) << HIGH) | band_key(old, i, band, rows)
            first = among(key, keys, bloom)
            if first < 0:
                continue
            met[first] += 1
            k = first
            while not hit[i] and k < len(keys) and keys[k] == key:
                hit[i] = agreement_of(old, i, new, owner[k]) >= least
                k += 1


@kernel
def agreement_of(old: Sketch, i: Int, new: Sketch, j: Int) -> Int:
    """How many bytes of row i of `old` and row j of `new` agree."""
    count = 0
    for k in range(old.shape[1]):
        count += old[i, k] == new[j, k]
    return count
