"""All words of a page as lines in their order: its segments, and the elements that the walk passes over."""

from __future__ import annotations

from bisect import bisect_right

from lxml.etree import XPath, _Element

from corpus.clean.body.tags import WORDLESS
from corpus.clean.body.walk import Outline

_ALL = XPath("string()", smart_strings=False)
_VISIBLE = XPath(
    "descendant::text()[not(" + " or ".join(f"ancestor::{tag}" for tag in sorted(WORDLESS)) + ")]", smart_strings=False
)


def line_numbers(page: Outline) -> list[int]:
    """The number of each segment's line among all lines of the page."""
    before = [segment for segment, _ in page.passed]
    return [number + bisect_right(before, number) for number in range(len(page.segments))]


def page_lines(page: Outline) -> tuple[str, ...]:
    """The lines of a page."""
    lines: list[str] = []
    passed = iter(page.passed)
    following = next(passed, None)
    for number in range(len(page.segments) + 1):
        while following is not None and following[0] <= number:
            lines.append(_words(following[1]))
            following = next(passed, None)
        if number < len(page.segments):
            lines.append(page.segments[number].text)
    return tuple(lines)


def _words(element: _Element) -> str:
    """The words of an element that its markup spells out."""
    if next(element.iter(*WORDLESS), None) is None:
        return str(_ALL(element))
    found = _VISIBLE(element)
    return "".join(map(str, found)) if isinstance(found, list) else ""
