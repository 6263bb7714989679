"""What changed is said in words, shortest first, and only a correction counts as one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dedup.change_kernels import hunks
from corpus.dedup.changes import changes, corrects
from tests.dedup.articles import prose

WORDS = st.lists(st.integers(0, 4), max_size=14)


@given(WORDS, WORDS, st.sampled_from([3, 400]))
@settings(max_examples=300, deadline=None)
def test_hunks_turn_one_text_into_the_other(a: list[int], b: list[int], most: int) -> None:
    rebuilt, end = [], 0
    for i1, i2, j1, j2 in hunks(np.array(a, np.int64), np.array(b, np.int64), most).tolist():
        rebuilt += a[end:i1] + b[j1:j2]
        assert (i1, i2 - i1 + j2 - j1) >= (end, 1)
        end = i2
    assert rebuilt + a[end:] == b


@given(WORDS, WORDS)
@settings(deadline=None)
def test_hunks_are_as_short_as_can_be(a: list[int], b: list[int]) -> None:
    common = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a)):
        for j in range(len(b)):
            common[i + 1][j + 1] = common[i][j] + 1 if a[i] == b[j] else max(common[i][j + 1], common[i + 1][j])
    found = hunks(np.array(a, np.int64), np.array(b, np.int64), 400)
    edits = sum(i2 - i1 + j2 - j1 for i1, i2, j1, j2 in found.tolist())
    assert edits == len(a) + len(b) - 2 * common[-1][-1]


def test_a_changed_figure_is_said_as_it_was_and_as_it_is() -> None:
    (change,) = changes("The bank paid $3.4 million in all.", "The bank paid $4.3  million in ALL.")
    assert (change.before, change.after) == ("3.4", "4.3")
    assert change.of_figure


@given(st.integers(0, 50), st.data())
@settings(deadline=None)
def test_changes_name_exactly_the_words_that_were_replaced(seed: int, data) -> None:
    words = prose(seed, 40).split()
    at = data.draw(st.integers(0, 39))
    after = [*words[:at], "Zebra", *words[at + 1 :]]
    (change,) = changes(" ".join(words), " ".join(after))
    assert change.after.rstrip(".") == "Zebra"
    assert change.before in words[at]


STORY = "The council voted on Tuesday to close 12 of its 40 libraries, a decision that was met with protest in town."


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        (STORY.replace("12", "14"), True),
        (STORY.replace("12", "14").replace("40", "41"), True),
        (STORY.replace("12", "14") + " (This version corrects a figure.)", True),
        (STORY.replace("with protest in town", "with protest in two towns"), True),
        (STORY.replace("with protest in town", "by a brass band playing marches"), False),
        (STORY.replace("12", "14").replace("40", "41").replace("Tuesday", "Friday").replace("close", "open"), False),
        (STORY + " It was the third such vote in as many years.", False),
        (STORY.removesuffix(" that was met with protest in town."), False),
    ],
    ids=["figure", "two figures", "figure and note", "rewritten", "another sentence", "other facts", "grown", "cut"],
)
def test_only_a_correction_counts_as_one(after: str, wanted: bool) -> None:
    assert corrects(changes(STORY, after), figures=2) is wanted
