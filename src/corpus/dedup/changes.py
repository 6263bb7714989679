"""What changed from one version of a text to the next, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from corpus.dedup.change_kernels import hunks

WORD = re.compile(r"\w+(?:[.,]\d+)*|[^\w\s]")
WORDS = re.compile(r"\w+")
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
MOST_EDITS = 400
"""Words inserted or deleted up to which two texts are compared word by word; beyond, the whole middle has changed."""
PASSAGE = 5
"""Fewer equal words in a row than this do not end a passage that was rewritten."""
LONGER = 2
"""How many times as long as it was a passage may be and still count as rewritten."""


@dataclass(frozen=True)
class Change:
    """Words that were replaced, as they were and as they are (either may be empty), and the equal words before them."""

    before: str
    after: str
    kept: int

    @property
    def of_figure(self) -> bool:
        """Whether nothing but one figure changed."""
        return bool(FIGURE.fullmatch(self.before) and FIGURE.fullmatch(self.after))


def changes(before: str, after: str) -> tuple[Change, ...]:
    """The stretches of words in which two texts differ, in order; case and space do not count."""
    numbers: dict[str, int] = {}
    old, new = list(WORD.finditer(before)), list(WORD.finditer(after))
    a, b = (np.array([numbers.setdefault(m[0].lower(), len(numbers)) for m in side], np.int64) for side in (old, new))
    found, end = [], 0
    for i1, i2, j1, j2 in hunks(a, b, MOST_EDITS).tolist():
        found.append(Change(_words(before, old, i1, i2), _words(after, new, j1, j2), i1 - end))
        end = i2
    return tuple(found)


def _words(text: str, words: list[re.Match[str]], first: int, last: int) -> str:
    return text[words[first].start() : words[last - 1].end()] if last > first else ""


def corrects(found: tuple[Change, ...], figures: int) -> bool:
    """Whether the changes are those of a correction: up to `figures` figures and one note, or one passage rewritten.

    A templated report changes more; a text that only grew or shrank is no correction.
    """
    replaced = [change for change in found if change.of_figure]
    others = [change for change in found if not change.of_figure]
    if replaced and len(others) <= 1 and not any(change.before for change in others):
        return len(replaced) <= figures
    before, after = (sum(len(WORDS.findall(side)) for side in sides) for sides in _sides(found))
    alike_long = 0 < before <= LONGER * after and 0 < after <= LONGER * before
    return alike_long and all(change.kept < PASSAGE for change in found[1:])


def _sides(found: tuple[Change, ...]) -> tuple[list[str], list[str]]:
    return [change.before for change in found], [change.after for change in found]
