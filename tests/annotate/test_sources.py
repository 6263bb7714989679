"""Where lists of sources stand."""

from __future__ import annotations

import pytest

from corpus.annotate.sources import is_source_heading, source_lists


def held(
    text: str, *probes: str, headings: tuple[int, ...] = (), anchors: tuple[tuple[int, int], ...] = ()
) -> list[bool]:
    lists = source_lists(text, headings, anchors)
    return [lists.holds(text.index(probe)) for probe in probes]


@pytest.mark.parametrize(
    "line",
    [
        "Sources",
        "SOURCES:",
        "## References",
        "**Sources:**",
        "Wire provenance",
        "4. References",
        "This editorial synthesis draws on the following posts:",
        "Bibliography",
    ],
)
def test_headings_of_sources_are_known(line: str) -> None:
    assert is_source_heading(line)


@pytest.mark.parametrize(
    "line", ["Sources said on Monday that the bridge will open.", "The sources of the Nile", "", "Reference rate"]
)
def test_other_lines_are_none(line: str) -> None:
    assert not is_source_heading(line)


def test_the_entries_below_a_heading_are_its_list() -> None:
    text = "Read https://a.org/0 first.\n\nSources\n\n- https://a.org/1\n- https://a.org/2\n"
    assert held(text, "https://a.org/0", "https://a.org/1", "https://a.org/2") == [False, True, True]


def test_a_line_of_prose_ends_the_list() -> None:
    text = "Sources\nhttps://a.org/1\nThat was all that the ministry had to say.\nhttps://a.org/2"
    assert held(text, "https://a.org/1", "https://a.org/2") == [True, False]


def test_the_next_heading_ends_the_list() -> None:
    text = "Sources\n- https://a.org/1\n- About us\n- https://a.org/2"
    assert held(text, "https://a.org/1", "https://a.org/2", headings=(0, text.index("- About"))) == [True, False]


def test_an_introduction_below_the_heading_belongs_to_it() -> None:
    text = "Wire provenance\nThis editorial synthesis draws on the following public posts:\n- https://a.org/1"
    assert held(text, "https://a.org/1") == [True]


def test_a_linked_title_is_an_entry() -> None:
    text = "References\nA study of bridges\nNothing more."
    at = text.index("A study")
    assert held(text, "study", "Nothing", anchors=((at, at + 18),)) == [True, False]


def test_nothing_is_held_without_a_heading() -> None:
    assert held("https://a.org/1", "https://a.org/1") == [False]
