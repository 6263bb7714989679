"""What changed from one version of a text to the next, word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

WORD = re.compile(r"\w+(?:[.,]\d+)*|[^\w\s]")
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
MOST_COMPARED = 4_000_000
"""Product of the numbers of words up to which the middle of two texts is compared word by word."""


@dataclass(frozen=True)
class Change:
    """Words that were replaced: as they were and as they are; either may be empty."""

    before: str
    after: str

    @property
    def of_figure(self) -> bool:
        """Whether nothing but one figure changed."""
        return bool(FIGURE.fullmatch(self.before) and FIGURE.fullmatch(self.after))

    @property
    def replaces(self) -> bool:
        """Whether there are words on both sides."""
        return bool(self.before and self.after)


def changes(before: str, after: str) -> tuple[Change, ...]:
    """The stretches of words in which two texts differ, in order; case and space do not count."""
    old, new = list(WORD.finditer(before)), list(WORD.finditer(after))
    a, b = [m[0].lower() for m in old], [m[0].lower() for m in new]
    start, least = 0, min(len(a), len(b))
    while start < least and a[start] == b[start]:
        start += 1
    stop = 0
    while stop < least - start and a[-1 - stop] == b[-1 - stop]:
        stop += 1
    middle = (a[start : len(a) - stop], b[start : len(b) - stop])
    if len(middle[0]) * len(middle[1]) > MOST_COMPARED:
        spans = [(0, len(middle[0]), 0, len(middle[1]))]
    else:
        matcher = difflib.SequenceMatcher(None, *middle, autojunk=False)
        spans = [(i1, i2, j1, j2) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]
    return tuple(
        Change(_words(before, old, start + i1, start + i2), _words(after, new, start + j1, start + j2))
        for i1, i2, j1, j2 in spans
    )


def _words(text: str, words: list[re.Match[str]], first: int, last: int) -> str:
    return text[words[first].start() : words[last - 1].end()] if last > first else ""


def corrects(found: tuple[Change, ...], figures: int) -> bool:
    """Whether the changes are those of a correction: up to `figures` figures and one note, or one passage rewritten.

    A templated report changes more; a text that only grew or shrank is no correction.
    """
    replaced = [change for change in found if change.of_figure]
    others = [change for change in found if not change.of_figure]
    if replaced:
        notes = [change for change in others if not change.before]
        return len(replaced) <= figures and len(others) <= 1 and len(notes) == len(others)
    return len(others) == 1 and others[0].replaces
