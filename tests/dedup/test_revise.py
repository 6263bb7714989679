"""The same outlet and headline: a correction is a revision, a templated report is another article."""

import pytest

from tests.dedup.articles import Article, edited, folded, prose

STORY = prose(1, 60)
WORDS = STORY.split()
PAPER = {"host": "paper.example", "title": "Council votes on libraries"}
REPORT = (
    "Oslo stocks closed {how} on {day}, with the main index at {a} points after {why}. Volume was {b} million shares "
    "against {c} million the day before, and advancing issues stood at {d}. The yield on the ten-year bond was at {e} "
    "percent, and the dollar stood at {f} in late trading, the exchange said in its daily report to investors."
)


def with_figures(first: int, second: int) -> str:
    return " ".join([*WORDS[:20], str(first), *WORDS[20:40], str(second), *WORDS[40:]])


def test_a_corrected_figure_is_a_revision_and_the_newest_is_kept() -> None:
    made = folded(
        [Article("old", with_figures(12, 7), day=0, **PAPER), Article("new", with_figures(21, 7), day=1, **PAPER)]
    )
    assert made.published == {"new"}
    assert made.rule("old") == "revision"
    row = made.derivation("old")
    assert (row["kind"], row["method"]) == ("revises", "outlet_and_headline")
    assert row["evidence"]["changes"] == [{"after": "21", "before": "12"}]


def test_two_figures_changed_are_a_revision_even_below_the_near_threshold() -> None:
    made = folded(
        [Article("old", with_figures(12, 7), day=0, **PAPER), Article("new", with_figures(21, 8), day=1, **PAPER)]
    )
    assert float(made.rows["old"]["reasons"][0]["value"]) < 0.8
    assert made.published == {"new"}


@pytest.mark.parametrize(
    "other",
    [{"host": "other.example"}, {"title": "Another headline"}, {"title": None}, {"day": 30}],
    ids=["another outlet", "another headline", "no headline", "a month later"],
)
def test_nothing_less_than_outlet_headline_and_time_makes_a_revision(other: dict) -> None:
    old = Article("old", with_figures(12, 7), **({"day": 0} | PAPER))
    new = Article("new", with_figures(21, 8), **({"day": 1} | PAPER | other))
    assert folded([old, new]).published == {"old", "new"}


def test_headlines_are_compared_without_case_and_space() -> None:
    old = Article("old", with_figures(12, 7), day=0, **PAPER)
    new = Article("new", with_figures(21, 7), day=1, host="paper.example", title=" COUNCIL votes\n on libraries")
    assert made_by([old, new]) == "outlet_and_headline"


def made_by(corpus: list[Article]) -> str:
    (row,) = folded(corpus).derived
    return row["method"]


def test_templated_reports_of_one_outlet_stay_apart() -> None:
    facts = [
        {
            "how": "higher",
            "day": "Monday",
            "a": 412,
            "why": "weak data",
            "b": 31,
            "c": 28,
            "d": 511,
            "e": 3.1,
            "f": 1.2,
        },
        {
            "how": "lower",
            "day": "Tuesday",
            "a": 409,
            "why": "good sales",
            "b": 27,
            "c": 31,
            "d": 322,
            "e": 3.2,
            "f": 1.1,
        },
        {
            "how": "mixed",
            "day": "Friday",
            "a": 411,
            "why": "a rate cut",
            "b": 40,
            "c": 27,
            "d": 402,
            "e": 3.3,
            "f": 1.3,
        },
    ]
    title = {"host": "paper.example", "title": "Market close"}
    made = folded([Article(f"r{i}", REPORT.format(**f), day=i, **title) for i, f in enumerate(facts)])
    assert len(made.published) == 3
    assert not made.derived


def test_a_text_that_went_on_is_no_revision_without_an_id() -> None:
    longer = f"{STORY} {prose(2, 30)}"
    made = folded([Article("old", STORY, day=0, **PAPER), Article("new", longer, day=1, **PAPER)])
    assert made.published == {"old", "new"}
    assert made.kinds("contains") == [("new", "old")]


def test_of_several_corrections_the_last_is_kept() -> None:
    made = folded([Article(f"v{i}", with_figures(10 + i, 7), day=i, **PAPER) for i in range(4)])
    assert made.published == {"v3"}
    assert {made.kept(f"v{i}") for i in range(3)} == {"v3"}


def test_equal_words_among_corrections_are_no_revision_of_one_another() -> None:
    first, last = with_figures(12, 7), with_figures(21, 7)
    made = folded(
        [
            Article(name, text, day=day, **PAPER)
            for name, text, day in (("a", first, 0), ("b", last, 1), ("c", last.upper(), 2))
        ]
    )
    assert made.published == {"c"}
    assert [made.rule(name) for name in "ab"] == ["revision", "exact_duplicate"]


def test_a_copy_elsewhere_of_the_uncorrected_article_joins_the_corrected_one() -> None:
    long = prose(3, 200)
    corpus = [
        Article("old", edited(long, 100), day=0, **PAPER),
        Article("new", edited(long, 120), day=1, **PAPER),
        Article("copy", edited(long, 100).upper(), day=0, host="other.example"),
    ]
    made = folded(corpus)
    assert len(made.published) == 1
