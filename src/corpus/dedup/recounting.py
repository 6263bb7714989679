"""Which standing articles may hold which, where only some have come or gone since it was found out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.contain import counted, number_bits, often_enough, propose_contained
from corpus.dedup.given import Given, Samples
from corpus.dedup.link_kernels import bloom_of
from corpus.dedup.recount_kernels import gather_among, meetings, recount

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
MOST = 0.1
"""Share of the standing articles up to which the proposals of some are looked for by themselves."""


@dataclass(frozen=True)
class Holding:
    """`pairs` (shorter, longer) that are to be measured; `dirty`: the records all of whose pairs these are, where
    between any two others they are as before; `uncommon`: of each record that stands, how many of its samples are."""

    pairs: tuple[Ints, Ints]
    dirty: Flags
    uncommon: Ints


@dataclass(frozen=True)
class Stood:
    """Which records stand and stood (`now`, `before`), `length` in shingles, `uncommon` as it was; then the same for
    those that are gone, all of which stood: the keys of their signatures, and their lengths."""

    before: Flags
    now: Flags
    length: Ints
    uncommon: Ints
    gone: pa.Array
    gone_length: Ints


def hold_all(given: Given, stands: Flags, length: Ints) -> Holding:
    """The proposals among all that stand."""
    shorter, longer, uncommon = propose_contained(given.samples(stands & (length > 0)), length)
    return Holding((shorter, longer), np.ones(len(stands), np.bool_), uncommon)


def hold_changed(given: Given, stood: Stood, touched: Flags) -> Holding:
    """The proposals of those that are `touched`, and of all whose proposals change with them.

    Raises KeyError where the signature of one that is gone is forgotten.
    """
    count, everyone = len(stood.now), np.ones(len(stood.gone), np.bool_)
    gone = [
        Samples(s.values, s.bounds, np.where(s.numbers < 0, -1, s.numbers + count))
        for s in given.samples_of(stood.gone)
    ]
    before, now = np.concatenate([stood.before, everyone]), np.concatenate([stood.now, ~everyone])
    length = np.concatenate([stood.length, stood.gone_length])
    moved = stood.before != stood.now
    bits = number_bits(len(length))
    values = _values([*given.samples(moved), *gone], bits)
    uncommon = np.concatenate([np.where(stood.before, stood.uncommon, 0), np.zeros(len(stood.gone), np.int64)])
    dirty = np.zeros(len(length), np.bool_)
    held = _among([*given.samples(stood.before | stood.now), *gone], before | now, values, bits)
    recount(held, bits, length, before, now, uncommon, dirty)
    uncommon = np.where(stood.now, uncommon[:count], 0)
    moved = dirty[:count] | touched
    dirty = moved & stood.now
    if dirty.sum() > MOST * stood.now.sum():
        return hold_all(given, stood.now, stood.length)
    values = _values(given.samples(dirty), bits)
    held = _among(given.samples(stood.now), stood.now, values, bits)
    found = np.empty(4 * len(held), np.uint64)
    times = meetings(held, bits, stood.length, dirty, found)
    if times > len(found):
        found = np.empty(times, np.uint64)
        meetings(held, bits, stood.length, dirty, found)
    return Holding(often_enough(*counted(found[:times]), stood.length, uncommon), moved, uncommon)


def _values(samples: Iterable[Samples], bits: np.uint64) -> Hashes:
    """The distinct samples of some records, without their last bits."""
    parts = [np.empty(0, np.uint64)]
    for some in samples:
        parts += [some.values[some.bounds[i] : some.bounds[i + 1]] for i in np.flatnonzero(some.numbers >= 0).tolist()]
    return counted(np.concatenate(parts) >> bits)[0]


def _among(samples: Iterable[Samples], wanted: Flags, values: Hashes, bits: np.uint64) -> Hashes:
    """All wanted records that have one of those samples: sorted, with their numbers in the last bits."""
    bloom, parts = bloom_of(values), [np.empty(0, np.uint64)]
    for some in samples:
        room = np.empty(max(64, len(some.values) // 8), np.uint64)
        count = gather_among(some.values, some.bounds, some.numbers, wanted, values, bloom, bits, room)
        if count > len(room):
            room = np.empty(count, np.uint64)
            gather_among(some.values, some.bounds, some.numbers, wanted, values, bloom, bits, room)
        parts.append(room[:count])
    found = np.concatenate(parts)
    found.sort()
    return found
