"""Kernels that join texts into connected components: first by what MinHash says, then by verified similarity.

A pair is measured only while its ends are not connected yet, so a family of n copies costs about n measurements, not n
squared; the components are those of all pairs. `least` is how many MinHash values must agree for a pair to be measured.
Every loop has a budget, so that a flood of look-alikes costs time in proportion to its size; up to EXACT texts that
propose one another, no budget is ever reached.
"""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.jit import kernel
from corpus.dedup.sets import ONE, Int, Sets, agreement, jaccard

EXACT = 2048
"""Texts of one component of proposals within which every pair is considered."""
FLOOD_BUDGET = 64
"""In larger ones: texts of its bucket that a text is compared with, for each band."""
BUCKET_BUDGET = 1024
"""Texts of its bucket that a text is held against when proposals are made."""
ROUNDS, ROUNDS_WORK = 64, 100_000_000
"""How often what is too far from its survivor is clustered again (more often where members squared times rounds stay
within ROUNDS_WORK); what is left then stands alone."""
LAST = 1 << 31
"""Added to the rank of what cannot survive."""

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Sketch = npt.NDArray[np.uint8]


@kernel
def find(forest: Ints, x: Int) -> Int:
    """The root of x; shortens the way there."""
    while forest[x] != x:
        forest[x] = forest[forest[x]]
        x = forest[x]
    return x


@kernel
def propose(keys: Hashes, bits: np.uint64, sketch: Sketch, least: int, forest: Ints) -> None:
    """Join in `forest` the texts that share a band and agree in `least` values.

    `keys` are sorted; each is the hash of a text's band with the text's number in its last `bits` bits.
    """
    mask = (np.uint64(1) << bits) - np.uint64(1)
    start = 0
    for i in range(1, len(keys)):
        if keys[i] >> bits != keys[start] >> bits:
            start = i
            continue
        x = np.int64(keys[i] & mask)
        for k in range(i - 1, max(start, i - BUCKET_BUDGET) - 1, -1):
            y = np.int64(keys[k] & mask)
            a, b = find(forest, x), find(forest, y)
            if a != b and agreement(sketch, x, y) >= least:
                forest[max(a, b)] = min(a, b)


@kernel
def join(
    members: Ints, sets: Sets, sketch: Sketch, least: int, near: int, budget: int, forest: Ints, weakest: Ints
) -> None:
    """Join the members whose Jaccard similarity is at least `near`; `weakest[root]` is the weakest edge used."""
    for i in range(1, len(members)):
        x = members[i]
        for k in range(i - 1, max(0, i - budget) - 1, -1):
            y = members[k]
            a, b = find(forest, x), find(forest, y)
            if a == b or agreement(sketch, x, y) < least:
                continue
            similarity = jaccard(sets, x, y, near)
            if similarity >= near:
                weakest[min(a, b)] = min(weakest[a], weakest[b], similarity)
                forest[max(a, b)] = min(a, b)


@kernel
def join_flood(
    members: Ints, sets: Sets, sketch: Sketch, least: int, near: int, rows: int, forest: Ints, weakest: Ints
) -> None:
    """As `join`, band by band: each member is compared with its nearest neighbours in each of its buckets."""
    keys = np.empty(len(members), np.uint64)
    for band in range(sketch.shape[1] // rows):
        for i in range(len(members)):
            key = np.uint64(0)
            for k in range(band * rows, band * rows + rows):
                key = key * np.uint64(0x9E3779B97F4A7C15) + np.uint64(sketch[members[i], k]) + np.uint64(1)
            keys[i] = key
        order = np.argsort(keys, kind="mergesort")
        start = 0
        for i in range(1, len(order) + 1):
            if i == len(order) or keys[order[i]] != keys[order[start]]:
                join(members[order[start:i]], sets, sketch, least, near, FLOOD_BUDGET, forest, weakest)
                start = i


@kernel
def cluster_groups(
    groups: Ints, sets: Sets, sketch: Sketch, rank: Ints, anchor: Ints, least: int, rows: int, near: int, safe: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """Clusters among the texts groups[g] to groups[g + 1] of each group of proposals.

    `anchor[i]` is the text that text i is an earlier version of (-1: none): the two are connected, and only texts
    without an anchor can survive or be put below another. Of each connected component of pairs with a similarity of at
    least `near` the one of least `rank` survives; those that share less than `safe` with it are clustered again among
    themselves. Returns for each text its survivor (-1: none) and the similarity to it, and for each survivor the
    weakest edge and the lowest similarity of its cluster.
    """
    count = groups[len(groups) - 1]
    survivor, similarity = np.full(count, -1, np.int64), np.full(count, ONE, np.int64)
    weakest, lowest = np.full(count, ONE, np.int64), np.full(count, ONE, np.int64)
    edges, forest = np.full(count, ONE, np.int64), np.arange(count)
    for g in range(len(groups) - 1):
        members = np.arange(groups[g], groups[g + 1])
        for _ in range(max(ROUNDS, ROUNDS_WORK // len(members) ** 2)):
            if len(members) < 2:
                break
            for x in members:
                forest[x], edges[x] = x, ONE
            if len(members) <= EXACT:
                join(members, sets, sketch, least, near, EXACT, forest, edges)
            else:
                join_flood(members, sets, sketch, least, near, rows, forest, edges)
            members = by_cluster(members, rank, anchor, forest, edges)
            left, head = 0, members[0]
            for x in members:
                if x == head or find(forest, x) != find(forest, head):
                    head = x
                    weakest[head] = edges[find(forest, x)]
                elif anchor[x] < 0:
                    alike = jaccard(sets, x, head, 0)
                    if alike >= safe:
                        survivor[x], similarity[x] = head, alike
                        lowest[head] = min(lowest[head], alike)
                if x != head and survivor[x] < 0 and (anchor[x] < 0 or far(anchor[x], head, survivor)):
                    members[left] = x
                    left += 1
            members = np.sort(members[:left])
    return survivor, similarity, weakest, lowest


@kernel
def by_cluster(members: Ints, rank: Ints, anchor: Ints, forest: Ints, edges: Ints) -> Ints:
    """Connect earlier versions with their articles; the members cluster by cluster, the survivor of each first."""
    order = np.empty(len(members), np.int64)
    for x in members:
        if anchor[x] >= 0:
            a, b = find(forest, x), find(forest, anchor[x])
            edges[min(a, b)] = min(edges[a], edges[b])
            forest[max(a, b)] = min(a, b)
    for i in range(len(members)):
        x = members[i]
        order[i] = (find(forest, x) << 32) + (rank[x] if anchor[x] < 0 else LAST + rank[x])
    return members[np.argsort(order, kind="mergesort")]


@kernel
def far(x: int, head: int, survivor: Ints) -> bool:
    """Whether x, of the cluster of `head`, was too far from it to be put below it."""
    return x != head and survivor[x] < 0


@kernel
def tie(forest: Ints, left: Ints, right: Ints) -> None:
    """Join the two ends of each pair."""
    for k in range(len(left)):
        a, b = find(forest, left[k]), find(forest, right[k])
        forest[max(a, b)] = min(a, b)


@kernel
def find_all(forest: Ints) -> None:
    """Point every text at its root."""
    for x in range(len(forest)):
        forest[x] = find(forest, x)


@kernel
def connect(count: int, left: Ints, right: Ints) -> Ints:
    """The component of each of `count` texts under the pairs (left, right), named by its first text."""
    forest = np.arange(count)
    tie(forest, left, right)
    find_all(forest)
    return forest
