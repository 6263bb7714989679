"""Articles that hold another: found, directed, never merged."""

import pytest

from corpus.sections import Dedup
from tests.dedup.articles import Article, edited, folded, prose

STORY = prose(1, 100)


def around(text: str, seed: int = 50, count: int = 150) -> str:
    return f"{prose(seed, count)}\n\n{text}\n\n{prose(seed + 1, count)}"


def test_an_embedded_story_is_a_derivation_with_both_spans() -> None:
    longer = around(STORY)
    made = folded([Article("story", STORY), Article("longer", longer)])
    assert made.published == {"story", "longer"}
    row = made.derivation("story")
    assert (row["kind"], row["similarity"]) == ("contains", 1.0)
    assert (row["article_id"], row["from_article_id"]) == (made.article("longer"), made.article("story"))
    assert longer[row["start_char"] : row["end_char"]] == STORY.removesuffix(".")
    assert STORY[row["from_start_char"] : row["from_end_char"]] == STORY.removesuffix(".")


def test_a_lead_is_held_by_the_article_that_goes_on() -> None:
    lead = " ".join(STORY.split()[:40]) + "..."
    made = folded([Article("lead", lead), Article("whole", STORY)])
    assert made.kinds("contains") == [("whole", "lead")]


@pytest.mark.parametrize(("edits", "found"), [(1, True), (2, False)])
def test_the_share_that_is_held_decides(edits: int, found: bool) -> None:
    changed = edited(STORY, *range(20, 20 + 30 * edits, 30))
    made = folded([Article("story", STORY), Article("longer", around(changed))])
    assert bool(made.kinds("contains")) is found
    if not found:
        looser = folded([Article("story", STORY), Article("longer", around(changed))], Dedup(contained_share=0.85))
        assert looser.kinds("contains") == [("longer", "story")]


def test_a_very_short_story_in_a_very_long_one_is_found() -> None:
    brief = prose(3, 22)
    made = folded([Article("brief", brief), Article("longer", around(brief, 60, 3000))])
    assert made.kinds("contains") == [("longer", "brief")]


def test_every_story_of_a_round_up_is_found() -> None:
    briefs = [prose(seed, 40) for seed in range(10, 20)]
    corpus = [Article(f"b{i}", text) for i, text in enumerate(briefs)]
    made = folded([*corpus, Article("round-up", "\n\n".join(briefs))])
    assert sorted(made.kinds("contains")) == [("round-up", f"b{i}") for i in range(10)]


def test_a_copy_that_is_held_speaks_for_the_article_it_was_folded_into() -> None:
    fuller = f"{STORY} {prose(7, 12)}"
    made = folded([Article("fuller", fuller), Article("copy", STORY), Article("longer", around(STORY))])
    assert made.published == {"fuller", "longer"}
    row = next(row for row in made.derived if row["kind"] == "contains")
    assert (row["article_id"], row["from_article_id"]) == (made.article("longer"), made.article("fuller"))
    assert row["evidence"]["held_record"] == "copy"


def test_texts_that_share_boilerplate_do_not_hold_one_another() -> None:
    boilerplate = prose(5, 60)
    made = folded([Article(f"r{i:03}", f"{prose(100 + i, 60)} {boilerplate}") for i in range(150)])
    assert len(made.published) == 150
    assert not made.kinds("contains")


def test_boilerplate_published_by_itself_is_found_in_all_that_hold_it() -> None:
    boilerplate = prose(5, 60)
    corpus = [Article(f"r{i:03}", f"{prose(100 + i, 60)} {boilerplate}") for i in range(150)]
    made = folded([*corpus, Article("notice", boilerplate)])
    assert len(made.kinds("contains")) == 150


def test_near_duplicates_do_not_hold_one_another() -> None:
    made = folded([Article("a", prose(1, 200)), Article("b", " ".join(prose(1, 200).split()[:180]))])
    assert len(made.published) == 1
    assert not made.kinds("contains")
