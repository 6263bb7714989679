"""Spans of a passage count code points and hold exactly what two texts share."""

import numpy as np
import pyarrow as pa
import pytest

from corpus.dedup.passages import passages
from tests.dedup.articles import edited, prose


def spans(longer: str, shorter: str) -> tuple[str, str]:
    texts = pa.array([longer, shorter])
    ((start, end, from_start, from_end),) = passages(texts, np.array([0]), np.array([1])).tolist()
    return longer[start:end], shorter[from_start:from_end]


@pytest.mark.parametrize("lead", ["", "Ein längerer Einstieg – «anderswo» 漢字 geschrieben. " * 9])
@pytest.mark.parametrize("end", ["", "\n\nAnd so it ended, with a sentence of its own that says little. " * 5])
def test_an_embedded_story_is_found_to_the_character(lead: str, end: str) -> None:
    story = prose(1, 80).removesuffix(".")
    assert spans(f"{lead}\n\n{story}{end}", story) == (story, story)


def test_an_edited_word_does_not_break_a_passage() -> None:
    story = prose(2, 80).removesuffix(".")
    changed = edited(story, 40)
    assert spans(f"{prose(3)} {changed} {prose(4)}", story) == (changed, story)


def test_a_phrase_in_common_elsewhere_does_not_stretch_it() -> None:
    story = prose(5, 60).removesuffix(".")
    phrase = " ".join(story.split()[:6])
    longer = f"{phrase} {prose(6)} {story} {prose(7)}"
    assert spans(longer, story) == (story, story)


def test_of_two_pieces_the_longer_is_pointed_at_in_both_texts() -> None:
    words = prose(10, 80).split()
    first, second = " ".join(words[:50]), " ".join(words[50:79])
    assert spans(f"{first} {prose(11, 200)} {second}", " ".join(words)) == (first, first)


def test_texts_that_share_nothing_have_no_passage() -> None:
    assert spans(prose(8), prose(9)) == ("", "")
    assert spans(prose(8), "") == ("", "")
