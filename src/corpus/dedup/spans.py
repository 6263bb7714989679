"""Where the passage lies that one text holds of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.dedup.characters import characters
from corpus.dedup.contain_kernels import best_stretch
from corpus.dedup.text_kernels import SHINGLE, make_shingles, read_words, word_spans

Ints = npt.NDArray[np.int64]
PENALTY = 0.5
"""What a foreign 5-gram costs within a passage, in 5-grams of it: an edited word or two do not break a passage."""


@dataclass(frozen=True)
class Words:
    """The shingles of a text, in its order and sorted, and where each of its words begins and ends, in code points."""

    shingles: npt.NDArray[np.uint64]
    ordered: npt.NDArray[np.uint64]
    first: Ints
    last: Ints

    @classmethod
    def of(cls, text: str) -> Words:
        """Read a text as `sign` does."""
        data = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
        table = characters()
        room = len(data) // 2 + 1
        hashes, shingles = np.empty(room, np.uint64), np.empty(room, np.uint64)
        first, last = np.empty(room, np.int64), np.empty(room, np.int64)
        count, _ = read_words(
            data, 0, len(data), table.kind, table.lower, hashes, np.empty(2 * len(data) + 2, np.uint8), 0
        )
        word_spans(data, 0, len(data), table.kind, first, last)
        shingles = shingles[: make_shingles(hashes, count, shingles)]
        return cls(shingles, np.sort(shingles), first[:count], last[:count])

    def passage(self, other: Words) -> tuple[int, int]:
        """The stretch of this text that is most of all the other's: start and end in code points."""
        start, stop = best_stretch(self.shingles, other.ordered, PENALTY)
        if start == stop:
            return 0, 0
        return int(self.first[start]), int(self.last[min(stop + SHINGLE - 1, len(self.last)) - 1])
