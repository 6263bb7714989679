"""What a mention is called."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotate.names import acronyms_of, key, names_of, normal
from corpus.annotate.spans import Span


def spans(text: str, *surfaces: tuple[str, str]) -> list[Span]:
    found, at = [], 0
    for surface, label in surfaces:
        at = text.index(surface, at)
        found.append(Span(at, at + len(surface), label, "m"))
        at += len(surface)
    return found


def called(text: str, *surfaces: tuple[str, str]) -> list[str | None]:
    found = spans(text, *surfaces)
    return names_of(text, found, acronyms_of(text, found))


@pytest.mark.parametrize(
    ("surface", "label", "name"),
    [
        ("the World  Bank's", "ORG", "World Bank"),
        ("Mr. Ade Bello", "PERSON", "Ade Bello"),
        ("Lt. Gen. Ana Ruiz", "PERSON", "Ana Ruiz"),
        ("Prime Minister Ana Ruiz", "PERSON", "Ana Ruiz"),
        ("Dr", "PERSON", "Dr"),
        ("Acme Holdings, Inc.", "ORG", "Acme Holdings"),
        ("Tesla", "ORG", "Tesla"),
        ("The Wire", "WORK_OF_ART", "The Wire"),
        ("Co", "ORG", "Co"),
        ("Inc\nWorks", "ORG", "Inc Works"),
    ],
)
def test_a_name_is_normalised_by_its_label(surface: str, label: str, name: str) -> None:
    assert normal(surface, label) == name


def test_spellings_of_one_name_share_a_key() -> None:
    assert key("José  Peña") == key("Jose Pena") == key("JOSÉ PEÑA")
    assert key("U.K.") == key("UK")
    assert key("O’Brien") == key("O'Brien")


@settings(deadline=None)
@given(
    st.text(min_size=1, max_size=30).filter(lambda s: s.strip() != ""),
    st.sampled_from(["PERSON", "ORG", "GPE", "WORK_OF_ART"]),
)
def test_a_name_is_never_empty(surface: str, label: str) -> None:
    assert normal(surface, label)
    assert key(normal(surface, label))


def test_a_bare_surname_is_the_one_person_of_the_article_that_has_it() -> None:
    text = "Ana Ruiz spoke. Ruiz left."
    assert called(text, ("Ana Ruiz", "PERSON"), ("Ruiz", "PERSON")) == ["Ana Ruiz", "Ana Ruiz"]


def test_a_surname_that_two_people_have_stays_bare() -> None:
    text = "Ana Ruiz met Luis Ruiz. Ruiz left."
    assert called(text, ("Ana Ruiz", "PERSON"), ("Luis Ruiz", "PERSON"), ("Ruiz", "PERSON"))[-1] == "Ruiz"


def test_an_honorific_does_not_hide_a_surname() -> None:
    text = "Ana Ruiz spoke. Ms Ruiz left."
    assert called(text, ("Ana Ruiz", "PERSON"), ("Ms Ruiz", "PERSON")) == ["Ana Ruiz", "Ana Ruiz"]


def test_an_acronym_in_brackets_stands_for_the_name_before_it() -> None:
    text = "The Harbour Workers of Delta (HWD) met. HWD voted."
    found = called(text, ("Harbour Workers of Delta", "ORG"), ("HWD", "ORG"), ("HWD", "ORG"))
    assert found == ["Harbour Workers of Delta"] * 3


def test_brackets_with_other_letters_are_no_acronym() -> None:
    text = "Harbour Workers (XYZ)"
    assert acronyms_of(text, spans(text, ("Harbour Workers", "ORG"))) == {}


def test_listed_aliases_have_the_canonical_name() -> None:
    text = "Britain, the UK and U.K. Karpathy"
    found = called(text, ("Britain", "GPE"), ("UK", "GPE"), ("U.K.", "GPE"), ("Karpathy", "PERSON"))
    assert found == ["United Kingdom"] * 3 + ["Andrej Karpathy"]


def test_the_articles_own_person_goes_before_the_list() -> None:
    text = "Vesna Karpathy paints. Karpathy lives in Split."
    assert called(text, ("Vesna Karpathy", "PERSON"), ("Karpathy", "PERSON")) == ["Vesna Karpathy"] * 2


def test_values_have_no_name() -> None:
    assert called("in 2026", ("2026", "DATE")) == [None]
