"""Similarities of shingle sets are exact, rounded as published, and never wrong on which side of a floor they lie."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dedup.sets import ONE, Sets, containment, jaccard, measure_pairs, portion
from tests.dedup import plain

MEMBERS = st.sets(st.integers(0, 60), max_size=40)


def sets_of(*members: set[int]) -> Sets:
    ordered = [sorted(member) for member in members]
    bounds = np.concatenate([[0], np.cumsum([len(member) for member in ordered])]).astype(np.int64)
    grams = np.array([value for member in ordered for value in member], np.uint64)
    grams.flags.writeable = False
    return Sets(grams, bounds[:-1], bounds[1:])


@given(MEMBERS, MEMBERS, st.integers(0, ONE))
@settings(max_examples=300, deadline=None)
def test_similarities_are_those_of_python_sets(a: set[int], b: set[int], floor: int) -> None:
    sets = sets_of(a, b)
    for kernel, twin in ((jaccard, plain.jaccard), (containment, plain.containment)):
        assert kernel(sets, 0, 1, 0) == twin(a, b)
        found = kernel(sets, 0, 1, floor)
        assert found == twin(a, b) if twin(a, b) >= floor else found < floor


@given(st.sets(st.integers(0, 3), max_size=3), st.sets(st.integers(0, 400), min_size=100))
@settings(deadline=None)
def test_a_short_set_is_searched_for_in_a_long_one(a: set[int], b: set[int]) -> None:
    sets = sets_of(b, a)
    assert jaccard(sets, 0, 1, 0) == plain.jaccard(a, b)
    assert containment(sets, 0, 1, 9000) == plain.containment(a, b) or plain.containment(a, b) < 9000


@given(MEMBERS, MEMBERS, st.integers(1, ONE), st.integers(1, ONE))
@settings(deadline=None)
def test_pairs_are_measured_exactly_above_either_floor(a: set[int], b: set[int], near: int, held: int) -> None:
    similar, contained = measure_pairs(sets_of(a, b), np.array([0]), np.array([1]), near, held)
    if plain.jaccard(a, b) >= near or plain.containment(a, b) >= held:
        assert (similar[0], contained[0]) == (plain.jaccard(a, b), plain.containment(a, b))
    else:
        assert similar[0] < near
        assert contained[0] < held


@pytest.mark.parametrize(
    ("part", "whole", "wanted"), [(0, 0, 0), (1, 3, 3333), (2, 3, 6667), (1, 20000, 1), (4, 5, 8000)]
)
def test_portions_are_rounded_half_up_to_four_places(part: int, whole: int, wanted: int) -> None:
    assert portion(part, whole) == wanted
