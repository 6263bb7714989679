"""Kernels that sort hashes. They are spread evenly, so dealing them out by their first bits nearly does it.

A comparison costs a guess that is wrong half of the time; dealing costs none, and its parts stay near the processor.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.jit import kernel

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Int = int | np.int64
BUCKETS, CROWDED = 1 << 14, 64
"""Most hashes that are dealt out at once, and most in one bucket before they are sorted by comparison."""
PART, MOST_BITS = 1 << 12, 12
"""Hashes of a part of many, about, and first bits by which these are dealt out at most."""


@kernel
def order(values: Hashes, scratch: Hashes, counts: Ints, skip: Int) -> None:
    """Sort hashes that share their first `skip` bits, in place.

    They are dealt out by the bits after these, and neighbours put in order. Where they are too many, or all too alike
    (which a hash never is by chance), they are sorted by comparison. `scratch` has room for all; `counts` is zeros, a
    power of two of them.
    """
    m = len(values)
    if m > len(counts):
        values.sort()
    elif m > 1:
        bits = 1
        while (1 << bits) < m:
            bits += 1
        left, shift = np.uint64(skip), np.uint64(64 - bits)
        for i in range(m):
            counts[(values[i] << left) >> shift] += 1
        total: Int = 0
        fullest = 0
        for slot in range(1 << bits):
            here = counts[slot]
            counts[slot] = total
            total += here
            fullest = max(fullest, here)
        for i in range(m):
            bucket = (values[i] << left) >> shift
            scratch[np.uint64(counts[bucket])] = values[i]
            counts[bucket] += 1
        counts[: 1 << bits] = 0
        if fullest > CROWDED:
            values.sort()
        else:
            for i in range(m):
                x, k = scratch[i], i
                while k > 0 and values[k - 1] > x:
                    values[k] = values[k - 1]
                    k -= 1
                values[k] = x


@kernel
def distinct(values: Hashes, scratch: Hashes, counts: Ints) -> int:
    """Sort hashes in place and move the distinct ones to the front; returns how many (`scratch`, `counts`: `order`)."""
    order(values, scratch, counts, 0)
    n = 0
    for i in range(len(values)):
        if i == 0 or values[i] != values[i - 1]:
            values[n] = values[i]
            n += 1
    return n


def part_bits(count: int) -> int:
    """First bits by which `count` hashes are dealt out into parts."""
    return min(max(0, (count // PART).bit_length()), MOST_BITS)


@kernel
def order_parts(values: Hashes, ends: Ints, bits: Int) -> None:
    """Sort hashes that were dealt out by their first `bits` bits, in place; `ends`: where each part ends."""
    scratch, counts = np.empty(BUCKETS, np.uint64), np.zeros(BUCKETS, np.int64)
    start: Int = 0
    for part in range(len(ends)):
        order(values[start : ends[part]], scratch, counts, bits)
        start = ends[part]


@kernel
def deal(values: Hashes, bits: Int, out: Hashes) -> Ints:
    """Deal hashes out by their first `bits` bits; returns where each part ends."""
    at = np.zeros(1 << bits, np.int64)
    if bits == 0:
        out[:] = values
        at[0] = len(values)
        return at
    shift = np.uint64(64 - bits)
    for i in range(len(values)):
        at[np.int64(values[i] >> shift)] += 1
    total: Int = 0
    for part in range(len(at)):
        here = at[part]
        at[part] = total
        total += here
    for i in range(len(values)):
        slot = np.int64(values[i] >> shift)
        out[at[slot]] = values[i]
        at[slot] += 1
    return at


@kernel
def by_label(labels: Ints, count: Int) -> Ints:
    """The places of labels (-1 to count - 1) in ascending order, those of equal labels as they come."""
    at, order = np.zeros(count + 2, np.int64), np.empty(len(labels), np.int64)
    for label in labels:
        at[label + 2] += 1
    for slot in range(1, count + 2):
        at[slot] += at[slot - 1]
    for i in range(len(labels)):
        order[at[labels[i] + 1]] = i
        at[labels[i] + 1] += 1
    return order


@kernel
def least_of_equals(labels: Ints, order: Ints) -> Ints:
    """For each place the one of its label (-1 and more) that is least in `order`."""
    found = np.full(labels.max() + 2 if len(labels) else 0, -1, np.int64)
    for i in range(len(labels)):
        slot = labels[i] + 1
        if found[slot] < 0 or order[i] < order[found[slot]]:
            found[slot] = i
    return found[labels + 1]


def in_order(values: Hashes, out: Hashes) -> None:
    """The hashes sorted into `out`."""
    bits = part_bits(len(values))
    order_parts(out, deal(values, bits, out), bits)
