"""What kind of thing a name is within one article."""

from __future__ import annotations

import pytest

from corpus.annotate.known import METHOD
from corpus.annotate.labels import by_words, settle
from corpus.annotate.spans import Span


def settled(text: str, *guesses: tuple[str, str, str]) -> list[str]:
    spans, at = [], 0
    for surface, label, method in guesses:
        at = text.index(surface, at)
        spans.append(Span(at, at + len(surface), label, method))
        at += len(surface)
    return [span.label for span in settle(text, spans)]


def test_the_most_frequent_label_counts_for_all() -> None:
    text = "Zorbix grew. Zorbix fell. Zorbix closed."
    assert settled(text, ("Zorbix", "PERSON", "m"), ("Zorbix", "ORG", "m"), ("Zorbix", "ORG", "m")) == ["ORG"] * 3


def test_ties_go_by_the_order_of_labels() -> None:
    text = "Zorbix grew. Zorbix fell."
    assert settled(text, ("Zorbix", "ORG", "m"), ("Zorbix", "PERSON", "m")) == ["PERSON"] * 2


def test_a_surname_of_the_article_is_a_person() -> None:
    text = "Ana Quellmo spoke. Quellmo left."
    assert settled(text, ("Ana Quellmo", "PERSON", "m"), ("Quellmo", "ORG", "m")) == ["PERSON", "PERSON"]


def test_the_lists_label_stays() -> None:
    text = "Ana Lima spoke. Lima is far."
    assert settled(text, ("Ana Lima", "PERSON", "m"), ("Lima", "GPE", METHOD)) == ["PERSON", "GPE"]


@pytest.mark.parametrize("text", ["Mr Quellmo left.", "Quellmo, 45, left.", "Quellmo, aged 45, left."])
def test_a_title_or_an_age_makes_a_person(text: str) -> None:
    assert settled(text, ("Quellmo", "ORG", "m")) == ["PERSON"]


def test_a_common_surname_that_speaks_is_a_person() -> None:
    assert settled("Miller said so.", ("Miller", "ORG", "m")) == ["PERSON"]
    assert settled("Zorbix said so.", ("Zorbix", "ORG", "m")) == ["ORG"]


def test_a_city_behind_a_preposition_is_no_person() -> None:
    assert settled("They met in Bulawayo.", ("Bulawayo", "PERSON", "m")) == ["GPE"]
    assert settled("Bulawayo spoke.", ("Bulawayo", "PERSON", "m")) == ["PERSON"]


def test_a_title_over_the_end_of_a_line_is_none() -> None:
    assert settled("the Minister\nQuellmo grew", ("Quellmo", "ORG", "m")) == ["ORG"]
    assert settled("the Minister\n Quellmo grew", ("Quellmo", "ORG", "m")) == ["ORG"]


@pytest.mark.parametrize(
    ("surface", "guess", "label"),
    [
        ("Zorb University", "PERSON", "ORG"),
        ("Zorb River", "ORG", "LOC"),
        ("Zorb Bridge", "PERSON", "FAC"),
        ("Lake Zorb", "PERSON", "LOC"),
        ("Zorb Province", "GPE", "GPE"),
        ("Gustavo Zorb", "ORG", "PERSON"),
        ("Bulawayo", "ORG", "GPE"),
        ("Zorb", "ORG", "ORG"),
        ("Monday", "DATE", "DATE"),
    ],
)
def test_a_names_own_words_say_what_it_is(surface: str, guess: str, label: str) -> None:
    assert by_words(surface, guess) == label


def test_values_keep_their_label() -> None:
    assert settled("Mr May and May 2026", ("May 2026", "DATE", "m")) == ["DATE"]
