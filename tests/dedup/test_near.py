"""Near duplicates: folded at the threshold, kept by the stated rule, and only when they are alike."""

import pytest

from corpus.dedup.work import ten_thousandths
from corpus.sections import Dedup
from tests.dedup import plain
from tests.dedup.articles import Article, edited, folded, prose

STORY = prose(1, 200)


def similarity(a: str, b: str) -> float:
    return plain.jaccard(set(plain.shingles(a)), set(plain.shingles(b))) / 10_000


def test_copies_with_a_few_edits_are_one_article() -> None:
    corpus = [Article(f"r{i}", edited(STORY, 20 * i + 9)) for i in range(6)]
    made = folded(corpus)
    assert len(made.published) == 1
    assert {made.rule(name) for name in made.rows} == {None, "near_duplicate"}


def test_the_true_similarity_is_what_the_ledger_says() -> None:
    other = edited(STORY, 30, 90)
    made = folded([Article("a", STORY), Article("b", other)])
    (reason,) = made.rows["b"]["reasons"]
    assert reason == {"rule": "near_duplicate", "value": str(similarity(STORY, other)), "threshold": "0.8"}
    assert made.derivation("b")["similarity"] == similarity(STORY, other)
    assert str(similarity(STORY, other)) in made.rows["b"]["detail"]
    assert made.derivation("b")["evidence"] == {
        "cluster_size": 2,
        "kept_for": "record_id",
        "lowest_similarity": similarity(STORY, other),
        "weakest_edge": similarity(STORY, other),
    }


@pytest.mark.parametrize("edits", range(1, 9))
def test_what_is_below_the_threshold_stays_apart(edits: int) -> None:
    other = edited(STORY, *(20 * i + 7 for i in range(edits)))
    made = folded([Article("a", STORY), Article("b", other)])
    assert (len(made.published) == 1) == (similarity(STORY, other) >= 0.8)


def test_the_threshold_counts_at_four_places() -> None:
    other = edited(STORY, 30, 90)
    exact = similarity(STORY, other)
    assert ten_thousandths(exact) == round(exact * 10_000)
    corpus = [Article("a", STORY), Article("b", other)]
    assert len(folded(corpus, Dedup(near_jaccard=exact)).published) == 1
    assert len(folded(corpus, Dedup(near_jaccard=round(exact + 0.0001, 4))).published) == 2


@pytest.mark.parametrize(
    ("better", "worse", "part", "words"),
    [
        (
            {"text": f"{STORY} and more"},
            {"text": STORY, "canonical": "https://x.example/1", "counts": True, "day": 0},
            "fullest_text",
            "kept as the fuller text (202 words to 200)",
        ),
        (
            {"canonical": "https://x.example/1", "counts": True, "day": 5},
            {"day": 0},
            "canonical_url",
            "kept for its canonical URL",
        ),
        ({"day": 0}, {"day": 5}, "earliest", "kept as the earlier one"),
        ({"day": 5}, {}, "earliest", "kept as the earlier one"),
        ({"record": "a"}, {"record": "b"}, "record_id", "kept by its record id"),
    ],
    ids=["fullest text", "canonical URL", "earliest", "any date", "id"],
)
def test_the_survivor_is_chosen_by_the_stated_rule_and_the_ledger_says_so(
    better: dict, worse: dict, part: str, words: str
) -> None:
    first = Article(**({"record": "y", "text": edited(STORY, 50)} | better))
    second = Article(**({"record": "x", "text": edited(STORY, 150)} | worse))
    made = folded([first, second])
    assert made.published == {first.record}
    assert words in made.rows[second.record]["detail"]
    assert made.derivation(second.record)["evidence"]["kept_for"] == part


def test_a_chain_of_copies_is_one_cluster_and_says_so() -> None:
    words = STORY.split()
    chain = [" ".join(words[8 * i : 8 * i + 140]) for i in range(5)]
    assert similarity(chain[0], chain[4]) < 0.8 <= similarity(chain[0], chain[1])
    made = folded([Article(f"r{i}", text) for i, text in enumerate(chain)])
    assert made.published == {"r0"}
    assert "copies in between are more alike" in made.rows["r4"]["detail"]


def test_a_chain_that_leads_too_far_is_cut() -> None:
    words = prose(2, 400).split()
    chain = [" ".join(words[8 * i : 8 * i + 140]) for i in range(14)]
    made = folded([Article(f"r{i:02}", text) for i, text in enumerate(chain)])
    assert len(made.published) > 1
    for name, row in made.rows.items():
        if row["fate"] == "duplicate":
            assert float(row["reasons"][0]["value"]) >= 0.4
            assert made.kept(name) in made.published


def test_equal_words_in_other_dress_are_exact_duplicates() -> None:
    made = folded([Article("a", STORY), Article("b", STORY.upper().replace(" ", " \n "))])
    (reason,) = made.rows["b"]["reasons"]
    assert reason == {"rule": "exact_duplicate", "value": "1.0", "threshold": "1.0"}
    assert made.derivation("b")["kind"] == "exact_duplicate"


def test_a_copy_of_a_folded_article_is_said_to_be_near_the_one_that_is_kept() -> None:
    other = edited(STORY, 70)
    made = folded([Article("a", STORY, day=0), Article("b", other, day=1), Article("c", other.upper(), day=2)])
    row = made.derivation("c")
    assert (row["kind"], row["similarity"]) == ("near_duplicate", similarity(STORY, other))
    assert row["evidence"]["through"] == "b"


def test_texts_without_words_are_never_alike_but_the_same_bytes_are() -> None:
    made = folded([Article("a", ""), Article("b", "..."), Article("c", "", payload="x"), Article("d", "", payload="x")])
    assert made.published == {"a", "b", "c"}


def test_one_word_texts_are_alike_only_when_equal() -> None:
    made = folded([Article("a", "Hello"), Article("b", "hello!"), Article("c", "Goodbye")])
    assert made.published == {"a", "c"}


def test_chinese_texts_are_compared_by_characters() -> None:
    text = "".join(chr(0x4E00 + (i * i * 7 + i * 31) % 5000) for i in range(200))
    made = folded([Article("a", text), Article("b", text[:100] + "漢" + text[101:]), Article("c", text[::-1])])
    assert made.published == {"a", "c"}
