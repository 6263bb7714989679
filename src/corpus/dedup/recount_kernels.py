"""Kernels that find which articles share samples, where only some have changed."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.contain_kernels import COMMON, HALF, SHORTEST, end_of, keep_short, shortest
from corpus.dedup.jit import kernel
from corpus.dedup.link_kernels import among
from corpus.dedup.sets import Int
from corpus.dedup.word_kernels import ODD, mix

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@kernel
def gather_among(
    samples: Hashes, bounds: Ints, numbers: Ints, wanted: Flags, among_these: Hashes, bloom: npt.NDArray[np.uint8],
    bits: np.uint64, out: Hashes,
) -> int:  # fmt: skip
    """The samples of the wanted records that are among some (sorted, without their last `bits` bits), each with its
    record's number in those; as many as there is room for in `out`. Returns how many there are."""
    n = 0
    for i in range(len(numbers)):
        if numbers[i] >= 0 and wanted[numbers[i]]:
            for k in range(bounds[i], bounds[i + 1]):
                if among(samples[k] >> bits, among_these, bloom) >= 0:
                    if n < len(out):
                        out[n] = ((samples[k] >> bits) << bits) | np.uint64(numbers[i])
                    n += 1
    return n


@kernel
def recount(
    values: Hashes, bits: np.uint64, length: Ints, before: Flags, now: Flags, uncommon: Ints, dirty: Flags
) -> None:
    """Mark as `dirty` the records that stand now and whose proposals may be others than before, and put right how many
    of their samples are `uncommon`.

    `values` (sorted): all holders, `before` or `now`, of each sample of a record that came or went. One that came has
    0 uncommon ones so far. Of a common sample the SHORTEST shortest count; those of equal length are as one.
    """
    mask = (np.uint64(1) << bits) - np.uint64(1)
    few = np.empty(SHORTEST, np.int64)
    start = 0
    while start < len(values):
        stop, held_before, held_now = start, 0, 0
        while stop < len(values) and values[stop] >> bits == values[start] >> bits:
            x = np.int64(values[stop] & mask)
            held_before += before[x]
            held_now += now[x]
            stop += 1
        crosses = (held_before > COMMON) != (held_now > COMMON)
        limit: Int = -1
        if held_before > COMMON and held_now > COMMON:
            limit = max(
                length_of_few(values, start, stop, mask, length, before, few),
                length_of_few(values, start, stop, mask, length, now, few),
            )
            moved = False
            for i in range(start, stop):
                x = np.int64(values[i] & mask)
                moved = moved or (before[x] != now[x] and length[x] <= limit)
            limit = limit if moved else -1
        for i in range(start, stop):
            x = np.int64(values[i] & mask)
            if now[x]:
                if not before[x]:
                    uncommon[x] += held_now <= COMMON
                elif crosses:
                    uncommon[x] += 1 if held_now <= COMMON else -1
                dirty[x] = dirty[x] or crosses or length[x] <= limit
        start = stop


@kernel
def length_of_few(
    values: Hashes, start: int, stop: int, mask: np.uint64, length: Ints, standing: Flags, few: Ints
) -> Int:
    """The length of the last of the shortest that hold a sample."""
    held = 0
    for i in range(start, stop):
        x = np.int64(values[i] & mask)
        if standing[x]:
            held = keep_short(x, length, few, held)
    return length[few[held - 1]] if held else np.int64(-1)


@kernel
def meetings(values: Hashes, bits: np.uint64, length: Ints, dirty: Flags, out: Hashes) -> int:
    """Write every meeting of two records, of which one is dirty, with one sample, as `visit_pairs` means it: smaller
    number << 32 | larger, as far as there is room. Returns how many there are."""
    mask = (np.uint64(1) << bits) - np.uint64(1)
    few = np.empty(SHORTEST, np.int64)
    start, n = 0, 0
    while start < len(values):
        stop = end_of(values, start, bits)
        if stop - start <= COMMON:
            for i in range(start, stop):
                a = np.int64(values[i] & mask)
                for k in range(i + 1, stop):
                    b = np.int64(values[k] & mask)
                    if dirty[a] or dirty[b]:
                        if n < len(out):
                            out[n] = (np.uint64(a) << HALF) | np.uint64(b)
                        n += 1
        else:
            held = shortest(values, start, stop, mask, length, few)
            for i in range(start, stop):
                x = np.int64(values[i] & mask)
                for k in range(held):
                    y = few[k]
                    if (dirty[x] or dirty[y]) and (x < y or (x > y and x not in few[:held])):
                        if n < len(out):
                            out[n] = (np.uint64(min(x, y)) << HALF) | np.uint64(max(x, y))
                        n += 1
        start = stop
    return n


@kernel
def gather_lines(
    hashes: Hashes, bounds: Ints, numbers: Ints, host: Hashes, wanted: Hashes, bloom: npt.NDArray[np.uint8],
    everyone: bool, line: Hashes, owner: Ints,
) -> int:  # fmt: skip
    """Write the lines of records whose host is known, as hashes of host and line, and whose each is; `everyone` or
    those that are wanted (sorted). Returns how many there are."""
    n = 0
    for i in range(len(numbers)):
        if numbers[i] >= 0 and host[numbers[i]] != 0:
            for k in range(bounds[i], bounds[i + 1]):
                if hashes[k] != 0:
                    value = line_key(host[numbers[i]], hashes[k])
                    if everyone or among(value, wanted, bloom) >= 0:
                        line[n], owner[n] = value, numbers[i]
                        n += 1
    return n


@kernel
def line_hashes(host: Hashes, lines: Hashes) -> Hashes:
    """Hashes of host and line, pair by pair."""
    out = np.empty(len(lines), np.uint64)
    for i in range(len(lines)):
        out[i] = line_key(host[i], lines[i])
    return out


@kernel
def line_key(host: np.uint64, line: np.uint64) -> np.uint64:
    """A hash of host and line."""
    return mix((host * ODD) ^ line)
