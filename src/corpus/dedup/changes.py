"""What changed from one version of a text to the next, word by word."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from corpus.dedup.change_kernels import hunks

WORD = re.compile(r"\w+(?:[.,]\d+)*|[^\w\s]")
WORDS = re.compile(r"\w+")
DIGIT = re.compile(r"\d")
MOST_EDITS = 400
"""Words inserted or deleted up to which two texts are compared word by word; beyond, the whole middle has changed."""
PASSAGE = 5
"""Words of a phrase: so many in another's place are a correction; fewer equal ones in a row do not end a passage."""
NOTE = 15
"""Words of a note that says what was corrected; a longer one is a report that goes on."""
KEPT = 0.25
"""Share of a longer rewritten passage that stays: another sentence in the same place is no new version of it."""


@dataclass(frozen=True)
class Change:
    """Words that were replaced, as they were and as they are (either may be empty), and the equal words before them."""

    before: str
    after: str
    kept: int

    @property
    def of_figure(self) -> bool:
        """Whether a figure became another, with a few words around it at most."""
        both = DIGIT.search(self.before) and DIGIT.search(self.after)
        return bool(both) and max(self.lengths) <= PASSAGE

    @property
    def lengths(self) -> tuple[int, int]:
        """Words before and after."""
        return len(WORDS.findall(self.before)), len(WORDS.findall(self.after))


def changes(before: str, after: str) -> tuple[Change, ...]:
    """The stretches of words in which two texts differ, in order; case and space do not count."""
    numbers: dict[str, int] = {}
    start, stop = _ends(before, after)
    old = list(WORD.finditer(before, start, len(before) - stop))
    new = list(WORD.finditer(after, start, len(after) - stop))
    a, b = (np.array([numbers.setdefault(m[0].lower(), len(numbers)) for m in side], np.int64) for side in (old, new))
    found, end = [], 0
    for i1, i2, j1, j2 in hunks(a, b, MOST_EDITS).tolist():
        found.append(Change(_words(before, old, i1, i2), _words(after, new, j1, j2), i1 - end))
        end = i2
    return tuple(found)


def _ends(before: str, after: str) -> tuple[int, int]:
    """How many characters two texts have in common at their beginning and at their end, up to the last space there."""
    start = _common(len(min(before, after, key=len)), lambda n: before.startswith(after[:n]))
    start = 0 if start == 0 else after.rfind(" ", 0, start) + 1
    stop = _common(min(len(before), len(after)) - start, lambda n: n == 0 or before.endswith(after[-n:]))
    first = after.find(" ", len(after) - stop) if stop else -1
    return start, 0 if first < 0 else len(after) - first


def _common(most: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to `most` for which a condition holds that holds for all smaller ones."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _words(text: str, words: list[re.Match[str]], first: int, last: int) -> str:
    return text[words[first].start() : words[last - 1].end()] if last > first else ""


def corrects(found: tuple[Change, ...], figures: int) -> bool:
    """Whether the changes are those of a correction: up to `figures` figures and one note, or one passage rewritten.

    A templated report changes more; a text that only grew or shrank is no correction.
    """
    replaced = [change for change in found if change.of_figure]
    others = [change for change in found if not change.of_figure]
    if replaced:
        notes = [change for change in others if not change.before and change.lengths[1] <= NOTE]
        return len(replaced) <= figures and others == notes[:1]
    before, after = (sum(change.lengths[side] for change in found) for side in (0, 1))
    kept = sum(change.kept for change in found[1:])
    rewritten = max(before, after) <= PASSAGE or kept >= KEPT * (kept + max(before, after))
    return min(before, after) > 0 and rewritten and all(change.kept < PASSAGE for change in found[1:])
