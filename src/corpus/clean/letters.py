"""How many characters of a text are letters, capitals and spaces, by a table of Unicode's categories."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import regex

LETTER, MARK, CAPITAL, SPACE = 1, 2, 4, 8
KINDS = ((r"\p{L}", LETTER), (r"\p{M}", MARK), (r"\p{Uppercase}", CAPITAL), (r"[\s\p{Z}]", SPACE))
IDEOGRAPHS, SELECTORS = (0x20000, 0x323B0), (0xE0100, 0xE01F0)
"""All that stands beyond the first two planes (Unicode 16), so that a quarter of a second is not spent on asking."""


@dataclass(frozen=True)
class Letters:
    """Characters of a text: `letters`, those and marks (`spelling`: vowel signs are marks), `capitals`, `solid`."""

    letters: int
    spelling: int
    capitals: int
    solid: int


def count_letters(text: str) -> Letters:
    """Count the characters of a text by kind; `solid` are all that are no space."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    counts = np.bincount(_table()[codes], minlength=16)
    kinds = np.arange(16)

    def of(*bits: int) -> int:
        return int(counts[(kinds & sum(bits)) != 0].sum())

    return Letters(of(LETTER), of(LETTER, MARK), of(CAPITAL), len(text) - of(SPACE))


@cache
def _table() -> npt.NDArray[np.uint8]:
    """The kinds of each code point, as bits."""
    table = np.zeros(0x110000, np.uint8)
    table[slice(*IDEOGRAPHS)], table[slice(*SELECTORS)] = LETTER, MARK
    every = "".join(map(chr, range(IDEOGRAPHS[0])))
    for pattern, bit in KINDS:
        for run in regex.finditer(f"{pattern}+", every, regex.V1):
            table[run.start() : run.end()] |= bit
    return table
