"""`on_duplicate`: fold, mark or keep; and what a survivor takes over from its copies."""

import pytest

from corpus.dedup.identity import article_id
from tests.dedup.articles import DAY, Article, edited, folded, prose

STORY = prose(1, 200)


def copy(policy: str, **given) -> Article:
    return Article("copy", edited(STORY, 100), day=1, policy=policy, **given)


@pytest.mark.parametrize(
    ("policy", "published", "derived"), [("fold", False, True), ("mark", True, True), ("keep", True, False)]
)
def test_the_record_that_would_be_folded_decides(policy: str, published: bool, derived: bool) -> None:
    made = folded([Article("first", STORY, day=0, policy="keep"), copy(policy)])
    assert ("copy" in made.published) is published
    assert bool(made.derived) is derived
    assert made.rows["first"]["n_duplicates"] == (not published)
    if policy == "mark":
        assert made.derivation("copy")["from_article_id"] == made.article("copy")
    if published:
        assert made.rule("copy") == "near_duplicate"
        assert "published all the same" in made.rows["copy"]["detail"]


@pytest.mark.parametrize("policy", ["mark", "keep"])
def test_the_same_bytes_are_folded_whatever_the_policy(policy: str) -> None:
    twins = [Article(name, STORY, payload="p", policy=policy) for name in "ab"]
    made = folded(twins)
    assert made.published == {"a"}
    assert made.rows["a"]["n_duplicates"] == 1


@pytest.mark.parametrize("policy", ["mark", "keep"])
def test_a_version_that_stays_has_an_id_of_its_own(policy: str) -> None:
    old = Article("old", STORY, day=0, own_id="7", policy=policy)
    made = folded([old, Article("new", edited(STORY, 9), day=1, own_id="7")])
    shared = article_id("id", "paper", "7")
    assert made.article("new") == shared
    assert made.article("old") == article_id("version", shared, old.sha256)
    assert made.kinds("revises") == ([("new", "old")] if policy == "mark" else [])


def test_what_is_folded_into_a_marked_copy_stays_with_it() -> None:
    twin = Article("twin", edited(STORY, 100), payload="p", day=2)
    marked = Article("copy", edited(STORY, 100), payload="p", day=1, policy="mark")
    made = folded([Article("first", STORY, day=0), marked, twin])
    assert made.published == {"first", "copy"}
    assert made.kept("twin") == "copy"


def test_chains_end_at_what_is_published() -> None:
    corpus = [
        Article("first", f"{STORY} more", day=0),
        Article("old", edited(STORY, 60), day=1, own_id="7"),
        Article("new", edited(STORY, 90), day=2, own_id="7"),
        Article("twin", edited(STORY, 60), day=1, own_id="7", payload="other"),
    ]
    made = folded(corpus)
    assert made.published == {"first"}
    assert {made.kept(name) for name in ("old", "new", "twin")} == {"first"}
    assert made.rows["first"]["n_duplicates"] == 3
    assert made.derivation("old")["evidence"]["through"] == "new"


def test_a_survivor_takes_over_what_it_lacks_and_says_from_whom() -> None:
    long = Article("long", f"{STORY} more")
    early = Article("early", STORY, day=0, section="World", title="A headline")
    late = Article("late", edited(STORY, 3), day=5, authors=("Ann Other",), section="Local", url="https://b.example/2")
    made = folded([long, early, late])
    taken = made.rows["long"]["taken_over"]
    assert (taken["title"], taken["section"], taken["authors"]) == ("A headline", "World", ["Ann Other"])
    assert (taken["published_at"], taken["published_at_precision"]) == (DAY, "minute")
    assert taken["url"] == "https://b.example/2"
    assert made.derivation("early")["evidence"]["taken_over"] == ["published_at", "section", "title"]
    assert made.derivation("late")["evidence"]["taken_over"] == ["authors", "url"]


def test_a_survivor_that_lacks_nothing_takes_nothing() -> None:
    made = folded([Article("a", f"{STORY} more", day=0), Article("b", STORY, day=5)])
    assert made.rows["a"]["taken_over"] is None
    assert "taken_over" not in made.derivation("b")["evidence"]


def test_a_copy_that_is_kept_gives_nothing_away() -> None:
    made = folded([Article("a", f"{STORY} more"), Article("b", STORY, section="World", policy="keep")])
    assert made.rows["a"]["taken_over"] is None


def test_ids_do_not_run_into_one_another() -> None:
    assert article_id("id", "ab", "c") != article_id("id", "a", "bc")
    assert len({article_id("url", "x"), article_id("id", "x"), article_id("url", "x", "")}) == 3
