"""Articles that hold another: winnowed samples propose, the true containment decides (never merged, directed)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.dedup.contain_kernels import count_samples, deal_samples, keep_shared, visit_pairs
from corpus.dedup.given import Samples
from corpus.dedup.measure import measured
from corpus.dedup.sorting import order_parts, part_bits
from corpus.dedup.standing import EXACT
from corpus.dedup.work import Work

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
NUMBER_BITS = 24
"""Last bits of a sample that give way to its record's number: the same ones for a corpus of any size up to 16 million,
so that a record more changes nothing."""
COUNTERS = (12, 26)
"""Bits of the number of counters of pairs, least and most (64 MB); more than one for each sample that is shared. With
four fewer pairs too many are found, but the counters leave the cache."""
ENOUGH = 0.4
"""Share of the shorter article's uncommon samples that the longer one must have to be measured."""
DOUBTFUL = 5_000
"""Containment of survivors (ten-thousandths) from which the copies folded into them are measured too."""
COPIES = 32
"""Records folded into a survivor that are measured, those of lowest rank first."""


@dataclass(frozen=True)
class Contained:
    """Pairs of standing records, one a row: `longer` holds `shorter`.

    `inner` is the record that was measured as held (the shorter one, or a copy folded into it), `outer` the
    one it was found in; `share` of inner's shingles, and the Jaccard similarity of the two, are in ten-thousandths.
    """

    longer: Ints
    shorter: Ints
    outer: Ints
    inner: Ints
    share: Ints
    similarity: Ints


def find_contained(work: Work, shorter: Ints, longer: Ints) -> Contained:
    """Of the standing articles that are proposed those of which one holds at least `contained_share` of the other's
    5-grams, or of a copy's."""
    doubtful_from = min(DOUBTFUL, work.levels.contained)
    similarity, share = measured(work, shorter, longer, near=work.levels.near, contained=doubtful_from)
    held = (share >= work.levels.contained) & (similarity < work.levels.near)
    doubtful = ~held & (share >= doubtful_from)
    direct = np.stack([longer, shorter, longer, shorter, share, similarity])[:, held]
    rows = np.concatenate([direct, _through_copies(work, shorter[doubtful], longer[doubtful])], axis=1)
    return Contained(*rows[:, np.lexsort((rows[1], rows[0]))])


def propose_contained(samples: Iterable[Samples], length: Ints) -> tuple[Ints, Ints, Ints]:
    """Pairs (shorter, longer) of records, by number of shingles, that share enough samples to be measured; and of each
    record how many of its samples are not common. `samples`: those of the records that stand."""
    bits, uncommon = number_bits(len(length)), np.zeros(len(length), np.int64)
    values = _shared_samples(list(samples), bits, uncommon)
    size = min(max(len(values).bit_length(), COUNTERS[0]), COUNTERS[1])
    counters, found = np.zeros(1 << size, np.uint8), np.empty(len(values), np.uint64)
    visit_pairs(values, bits, length, uncommon, counters, -1.0, found)
    count = visit_pairs(values, bits, length, uncommon, counters, ENOUGH, found)
    if count > len(found):
        found = np.empty(count, np.uint64)
        visit_pairs(values, bits, length, uncommon, counters, ENOUGH, found)
    return *often_enough(*counted(found[:count]), length, uncommon), uncommon


def number_bits(count: int) -> np.uint64:
    """How many last bits of a sample give way to the number of one of `count` records."""
    return np.uint64(max(NUMBER_BITS, (count - 1).bit_length()))


def counted(values: Hashes) -> tuple[Hashes, Ints]:
    """The distinct values, sorted (np.unique hashes them, which is slower for so many), and how often each is there."""
    values = np.sort(values)
    starts = (
        np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]])) if len(values) else np.empty(0, np.int64)
    )
    return values[starts], np.diff(np.concatenate([starts, [len(values)]]))


def often_enough(pairs: Hashes, times: Ints, length: Ints, uncommon: Ints) -> tuple[Ints, Ints]:
    """Of pairs that met so many times those that met often enough: (shorter, longer)."""
    a, b = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    swap = length[a] > length[b]
    shorter, longer = np.where(swap, b, a), np.where(swap, a, b)
    enough = (times >= ENOUGH * uncommon[shorter]) & (shorter != longer)
    return shorter[enough], longer[enough]


def _shared_samples(samples: list[Samples], bits: np.uint64, uncommon: Ints) -> Hashes:
    """The samples of more than one record, ascending, with the records' numbers in their last bits.

    `uncommon` gets how many samples each record has that are not common.
    """
    everyone = np.ones(len(uncommon), np.bool_)
    parts = part_bits(sum(int(some.bounds[-1] - some.bounds[0]) for some in samples))
    counts = np.zeros(1 << parts, np.int64)
    for some in samples:
        count_samples(some.values, some.bounds, some.numbers, everyone, parts, counts, uncommon)
    ends = np.cumsum(counts)
    values, next_of = np.empty(int(counts.sum()), np.uint64), ends - counts
    for some in samples:
        deal_samples(some.values, some.bounds, some.numbers, everyone, parts, bits, next_of, values)
    order_parts(values, ends, parts)
    return values[: keep_shared(values, bits, uncommon)]


def _through_copies(work: Work, shorter: Ints, longer: Ints) -> Ints:
    """For pairs of survivors that don't hold one another, the pair of their copies of which one does, if there is one.

    Rows: longer, shorter, outer, inner, share, similarity, as in Contained.
    """
    standing, length, root = work.standing, work.corpus.n_shingles, work.standing.roots()
    differs = (standing.parent >= 0) & (standing.why != EXACT)
    below = np.flatnonzero(differs & np.isin(root, np.concatenate([shorter, longer])))
    below = below[np.argsort(work.corpus.rank[below], kind="stable")]
    family: dict[int, list[int]] = {}
    for copy, survivor in zip(below.tolist(), root[below].tolist(), strict=True):
        family.setdefault(survivor, [survivor]).append(copy)
    tried = [
        (k, x, y)
        for k, (s, t) in enumerate(zip(shorter.tolist(), longer.tolist(), strict=True))
        if s in family or t in family
        for x in family.get(s, [s])[: COPIES + 1]
        for y in family.get(t, [t])[: COPIES + 1]
    ]
    if not tried:
        return np.empty((6, 0), np.int64)
    pair, x, y = np.array(tried, np.int64).T
    turned = length[x] > length[y]  # the shorter article's copy is the one that holds
    inner, outer = np.where(turned, y, x), np.where(turned, x, y)
    similarity, share = measured(work, inner, outer, near=work.levels.near, contained=work.levels.contained)
    held = np.flatnonzero((share >= work.levels.contained) & (similarity < work.levels.near))
    order = np.lexsort((inner[held], outer[held], -share[held], turned[held], pair[held]))
    best = held[order][np.unique(pair[held][order], return_index=True)[1]]
    return np.stack([root[outer[best]], root[inner[best]], outer[best], inner[best], share[best], similarity[best]])
