"""How two texts differ: every changed word is shown, and the length of what is shown is bounded."""

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.report.difference import PLACES_SHOWN, WORDS_COMPARED, WORDS_SHOWN, Place, difference

TEXT = " ".join(f"w{n}" for n in range(100))


def test_a_changed_figure_is_shown_between_the_words_around_it() -> None:
    found = difference(TEXT.replace("w50", "3.4 million"), TEXT.replace("w50", "4.1 million"))
    assert found.places == (Place("w44 w45 w46 w47 w48 w49", "3.4", "4.1", "million w51 w52 w53 w54 w55"),)
    assert (found.more, found.cut) == (0, False)


def test_equal_words_in_other_spacing_are_no_difference() -> None:
    assert difference(TEXT, TEXT.replace(" ", "\n\n")).places == ()


def test_a_long_passage_is_shown_by_its_ends() -> None:
    (place,) = difference(f"{TEXT} {' '.join(f'x{n}' for n in range(200))}", TEXT).places
    assert place.removed.startswith("x0 x1 ")
    assert "[… 160 more …]" in place.removed
    assert place.removed.endswith("x199")
    assert len(place.removed.split()) < 2 * WORDS_SHOWN


def test_many_places_are_counted() -> None:
    found = difference(TEXT, " ".join(word if n % 3 else "other" for n, word in enumerate(TEXT.split())))
    assert len(found.places) == PLACES_SHOWN
    assert found.more == 34 - PLACES_SHOWN


def test_what_lies_beyond_the_bound_is_said_not_to_be_compared() -> None:
    long = " ".join(f"w{n}" for n in range(WORDS_COMPARED))
    assert not difference(long, long).cut
    assert difference(f"{long} end", long).cut


@given(
    st.lists(st.sampled_from("a b c , .".split()), max_size=30),
    st.lists(st.sampled_from("a b c , .".split()), max_size=30),
)
@settings(max_examples=80, deadline=None)
def test_texts_have_a_difference_exactly_where_their_words_differ(left: list[str], right: list[str]) -> None:
    assert bool(difference(" ".join(left), " ".join(right)).places) == (left != right)
