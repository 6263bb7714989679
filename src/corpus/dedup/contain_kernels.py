"""Kernels that find which articles share winnowed samples, and where one article's passage lies in another."""

# ruff: noqa: PLR0917, PLR0912 - kernels take their arrays by place (numba knows no keyword-only arguments), and are one
# loop with its cases: a call in the middle would hide the order in which lists are filled

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.jit import kernel

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
HALF = np.uint64(32)


@kernel
def gather(
    samples: Hashes, bounds: Ints, numbers: Ints, wanted: npt.NDArray[np.bool_], part: int, parts: int, bits: np.uint64
) -> Hashes:
    """The samples whose first `parts` bits are `part`, of the wanted records, each with its record's number.

    samples[bounds[i]:bounds[i + 1]] are those of record numbers[i]. The number takes the last `bits` bits of a sample:
    the few samples that then look alike only propose a pair too many.
    """
    shift = np.uint64(64 - parts)
    n = 0
    for i in range(len(numbers)):
        if wanted[numbers[i]]:
            for k in range(bounds[i], bounds[i + 1]):
                n += (samples[k] >> shift) == np.uint64(part)
    out, n = np.empty(n, np.uint64), 0
    for i in range(len(numbers)):
        if wanted[numbers[i]]:
            for k in range(bounds[i], bounds[i + 1]):
                if (samples[k] >> shift) == np.uint64(part):
                    out[n] = ((samples[k] >> bits) << bits) | np.uint64(numbers[i])
                    n += 1
    return out


@kernel
def pairs_of_lists(
    values: Hashes, bits: np.uint64, start: int, room: int, common: int, shortest: int, length: Ints, uncommon: Ints
) -> tuple[Hashes, int]:
    """Every pair of records with one sample, from the list that begins at `start` on, until `room` pairs are made.

    `values`, as `gather` makes them, are sorted. Of a sample of more than `common` records only the `shortest` shortest
    (by `length`, then number) are paired, with all others. Each pair is smaller number << 32 | larger. Counts into
    `uncommon` how many samples of each record are not common. Returns the pairs and where to go on.
    """
    mask = (np.uint64(1) << bits) - np.uint64(1)
    out, n = np.empty(room, np.uint64), 0
    few = np.empty(shortest, np.int64)
    while start < len(values):
        stop = start + 1
        while stop < len(values) and values[stop] >> bits == values[start] >> bits:
            stop += 1
        size = stop - start
        needed = size * (size - 1) // 2 if size <= common else size * shortest
        if n > 0 and n + needed > room:
            break
        if n + needed > len(out):
            out = np.empty(needed, np.uint64)
        if size <= common:
            for i in range(start, stop):
                a = values[i] & mask
                uncommon[np.int64(a)] += 1
                for k in range(i + 1, stop):
                    out[n] = (a << HALF) | (values[k] & mask)
                    n += 1
        else:
            held = 0
            for i in range(start, stop):
                x, k = np.int64(values[i] & mask), held
                while k > 0 and length[x] < length[few[k - 1]]:
                    if k < shortest:
                        few[k] = few[k - 1]
                    k -= 1
                if k < shortest:
                    few[k] = x
                    held = min(shortest, held + 1)
            for i in range(start, stop):
                x = np.int64(values[i] & mask)
                for k in range(held):
                    if few[k] != x:
                        out[n] = (np.uint64(min(few[k], x)) << HALF) | np.uint64(max(few[k], x))
                        n += 1
        start = stop
    return out[:n], start
