"""Articles that hold another: winnowed samples propose, the true containment decides (never merged, directed)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.bands import number_bits
from corpus.dedup.contain_kernels import count_samples, deal_samples, keep_shared, visit_pairs
from corpus.dedup.measure import measured
from corpus.dedup.narrow import places
from corpus.dedup.sorting import order_parts, part_bits
from corpus.dedup.standing import EXACT
from corpus.dedup.wide import numbers_of
from corpus.dedup.work import Work

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
COUNTERS = (12, 26)
"""Bits of the number of counters of pairs, least and most (64 MB); about four for each sample that is shared."""
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


def find_contained(work: Work, samples: pa.ChunkedArray) -> Contained:
    """The standing articles of which one holds at least `contained_share` of the other's 5-grams, or of a copy's."""
    shorter, longer = propose_contained(work, samples)
    doubtful_from = min(DOUBTFUL, work.levels.contained)
    similarity, share = measured(work, shorter, longer, near=work.levels.near, contained=doubtful_from)
    held = (share >= work.levels.contained) & (similarity < work.levels.near)
    doubtful = ~held & (share >= doubtful_from)
    direct = np.stack([longer, shorter, longer, shorter, share, similarity])[:, held]
    rows = np.concatenate([direct, _through_copies(work, shorter[doubtful], longer[doubtful])], axis=1)
    return Contained(*rows[:, np.lexsort((rows[1], rows[0]))])


def propose_contained(work: Work, samples: pa.ChunkedArray) -> tuple[Ints, Ints]:
    """Pairs (shorter, longer) of standing records, by number of shingles, that share enough samples to be measured."""
    length = work.corpus.n_shingles
    wanted = (work.standing.parent < 0) & (length > 0)
    bits, uncommon = number_bits(len(length)), np.zeros(len(length), np.int64)
    values = _shared_samples(samples, places(work.corpus.signature), wanted, bits, uncommon)
    size = min(max((4 * len(values)).bit_length(), COUNTERS[0]), COUNTERS[1])
    counters, found = np.zeros(1 << size, np.uint8), np.empty(len(values), np.uint64)
    visit_pairs(values, bits, length, uncommon, counters, -1.0, found)
    count = visit_pairs(values, bits, length, uncommon, counters, ENOUGH, found)
    if count > len(found):
        found = np.empty(count, np.uint64)
        visit_pairs(values, bits, length, uncommon, counters, ENOUGH, found)
    pairs = _distinct(found[:count])
    a, b = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    swap = length[a] > length[b]
    return np.where(swap, b, a), np.where(swap, a, b)


def _distinct(values: Hashes) -> Hashes:
    """The distinct values, sorted (np.unique hashes them, which is slower for so many)."""
    values = np.sort(values)
    return values[np.concatenate([[True], values[1:] != values[:-1]])] if len(values) else values


def _shared_samples(
    samples: pa.ChunkedArray, number: Ints, wanted: npt.NDArray[np.bool_], bits: np.uint64, uncommon: Ints
) -> Hashes:
    """The samples of more than one wanted record, ascending, with the records' numbers in their last bits.

    `number[i]` is the record of row i. `uncommon` gets how many samples each record has that are not common.
    """
    read = [numbers_of(chunk) for chunk in samples.chunks]
    parts = part_bits(sum(int(bounds[-1] - bounds[0]) for bounds, _ in read))
    counts, chunks, start = np.zeros(1 << parts, np.int64), [], 0
    for bounds, flat in read:
        chunks.append((flat, bounds, number[start : start + len(bounds) - 1], wanted, parts))
        count_samples(*chunks[-1], counts, uncommon)
        start += len(bounds) - 1
    ends = np.cumsum(counts)
    values, next_of = np.empty(int(counts.sum()), np.uint64), ends - counts
    for chunk in chunks:
        deal_samples(*chunk, bits, next_of, values)
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
