"""Listed names in a text."""

from __future__ import annotations

from corpus.annotate.known import find_addresses, find_listed, is_bounded, matcher_of


def listed(text: str) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.label) for s, _ in find_listed(text)]


def test_listed_names_have_their_label() -> None:
    assert listed("Karpathy left OpenAI for Anthropic; the UK watched.") == [
        ("Karpathy", "PERSON"), ("OpenAI", "ORG"), ("Anthropic", "ORG"), ("UK", "GPE"),
    ]  # fmt: skip


def test_the_longest_name_counts() -> None:
    assert listed("Claude Opus 4 by Google DeepMind in Papua New Guinea") == [
        ("Claude Opus", "PRODUCT"), ("Google DeepMind", "ORG"), ("Papua New Guinea", "GPE"),
    ]  # fmt: skip


def test_parts_of_words_handles_tags_and_hosts_are_no_names() -> None:
    assert listed("OpenAIs @OpenAI #OpenAI openai.com OpenAI.com subOpenAI OpenAI_x") == []


def test_hyphens_possessives_and_slashes_end_a_word() -> None:
    assert listed("UK-based, Anthropic's, Iran/Iraq") == [
        ("UK", "GPE"), ("Anthropic", "ORG"), ("Iran", "GPE"), ("Iraq", "GPE"),
    ]  # fmt: skip


def test_an_accent_behind_a_name_makes_it_another_word() -> None:
    assert not is_bounded("Chile\u0301", 0, 5)


def test_us_in_a_line_of_capitals_may_be_the_word() -> None:
    assert listed("THEY TOLD US ABOUT IT\nThe US said so.") == [("US", "GPE")]


def test_places_in_a_dateline_are_found() -> None:
    assert listed("NAIROBI, 3 May - Officials said") == [("NAIROBI", "GPE")]


def test_offsets_count_code_points() -> None:
    text = "🔍🇬🇧 é OpenAI"
    ((span, _),) = find_listed(text)
    assert text[span.start : span.end] == "OpenAI"


def test_a_shorter_whole_word_is_found_inside_a_longer_pattern_that_is_none() -> None:
    assert matcher_of(["New Yorker", "York"]).find("New Yorkers in York") == [(15, 19, 1)]


def test_addresses_are_told_apart_from_text() -> None:
    text = "See https://openai.com/a or write to press@openai.com today"
    assert [text[a:b] for a, b in find_addresses(text)] == ["https://openai.com/a", "press@openai.com"]
