"""Corpora made to be hard: the answer is right, and the work stays in proportion to the corpus.

The same at full size, with what each costs, is in benchmarks/hard_duplicates.py.
"""

import random

import numpy as np
import pytest

from benchmarks.hard_duplicates import flooding
from corpus.dedup.copied import SLOTS
from corpus.dedup.forest import BUCKET_BUDGET, propose
from corpus.dedup.text_kernels import BUCKETS, distinct
from tests.dedup import plain
from tests.dedup.articles import Article, folded, prose

SCRIPTS = {"zh": (0x4E00, 0x9FA5), "ja": (0x3041, 0x3096), "th": (0x0E01, 0x0E2E), "km": (0x1780, 0x17A2)}


def test_identical_articles_are_one_with_all_the_others_folded_into_it() -> None:
    made = folded([Article(f"r{i:04}", prose(1)) for i in range(1500)])
    assert made.published == {"r0000"}
    assert made.rows["r0000"]["n_duplicates"] == 1499
    assert {row["kind"] for row in made.derived} == {"exact_duplicate"}


def test_identical_bytes_under_one_id_are_one_article() -> None:
    made = folded([Article(f"r{i:04}", prose(1), own_id="x", payload="p") for i in range(1500)])
    assert len(made.published) == 1


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_without_spaces_are_compared_character_by_character(script: str) -> None:
    first, last = SCRIPTS[script]

    def text(seed: int) -> str:
        own = random.Random(seed)
        return "".join(chr(own.randint(first, last)) for _ in range(300))

    changed = list(text(1))
    changed[150] = chr(first if changed[150] != chr(first) else last)
    corpus = [Article("a", text(1), day=0), Article("b", "".join(changed), day=1), Article("c", text(2))]
    corpus.append(Article("whole", f"{text(3)}{text(2)}{text(4)}"))
    made = folded(corpus)
    assert made.published == {"a", "c", "whole"}
    assert made.kept("b") == "a"
    assert made.kinds("contains") == [("whole", "c")]


def test_a_very_long_article_holds_its_part_and_hides_nothing() -> None:
    parts = [prose(seed, 4000) for seed in range(30)]
    made = folded([Article("long", " ".join(parts)), Article("part", parts[17][:2000]), Article("other", prose(99))])
    assert made.published == {"long", "part", "other"}
    assert made.kinds("contains") == [("long", "part")]


@pytest.mark.parametrize(("own", "articles"), [(8, 1), (60, 150)])
def test_pages_of_one_boilerplate_are_one_article_only_when_they_are_that_alike(own: int, articles: int) -> None:
    boilerplate = prose(7, 200 - own)
    corpus = [Article(f"r{i:03}", f"{prose(1000 + i, own)} {boilerplate}") for i in range(150)]
    alike = plain.jaccard(set(plain.shingles(corpus[0].text)), set(plain.shingles(corpus[1].text)))
    assert (alike >= 8000) == (articles == 1)
    made = folded(corpus)
    assert len(made.published) == articles
    assert made.kinds("contains") == []


def test_hashes_that_share_their_first_bits_are_sorted_all_the_same() -> None:
    values = np.array([7, 3, 3, 9] * 2000, np.uint64)
    count = distinct(values, np.empty(BUCKETS, np.uint64), np.zeros(BUCKETS, np.int64))
    assert values[:count].tolist() == [3, 7, 9]


def test_a_crowded_bucket_is_proposed_within_its_budget() -> None:
    count = 3 * BUCKET_BUDGET
    keys = np.arange(count, dtype=np.uint64)  # one bucket: all hashes are 0
    forest = np.arange(count)
    propose(keys, np.uint64(16), np.zeros((count, 8), np.uint8), 8, forest)
    assert {_root(forest, i) for i in range(count)} == {0}


def _root(forest: np.ndarray, at: int) -> int:
    while forest[at] != at:
        at = int(forest[at])
    return at


def test_paragraphs_that_share_a_slot_by_chance_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.dedup.copied.SLOTS", (2, 2))
    assert SLOTS[0] > 2
    note = prose(50, 20)
    corpus = [
        Article(f"r{i}", f"{prose(i, 30)}\n\n{note if i in (3, 8) else prose(60 + i, 20)}", day=i) for i in range(12)
    ]
    made = folded(corpus)
    assert [name for name, row in made.rows.items() if row["copied"]] == ["r8"]


def test_empty_and_one_word_articles_have_a_clear_fate() -> None:
    made = folded(
        [Article("a", ""), Article("b", "—"), Article("c", "Word"), Article("d", "word."), Article("e", "Other")]
    )
    assert made.published == {"a", "b", "c", "e"}
    assert made.rule("d") == "exact_duplicate"


def test_texts_made_so_that_their_hashes_begin_alike_stay_apart_and_their_copies_do_not() -> None:
    texts = flooding(count=6, length=80)
    begun = {shingle >> 56 for text in texts for shingle in plain.shingles(text)[4:]}
    assert begun == {0}
    made = folded([Article(f"r{n}", text) for n, text in enumerate([*texts, texts[2]])])
    assert made.published == {f"r{n}" for n in range(6)}
    assert made.kept("r6") == "r2"
