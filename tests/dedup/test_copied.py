"""Paragraphs that several articles hold: each points at the earliest."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sections import Dedup
from tests.dedup import plain
from tests.dedup.articles import Article, Result, folded, prose

RELEASE = prose(500, 30)
NOTE = "Reporting by Ann Other and Bo Else, editing by Cy Third"


def story(seed: int, *paragraphs: str) -> str:
    return "\n\n".join([prose(seed, 60), *paragraphs, prose(seed + 1000, 60)])


def copied(made: Result, record: str) -> list[tuple[int, str, int]]:
    owner = {row["article_id"]: name for name, row in made.rows.items() if row["article_id"]}
    return [(at, owner[article], there) for at, article, there in (row.values() for row in made.rows[record]["copied"])]


def test_a_press_releases_paragraph_points_at_the_earliest_article_that_has_it() -> None:
    made = folded([
        Article("late", story(1, RELEASE.upper()), day=3),
        Article("first", story(2, "A line of its own here", RELEASE), day=1),
        Article("undated", story(3, RELEASE)),
    ])  # fmt: skip
    assert copied(made, "first") == []
    assert copied(made, "late") == copied(made, "undated") == [(1, "first", 2)]
    assert made.rows["late"]["duplicate_paragraph_share"] == 0.2
    assert made.rows["first"]["duplicate_paragraph_share"] == 0.0


def test_short_paragraphs_do_not_count_unless_asked_for() -> None:
    corpus = [Article("a", story(1, NOTE), day=0), Article("b", story(2, NOTE), day=1)]
    assert copied(folded(corpus), "b") == [(1, "a", 1)]
    assert copied(folded(corpus, Dedup(paragraph_words=12)), "b") == []


def test_folded_records_neither_point_nor_are_pointed_at() -> None:
    text = story(1, RELEASE)
    made = folded([Article("a", f"{text} more"), Article("b", text, day=0), Article("c", story(2, RELEASE), day=1)])
    assert made.published == {"a", "c"}
    assert made.rows["b"]["copied"] == []
    assert made.rows["b"]["duplicate_paragraph_share"] is None
    assert copied(made, "c") == [(1, "a", 1)], "a has the date of b, its copy"


def test_a_paragraph_that_recurs_only_in_its_own_article_is_no_copy() -> None:
    made = folded([Article("a", story(1, RELEASE, RELEASE), day=0), Article("b", story(2, RELEASE, RELEASE), day=1)])
    assert copied(made, "a") == []
    assert copied(made, "b") == [(1, "a", 1), (2, "a", 1)]


def test_a_new_article_moves_only_the_pointers_of_what_it_shares() -> None:
    other = prose(600, 30)
    corpus = [Article(f"r{i}", story(i, RELEASE if i < 3 else other), day=i + 1) for i in range(6)]
    before, after = folded(corpus), folded([*corpus, Article("new", story(90, other), day=0)])
    for name in ("r0", "r1", "r2"):
        assert before.rows[name] == after.rows[name]
    assert copied(after, "r3") == [(1, "new", 1)]


WORDS = st.lists(st.sampled_from(["One", "two", "THREE", "é", "漢", "-", "4.5"]), min_size=0, max_size=5).map(" ".join)


@given(st.lists(st.lists(WORDS, max_size=5).map("\n\n".join), min_size=1, max_size=6), st.integers(1, 4))
@settings(max_examples=80, deadline=None)
def test_pointers_are_those_of_plain_python(texts: list[str], least: int) -> None:
    corpus = [Article(f"r{i}", text, day=len(texts) - i, policy="keep") for i, text in enumerate(texts)]
    made = folded(corpus, Dedup(paragraph_words=least))
    seen: dict[tuple[str, ...], tuple[str, int]] = {}
    for article in sorted(corpus, key=lambda a: a.day):
        if article.record not in made.published:
            continue
        expected, held, total = [], 0, 0
        for at, paragraph in enumerate(article.text.split("\n\n")):
            words = tuple(plain.words(paragraph))
            total += len(words)
            if len(words) >= least:
                first = seen.setdefault(words, (article.record, at))
                if first[0] != article.record:
                    expected.append((at, *first))
                    held += len(words)
        assert copied(made, article.record) == expected
        assert made.rows[article.record]["duplicate_paragraph_share"] == plain.ten_thousandths(held, total) / 10_000


def test_many_pages_with_one_footer_point_at_one() -> None:
    made = folded([Article(f"r{i:04}", f"{prose(i, 12)}\n\n{RELEASE}", day=i) for i in range(300)])
    assert {tuple(copied(made, f"r{i:04}")) for i in range(1, 300)} == {((1, "r0000", 1),)}
    assert np.isclose(made.rows["r0007"]["duplicate_paragraph_share"], 30 / 42, atol=1e-4)
