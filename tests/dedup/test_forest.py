"""Clusters are the connected components of all similar pairs, safe, and whatever the flood, found in bounded time."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dedup import forest
from corpus.dedup.forest import EXACT, cluster_groups, connect
from corpus.dedup.sets import ONE
from tests.dedup import plain
from tests.dedup.test_sets import sets_of

NEAR, SAFE = 6000, 3000
NUMBERS = st.lists(st.sets(st.integers(0, 9), min_size=1, max_size=8), min_size=1, max_size=12)


def clusters(members: list[set[int]], rank: list[int] | None = None, anchor: list[int] | None = None, safe: int = SAFE):
    count = len(members)
    return cluster_groups(
        np.array([0, count]),
        sets_of(*members),
        np.zeros((count, 8), np.uint8),  # MinHash always agrees: every pair is measured
        np.array(rank if rank is not None else range(count)),
        np.array(anchor if anchor is not None else [-1] * count),
        0,
        2,
        NEAR,
        safe,
    )


@given(NUMBERS, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_clusters_are_components_and_the_least_rank_survives(members: list[set[int]], rng) -> None:
    rank = rng.sample(range(len(members)), len(members))
    survivor, similarity, weakest, lowest = clusters(members, rank, safe=0)
    pairs = [(a, b) for b in range(len(members)) for a in range(b) if plain.jaccard(members[a], members[b]) >= NEAR]
    label = plain.components(len(members), pairs)
    for x in range(len(members)):
        family = [y for y in range(len(members)) if label[y] == label[x]]
        best = min(family, key=lambda y: rank[y])
        assert survivor[x] == (-1 if x == best else best)
        assert similarity[x] == plain.jaccard(members[x], members[best])
        if x == best:
            assert lowest[x] == min(plain.jaccard(members[x], members[y]) for y in family)
            assert weakest[x] == (ONE if len(family) == 1 else weakest[x])
            assert weakest[x] >= NEAR


@given(NUMBERS)
@settings(max_examples=200, deadline=None)
def test_no_member_is_further_from_its_survivor_than_is_safe(members: list[set[int]]) -> None:
    survivor, similarity, _, _ = clusters(members)
    for x, head in enumerate(survivor.tolist()):
        if head >= 0:
            assert survivor[head] == -1
            assert similarity[x] == plain.jaccard(members[x], members[head]) >= SAFE


def test_members_that_are_too_far_cluster_again_among_themselves() -> None:
    chain = [set(range(start, start + 8)) for start in range(10)]  # each like the next, the ends alike in nothing
    survivor, _, _, _ = clusters(chain)
    assert survivor[0] == -1
    far = [x for x in range(10) if survivor[x] != 0 and x != 0]
    assert far, "the chain is longer than what is safe"
    assert any(survivor[x] >= 0 for x in far), "what is left over clusters again"


def test_an_earlier_version_connects_but_neither_survives_nor_is_put_below() -> None:
    newest, copy_of_earlier, earlier = set(range(20)), set(range(8, 28)), set(range(6, 26))
    assert plain.jaccard(newest, copy_of_earlier) < NEAR <= plain.jaccard(earlier, copy_of_earlier)
    alone, _, _, _ = clusters([newest, copy_of_earlier])
    assert alone.tolist() == [-1, -1]
    survivor, _, _, _ = clusters([newest, copy_of_earlier, earlier], rank=[1, 2, 0], anchor=[-1, -1, 0])
    assert survivor.tolist() == [-1, 0, -1]


def test_a_flood_of_look_alikes_is_one_cluster() -> None:
    count = EXACT + 100
    shared = set(range(100))
    survivor, _, _, _ = clusters([shared | {1000 + x} for x in range(count)])
    assert (survivor[1:] == 0).all()


def test_what_cannot_settle_is_published_by_itself(monkeypatch) -> None:
    assert forest.ROUNDS >= 16
    chain = [set(range(6 * start, 6 * start + 24)) for start in range(3 * forest.ROUNDS)]
    survivor, _, _, _ = clusters(chain, rank=list(range(len(chain))), safe=5999)
    assert all(head < 0 or survivor[head] < 0 for head in survivor.tolist())


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=20))
@settings(deadline=None)
def test_connected_components_are_named_by_their_first_text(pairs: list[tuple[int, int]]) -> None:
    left, right = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    assert connect(15, left, right).tolist() == plain.components(15, pairs)
