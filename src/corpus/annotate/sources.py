"""Where in a text the lists of sources stand."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.annotate.link_rules import link_rules

MARKS = re.compile(r"^[\s#>*_•·▪◦‣+\-–—]*(?:\(?(?:\d{1,3}|[ivxIVX]{1,4})[.)\]]\s*)?[\s*_]*")
BULLET = re.compile(r"\s*(?:[•·▪◦‣*+\-–—]\s|\[?\(?\d{1,3}[.)\]])")
URL = re.compile(r"(?:https?|ftp)://|www\.", re.IGNORECASE)
YEAR = re.compile(r"\((?:[^()]{0,20}\s)?(?:1[5-9]|20)\d\d[a-z]?\)")


@dataclass(frozen=True)
class Ranges:
    """Stretches of a text, in order, none overlapping another."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def holds(self, at: int) -> bool:
        """Whether a place is in one of them."""
        found = bisect_right(self.starts, at) - 1
        return found >= 0 and at < self.ends[found]


def source_lists(text: str, headings: Sequence[int], anchors: Sequence[tuple[int, int]]) -> Ranges:
    """The lists of sources: from the line after "Sources", "References" and the like to the last entry below it.

    `headings` are the places where headings begin, `anchors` the spans of linked words, both in order. An entry has a
    bullet or number, an address, a year in brackets, or is for the most part a link.
    """
    beginnings = frozenset(headings)
    starts: list[int] = []
    ends: list[int] = []
    is_open = False
    for start, end in _lines(text):
        if is_source_heading(text[start : min(end, start + link_rules().max_heading + 1)]):
            if not is_open:
                starts.append(end)
                ends.append(end)
            is_open = True
        elif is_open and start in beginnings:
            is_open = False
        elif is_open and _is_entry(text, start, end, anchors):
            ends[-1] = end
        elif is_open and not text[start:end].rstrip().endswith(":"):
            is_open = False
    return Ranges(tuple(starts), tuple(ends))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines that are not empty."""
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start : min(end, start + 64)].strip() or text[start:end].strip():
            yield start, end
        start = end + 1


def is_source_heading(line: str) -> bool:
    """Whether a line stands above a list of sources."""
    rules = link_rules()
    if len(line) > rules.max_heading:
        return False
    words = " ".join(MARKS.sub("", line).casefold().split())
    return words.rstrip(" :.*_#") in rules.source_headings or words.startswith(rules.source_openings)


def _is_entry(text: str, start: int, end: int, anchors: Sequence[tuple[int, int]]) -> bool:
    if end - start > link_rules().max_entry:
        return False
    line = text[start:end]
    if BULLET.match(line) or URL.search(line) or YEAR.search(line):
        return True
    linked = 0
    for at in range(bisect_left(anchors, (start, start)), len(anchors)):
        if anchors[at][0] >= end:
            break
        linked += min(anchors[at][1], end) - anchors[at][0]
    return linked * 2 >= len(line.strip())
