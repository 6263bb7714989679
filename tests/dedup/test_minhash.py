"""Bands miss no pair at the threshold, and estimates leave room for chance."""

import numpy as np
import pytest

from corpus.dedup.minhash import MISSED, least_agreement, permutations, rows_of_a_band
from tests.dedup import plain
from tests.dedup.articles import edited, prose
from tests.dedup.test_text_kernels import signature


@pytest.mark.parametrize("count", [64, 128, 256])
@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8, 0.9, 1.0])
def test_a_pair_at_the_threshold_is_hardly_ever_missed(count: int, threshold: float) -> None:
    rows = rows_of_a_band(threshold, count)
    assert (1 - threshold**rows) ** (count // rows) <= MISSED
    if rows < 16:
        assert (1 - threshold ** (rows + 1)) ** (count // (rows + 1)) > MISSED


def test_permutations_are_always_the_same_and_odd() -> None:
    chosen = permutations(128)
    assert (chosen.factors % 2 == 1).all()
    assert len({*zip(chosen.seeds.tolist(), chosen.factors.tolist(), strict=True)}) == 128
    assert np.array_equal(permutations(64).seeds, chosen.seeds[:64])


def test_agreement_estimates_the_similarity() -> None:
    errors = []
    for seed in range(40):
        text = prose(seed, 300)
        other = edited(text, *range(0, 300, 40 + seed))
        a, b = signature(text), signature(other)
        agree = np.mean(np.array(a["minhash"]) == np.array(b["minhash"]))
        true = plain.jaccard(set(a["shingles"]), set(b["shingles"])) / 10_000
        errors.append(agree - true)
        assert agree * 128 >= least_agreement(true, 128)
    assert abs(np.mean(errors)) < 0.02
