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
    samples: Hashes, bounds: Ints, numbers: Ints, wanted: npt.NDArray[np.bool_], part: int, bits: int
) -> tuple[Hashes, Ints]:
    """The samples whose first `bits` bits are `part`, of the wanted records, and whose each is.

    `samples[bounds[i]:bounds[i + 1]]`, ascending, are those of record `numbers[i]`.
    """
    shift = np.uint64(64 - bits)
    n = 0
    for i in range(len(numbers)):
        if wanted[numbers[i]]:
            for k in range(bounds[i], bounds[i + 1]):
                n += (samples[k] >> shift) == np.uint64(part)
    out, owner = np.empty(n, np.uint64), np.empty(n, np.int64)
    n = 0
    for i in range(len(numbers)):
        if wanted[numbers[i]]:
            for k in range(bounds[i], bounds[i + 1]):
                if (samples[k] >> shift) == np.uint64(part):
                    out[n], owner[n] = samples[k], numbers[i]
                    n += 1
    return out, owner


@kernel
def pairs_of_lists(
    values: Hashes, owners: Ints, start: int, room: int, common: int, shortest: int, length: Ints, uncommon: Ints
) -> tuple[Hashes, int]:  # fmt: skip
    """Every pair of owners of one value, from the list at `start` on, until `room` pairs are made.

    `values` are sorted, and of equal values `owners` ascending. Of a value with more than `common` owners only the
    `shortest` shortest (by `length`, then number) are paired, with all others. Each pair is smaller number << 32 |
    larger. Counts into `uncommon` how many values of each owner are not common. Returns the pairs and where to go on.
    """
    out, n = np.empty(room, np.uint64), 0
    few = np.empty(shortest, np.int64)
    while start < len(values):
        stop = start + 1
        while stop < len(values) and values[stop] == values[start]:
            stop += 1
        size = stop - start
        needed = size * (size - 1) // 2 if size <= common else size * shortest
        if n > 0 and n + needed > room:
            break
        if n + needed > len(out):
            out = np.empty(needed, np.uint64)
        if size <= common:
            for i in range(start, stop):
                uncommon[owners[i]] += 1
                for k in range(i + 1, stop):
                    out[n] = (np.uint64(owners[i]) << HALF) | np.uint64(owners[k])
                    n += 1
        else:
            held = 0
            for i in range(start, stop):
                x, k = owners[i], held
                while k > 0 and length[x] < length[few[k - 1]]:
                    if k < shortest:
                        few[k] = few[k - 1]
                    k -= 1
                if k < shortest:
                    few[k] = x
                    held = min(shortest, held + 1)
            for i in range(start, stop):
                for k in range(held):
                    a, b = min(few[k], owners[i]), max(few[k], owners[i])
                    if a != b:
                        out[n] = (np.uint64(a) << HALF) | np.uint64(b)
                        n += 1
        start = stop
    return out[:n], start


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
