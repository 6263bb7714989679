"""The benchmark's corpus of known duplicates, and ours on a small one: CI's share of the benchmark of duplicates."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.grown_duplicates import exchanged, in_other_words
from benchmarks.known_duplicates import FURNITURE, components, jaccard, shingles, similar_pairs

REPOSITORY = Path(__file__).resolve().parents[2]
WORDS = st.lists(st.sampled_from("ash birch cedar elm fir hazel".split()), min_size=1, max_size=30)


@given(st.lists(WORDS, min_size=2, max_size=12))
def test_the_prefix_filter_finds_exactly_the_pairs_that_comparing_all_finds(texts: list[list[str]]) -> None:
    documents = [shingles(" ".join(words)) for words in texts]
    every = combinations(range(len(documents)), 2)
    assert set(similar_pairs(documents)) == {(a, b) for a, b in every if jaccard(documents[a], documents[b]) >= 0.8}


def test_case_and_punctuation_do_not_count_and_word_order_does() -> None:
    assert np.array_equal(shingles("One, two; three four (five)!"), shingles("one two three four five"))
    assert not np.array_equal(shingles("one two three four five"), shingles("five four three two one"))


def test_components_are_named_by_their_smallest_member() -> None:
    assert components(6, iter([(4, 2), (5, 4), (1, 3)])) == [0, 1, 2, 1, 2, 2]


def test_other_words_are_as_alike_as_they_were_and_furniture_stays() -> None:
    first, second = (" ".join(f"w{chr(97 + k % 26)}{k % n}" for k in range(60)) for n in (7, 9))
    letters, figures = exchanged(3)
    others = [in_other_words(text, "base", letters, figures) for text in (first, second)]
    assert jaccard(*map(shingles, others)) == jaccard(shingles(first), shingles(second))
    assert jaccard(shingles(first), shingles(others[0])) == 0.0
    assert in_other_words(f"One.\n\n{FURNITURE[0]}", "furnished", letters, figures).endswith(f"\n\n{FURNITURE[0]}")
    assert in_other_words("closed at 1200 points", "template", letters, figures).startswith("closed at ")


@pytest.mark.slow
def test_ours_finds_every_known_pair_of_a_small_corpus_and_no_other(tmp_path: Path) -> None:
    texts = tmp_path / "data" / "text"
    texts.mkdir(parents=True)
    rows = [" ".join(f"w{(n * 7919 + k * k) % 4001}" for k in range(150)) for n in range(40)]
    pq.write_table(pa.table({"text": rows}), texts / "own.parquet")
    environment = {"CORPUS_EVAL_DATA": str(tmp_path / "data"), "PYTHONPATH": f"{REPOSITORY / 'src'}:{REPOSITORY}"}
    made = [sys.executable, "-m", "benchmarks.known_duplicates", str(tmp_path / "corpus"), "--docs", "600"]
    subprocess.run(made, check=True, cwd=REPOSITORY, env=environment)
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.duplicates", str(tmp_path / "corpus")],
        check=True, cwd=REPOSITORY, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    row = next(line.split() for line in said.stdout.splitlines() if line.split()[:1] == ["600"])
    assert row[1:4] == ["1.0000", "1.0000", "1.0000"]
