"""What belongs to a name's span."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotate.spans import Span, tidy
from corpus.columns import LABELS


def tidied(surface: str, label: str = "ORG", *, before: str = "", after: str = "") -> str | None:
    text = before + surface + after
    span = tidy(text, Span(len(before), len(before) + len(surface), label, "m"))
    return span and text[span.start : span.end]


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("  Anthropic ", "Anthropic"),
        ("“Anthropic”", "Anthropic"),
        ("Anthropic,", "Anthropic"),
        ("Anthropic's", "Anthropic"),
        ("Anthropic’s", "Anthropic"),
        ("the United Nations", "United Nations"),
        ("The Senate’s", "Senate"),
        ("Reuters.", "Reuters"),
        ("(NASA", "NASA"),
        ("NASA)", "NASA"),
        ("(NASA)", "NASA"),
        ("– Reuters", "Reuters"),
        ("🔍 Interpol", "Interpol"),
        ("Yahoo!", "Yahoo"),
        ("Philips'", "Philips"),
        ("‘Which?", "Which"),
        ("the Bank of the West (BoW)", "Bank of the West (BoW)"),
    ],
)
def test_space_quotes_marks_articles_and_possessives_belong_to_no_name(surface: str, name: str) -> None:
    assert tidied(surface) == name


@pytest.mark.parametrize(
    "surface", ["U.S.", "Alphabet Inc.", "Sammy Davis Jr.", "George W.", "Jean-Luc", "AT&T", "O'Brien", "Ben & Jerry"]
)
def test_marks_that_are_part_of_a_name_stay(surface: str) -> None:
    assert tidied(surface) == surface


@pytest.mark.parametrize("surface", ["", "  ", "“”", "...", "'s", "12", "—", "\n\n"])
def test_a_span_without_a_letter_is_no_name(surface: str) -> None:
    assert tidied(surface) is None


def test_values_keep_their_signs_and_articles() -> None:
    assert tidied("$5 million,", "MONEY") == "$5 million"
    assert tidied("40%", "PERCENT") == "40%"
    assert tidied("the past two years", "DATE") == "the past two years"
    assert tidied("2026", "DATE") == "2026"


def test_a_work_keeps_its_article() -> None:
    assert tidied("The Wire", "WORK_OF_ART") == "The Wire"


def test_no_name_goes_over_the_end_of_a_line() -> None:
    assert tidied("Interpol\n\nMinister") == "Interpol"
    assert tidied("\n\nMinister") == "Minister"


def test_an_accent_that_stands_by_itself_belongs_to_its_letter() -> None:
    assert tidied("Jose", "PERSON", after="\u0301 Luis") == "Jose\u0301"


def test_what_is_too_long_is_no_name() -> None:
    assert tidied("Very " * 60 + "Long") is None


@settings(deadline=None)
@given(st.text(max_size=40), st.data(), st.sampled_from(LABELS))
def test_a_tidied_span_lies_within_its_line_and_tidying_again_changes_nothing(
    text: str, data: st.DataObject, label: str
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = tidy(text, Span(start, end, label, "m"))
    if span is not None:
        surface = text[span.start : span.end]
        assert start <= span.start < span.end
        assert "\n" not in surface
        assert surface == surface.strip()
        assert tidy(text, span) == span
