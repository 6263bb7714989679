"""Kernels that find which articles share winnowed samples."""

# ruff: noqa: PLR0917 - kernels take their arrays by place (numba knows no keyword-only arguments), and are one
# loop with its cases: a call in the middle would hide the order in which lists are filled

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.jit import kernel
from corpus.dedup.word_kernels import mix

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Int = int | np.int64
HALF = np.uint64(32)
MOST_COUNTED = 255
COMMON = 64
"""Articles that share a sample, above which it is too common to propose every pair of them."""
SHORTEST = 4
"""The shortest of so many articles that share a common sample are still held against all of them."""


@kernel
def count_samples(
    samples: Hashes, bounds: Ints, numbers: Ints, wanted: npt.NDArray[np.bool_], parts: int, counts: Ints,
    uncommon: Ints,
) -> None:  # fmt: skip
    """Count the samples of the wanted records by their first `parts` bits, and of each record.

    samples[bounds[i]:bounds[i + 1]] are those of record numbers[i].
    """
    shift = np.uint64(64 - parts)
    for i in range(len(numbers)):
        if numbers[i] >= 0 and wanted[numbers[i]]:
            uncommon[numbers[i]] = bounds[i + 1] - bounds[i]
            for k in range(bounds[i], bounds[i + 1]):
                counts[np.int64(samples[k] >> shift) if parts > 0 else 0] += 1


@kernel
def deal_samples(
    samples: Hashes, bounds: Ints, numbers: Ints, wanted: npt.NDArray[np.bool_], parts: int, bits: np.uint64,
    next_of: Ints, out: Hashes,
) -> None:  # fmt: skip
    """Deal the samples that `count_samples` counted out to their parts, each with its record's number.

    `next_of`: where the next one of each part goes. The number takes the last `bits` bits of a sample: the few samples
    that then look alike only propose a pair too many.
    """
    shift = np.uint64(64 - parts)
    for i in range(len(numbers)):
        if numbers[i] >= 0 and wanted[numbers[i]]:
            for k in range(bounds[i], bounds[i + 1]):
                part = np.int64(samples[k] >> shift) if parts > 0 else 0
                out[next_of[part]] = ((samples[k] >> bits) << bits) | np.uint64(numbers[i])
                next_of[part] += 1


@kernel
def end_of(values: Hashes, start: int, bits: np.uint64) -> int:
    """The place behind the last of `values` (sorted) that is the sample at `start`, whatever its last `bits` bits."""
    stop = start + 1
    while stop < len(values) and values[stop] >> bits == values[start] >> bits:
        stop += 1
    return stop


@kernel
def keep_shared(values: Hashes, bits: np.uint64, uncommon: Ints) -> int:
    """Move the samples of more than one record to the front of `values` (sorted); returns how many.

    Those of more than COMMON records are taken off `uncommon`, the number of each record's samples.
    """
    mask = (np.uint64(1) << bits) - np.uint64(1)
    start, n = 0, 0
    while start < len(values):
        stop = end_of(values, start, bits)
        if stop - start > 1:
            for i in range(start, stop):
                uncommon[np.int64(values[i] & mask)] -= stop - start > COMMON
                values[n] = values[i]
                n += 1
        start = stop
    return n


@kernel
def visit_pairs(
    values: Hashes,
    bits: np.uint64,
    length: Ints,
    uncommon: Ints,
    counters: npt.NDArray[np.uint8],
    enough: float,
    out: Hashes,
) -> int:
    """Meet every pair of records with one sample; `values`: each sample with its record's number, sorted.

    Of a sample of more than COMMON records only the SHORTEST shortest (by `length`, then number) meet all others. With
    `enough` below 0 the meetings are counted, for a pair in one of `counters`, which other pairs may share. Else the
    pairs that met often enough, `enough` times the samples of the shorter one that are not common (`uncommon`), are
    written to `out` as smaller number << 32 | larger, at each of their meetings, as far as there is room. Returns how
    many there are.
    """
    mask = (np.uint64(1) << bits) - np.uint64(1)
    few = np.empty(SHORTEST, np.int64)
    start, n = 0, 0
    while start < len(values):
        stop = end_of(values, start, bits)
        if stop - start <= COMMON:
            for i in range(start, stop):
                a = np.int64(values[i] & mask)
                for k in range(i + 1, stop):
                    n = meet(a, np.int64(values[k] & mask), length, uncommon, counters, enough, out, n)
        else:
            held = shortest(values, start, stop, mask, length, few)
            for i in range(start, stop):
                x = np.int64(values[i] & mask)
                for k in range(held):
                    y = few[k]
                    if x < y or (x > y and x not in few[:held]):
                        n = meet(min(x, y), max(x, y), length, uncommon, counters, enough, out, n)
        start = stop
    return n


@kernel
def meet(
    a: Int, b: Int, length: Ints, uncommon: Ints, counters: npt.NDArray[np.uint8], enough: float, out: Hashes, n: int
) -> int:
    """One meeting of records a < b; returns how many pairs were found so far."""
    pair = (np.uint64(a) << HALF) | np.uint64(b)
    slot = np.int64(mix(pair) & np.uint64(len(counters) - 1))
    if enough < 0:
        counters[slot] += counters[slot] < MOST_COUNTED
    elif counters[slot] >= min(MOST_COUNTED, enough * uncommon[a if length[a] <= length[b] else b]):
        if n < len(out):
            out[n] = pair
        n += 1
    return n


@kernel
def shortest(values: Hashes, start: int, stop: int, mask: np.uint64, length: Ints, few: Ints) -> int:
    """Fill `few` with the shortest records of a sample, in order; returns how many there are."""
    held = 0
    for i in range(start, stop):
        held = keep_short(np.int64(values[i] & mask), length, few, held)
    return held


@kernel
def keep_short(x: Int, length: Ints, few: Ints, held: int) -> int:
    """Put a record into its place among the `held` shortest of `few`, if it is one; returns how many there are."""
    k = held
    while k > 0 and length[x] < length[few[k - 1]]:
        if k < len(few):
            few[k] = few[k - 1]
        k -= 1
    if k < len(few):
        few[k] = x
        held = min(len(few), held + 1)
    return held
