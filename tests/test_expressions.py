"""No regular expression of the package takes more than linear steps in what it is given, unless that is bounded."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.regexes.attacks import Attacks
from tests.regexes.finding import Expression, expressions
from tests.regexes.steps import Steps, bounds

LENGTH = 64  # characters of the shorter text; growth is measured to twice as many
FEW = 4  # steps a character, up to which no growth is looked at
TWICE = 2.5  # times as many steps for twice the text: linear with what is constant in it
MOST = 400  # steps a character, from which there is no need to look further
FACTOR = 50_000  # that bounds within one another may multiply to

METADATA = "2,100 code points at most, to which tests/clean/test_metadata_bounds.py holds the metadata's modules"
BOUNDED = {
    **dict.fromkeys(
        (
            "corpus.clean.authors:LIST", "corpus.clean.authors:JOINED", "corpus.clean.authors:CLOSING",
            "corpus.clean.authors:DEGREE", "corpus.clean.authors:TAIL", "corpus.clean.dates:DAY_LEAD",
            "corpus.clean.publication:SEPARATORS", "corpus.clean.titles:BAR", "corpus.clean.titles:CUT_OFF",
        ),
        METADATA,
    ),
    "corpus.clean.truncation:LAST_WORD": "the last 60 code points of a paragraph",
    "corpus.clean.provenance:TAG": "what comes before the last >, where each < has an end",
    "corpus.ingest.formats:magic()": "magic numbers, tried at a file's beginning alone",
    "corpus.ingest.sources:glob()": "a glob of corpus.toml",
    "corpus.settings_errors:_TABLE": "a line of corpus.toml",
    "corpus.report.charts:_LONG": "what the plot library drew",
}  # fmt: skip
"""Expressions that take more than linear steps, and why what they are given is short."""


def worst(expression: Expression) -> tuple[float, str]:
    """How many times as many steps twice the text takes, on the text on which that is most; and that text."""
    steps = Steps(expression.pattern, expression.flags)
    attacks = Attacks(steps, expression.pattern)
    most, text = 1.0, ""
    for parts in attacks.texts(LENGTH):
        once = steps.count(attacks.made(parts, LENGTH), everywhere=expression.everywhere, limit=MOST * LENGTH)
        if once > MOST * LENGTH:
            return float("inf"), repr(parts)
        if once > FEW * LENGTH:
            twice = steps.count(attacks.made(parts, LENGTH, 2), everywhere=expression.everywhere)
            most, text = max((most, text), (twice / once, repr(parts)))
    return most, text


@pytest.mark.slow
def test_no_expression_of_the_package_takes_more_than_linear_steps() -> None:
    found = expressions()
    assert len(found) > 200
    grown = {}
    for expression in found:
        growth, text = worst(expression)
        if growth > TWICE:
            grown[expression.place] = f"{growth:.1f} times the steps for twice {text}: {expression.pattern!r}"
    assert not {place: why for place, why in grown.items() if place not in BOUNDED}
    assert not set(BOUNDED) - set(grown), "these are linear now"


@pytest.mark.slow
def test_bounds_within_one_another_stay_small() -> None:
    over = {one.place: bounds(Steps(one.pattern, one.flags).tree) for one in expressions()}
    assert not {place: factor for place, factor in over.items() if factor > FACTOR}


@pytest.mark.parametrize(
    ("pattern", "everywhere", "linear"),
    [
        (r"(?:a+)+b", False, False), (r"(?:a|a)*b", False, False), (r"a*a*b", False, False),
        (r"(.*),(.*),x", False, False),
        (r"\s+$", True, False), (r"\s+$", False, True), (r"(?<!\s)\s++$", True, True), (r"a++b", True, False),
        (r"(?>a+)+b", False, True), (r"[^<]*<", False, True), (r"(?:ab?)*c", False, True),
        (rb"\d+\.\d+;", True, False),
        (r"(?i)x(?:\w+\s?)*y", False, False), (r"<a[^>]*>", True, False), (r"<a[^<>]{0,500}>", True, True),
    ],
)  # fmt: skip
def test_growth_is_seen_where_it_is_known(pattern: str | bytes, everywhere: bool, linear: bool) -> None:
    growth, _ = worst(Expression("x", 1, "", pattern, re.compile(pattern).flags, everywhere))
    assert (growth <= TWICE) is linear


PIECES = [
    "a", "b", "ab", "[ab]", "[^a]", ".", r"\w", r"\b", "^", "$", "a*", "a+?", "(?:ab)*", "(a|b)+", "(a)?", "(?=b)",
    "(?!b)",
    "(?<=a)", "(?<!a)", "a{1,2}", "a*+", "(?>ab|a)", "b{2}", "(?:a|ab)*?", r"\s*",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join), st.text("ab \n", max_size=9))
def test_steps_find_what_re_finds(pattern: str, text: str) -> None:
    steps = Steps(pattern, re.compile(pattern).flags, finite=None)
    assert list(steps.spans(text)) == [match.span() for match in re.finditer(pattern, text)]


@pytest.mark.slow
def test_steps_find_what_re_finds_with_the_packages_own_expressions() -> None:
    for expression in expressions():
        steps = Steps(expression.pattern, expression.flags, finite=None)
        text = (
            "<a b='1'>By Ann Lee, 3 May 2026 … https://x.example/a?b=1#c | +49 30 1234 “No.”\n\n(Größe) charset=utf-8"
        )
        given = text.encode() if isinstance(expression.pattern, bytes) else text
        found = [match.span() for match in re.compile(expression.pattern, steps.flags).finditer(given)]
        assert list(steps.spans(given)) == found, expression.place
