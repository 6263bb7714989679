"""The mentions of one article, with a model that finds what it is told."""

from __future__ import annotations

from itertools import pairwise

from corpus.annotate.mentions import find_mentions
from corpus.annotate.model import Model
from tests.annotate.made import Guesses, OneGuess


def found(text: str, model: Guesses | None = None) -> list[tuple[str, str, str | None]]:
    stand_in: Model = model or Guesses()  # type: ignore[assignment]  # only `find` is used of a model
    mentions = find_mentions(text, [(0, len(text))], (), stand_in)
    assert all(text[m.start : m.end] == m.surface for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    return [(m.surface, m.label, m.name) for m in mentions]


def test_a_listed_name_overrides_the_model_at_the_same_span() -> None:
    assert found("Anthropic grew.", Guesses(Anthropic="GPE")) == [("Anthropic", "ORG", "Anthropic")]


def test_a_longer_name_that_holds_a_listed_one_stays() -> None:
    assert found("Zorb of Ghana met.", Guesses(Zorb_of_Ghana="ORG")) == [("Zorb of Ghana", "ORG", "Zorb of Ghana")]


def test_a_listed_name_that_holds_a_guess_wins() -> None:
    assert found("in South Africa today", Guesses(Africa="LOC")) == [("South Africa", "GPE", "South Africa")]


def test_a_number_behind_a_listed_name_belongs_to_it() -> None:
    assert found("We ran Claude 9.5 today", Guesses(**{"Claude 9.5": "PERSON"})) == [
        ("Claude 9.5", "PRODUCT", "Claude 9.5")
    ]


def test_names_run_together_as_one_person_are_taken_apart() -> None:
    text = "So today, as was planned, Andrej Karpathy Joins Anthropic for good."
    assert found(text, Guesses(Andrej_Karpathy_Joins_Anthropic="PERSON")) == [
        ("Andrej Karpathy", "PERSON", "Andrej Karpathy"), ("Anthropic", "ORG", "Anthropic"),
    ]  # fmt: skip


def test_a_word_of_a_persons_name_is_not_the_listed_product() -> None:
    text = "Claude Quellmo paints. Claude likes blue."
    assert found(text, Guesses(Claude_Quellmo="PERSON")) == [("Claude Quellmo", "PERSON", "Claude Quellmo")]
    assert found("We asked Claude.") == [("Claude", "PRODUCT", "Claude")]


def test_a_name_found_once_is_marked_wherever_it_stands() -> None:
    text = "Zorbix grew. Later Zorbix fell, and Zorbix's owner wept. Zorbixes too."
    assert [m[0] for m in found(text, OneGuess(Zorbix="ORG"))] == ["Zorbix"] * 3


def test_a_name_is_not_looked_for_in_addresses() -> None:
    text = "Zorbix grew. See https://alpha.org/Zorbix/ for more."
    assert [m[0] for m in found(text, OneGuess(Zorbix="ORG"))] == ["Zorbix"]


def test_a_persons_surname_is_marked_and_is_the_person() -> None:
    text = "Ana Quellmo came. Quellmo left."
    assert found(text, OneGuess(Ana_Quellmo="PERSON")) == [
        ("Ana Quellmo", "PERSON", "Ana Quellmo"), ("Quellmo", "PERSON", "Ana Quellmo"),
    ]  # fmt: skip


def test_a_name_that_is_also_a_word_of_the_text_is_not_looked_for() -> None:
    text = "Ana Will came. Will she stay? They will see."
    assert [m[0] for m in found(text, OneGuess(Ana_Will="PERSON"))] == ["Ana Will"]


def test_an_acronym_is_marked_and_named_after_its_long_form() -> None:
    text = "Harbour Dredging Pact (HDP) met. Then HDP voted."
    assert found(text, OneGuess(Harbour_Dredging_Pact="ORG")) == [
        ("Harbour Dredging Pact", "ORG", "Harbour Dredging Pact"), ("HDP", "ORG", "Harbour Dredging Pact"),
        ("HDP", "ORG", "Harbour Dredging Pact"),
    ]  # fmt: skip


def test_addresses_hold_no_names() -> None:
    assert found("See https://x.org/Anthropic-OpenAI and mail Ana@Anthropic.com", Guesses(Anthropic="ORG")) == []


def test_general_terms_and_words_without_a_capital_are_no_names() -> None:
    assert found("AI and llms grow near florida", Guesses(AI="GPE", llms="ORG", florida="GPE")) == [
        ("florida", "GPE", "Florida")
    ]


def test_a_phrase_in_lower_case_is_no_name() -> None:
    assert found("their unbeaten league run", Guesses(unbeaten_league_run="PERSON")) == []


def test_values_have_no_name_and_are_not_looked_for_elsewhere() -> None:
    assert found("In 2026, and 2026 again", OneGuess(**{"2026": "DATE"})) == [("2026", "DATE", None)]
