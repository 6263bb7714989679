"""What changed from one version of a text to the next, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.dedup.change_kernels import hunks, read_marks
from corpus.dedup.characters import characters

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


@dataclass(frozen=True)
class Marks:
    """The words and marks of a text in UTF-8: hashes in lower case, first and last byte."""

    data: bytes
    hashes: npt.NDArray[np.uint64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]

    @classmethod
    def of(cls, text: str) -> Marks:
        """Read a text."""
        data = text.encode("utf-8", "replace")
        table, room = characters(), len(data)
        hashes = np.empty(room, np.uint64)
        first, last = np.empty(room, np.int64), np.empty(room, np.int64)
        count = read_marks(np.frombuffer(data, np.uint8), table.kind, table.lower, hashes, first, last)
        return cls(data, hashes[:count], first, last)

    def between(self, start: int, stop: int) -> str:
        """The text from one word to before another."""
        return self.data[self.first[start] : self.last[stop - 1]].decode() if stop > start else ""


def changes(before: str, after: str) -> tuple[Change, ...]:
    """The stretches of words and marks in which two texts differ, in order; case and space do not count."""
    old, new = Marks.of(before), Marks.of(after)
    found, end = [], 0
    for i1, i2, j1, j2 in hunks(old.hashes.view(np.int64), new.hashes.view(np.int64), MOST_EDITS).tolist():
        found.append(Change(old.between(i1, i2), new.between(j1, j2), i1 - end))
        end = i2
    return tuple(found)


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
