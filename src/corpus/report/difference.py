"""How the text of a removed record differs from that of the article which was kept, word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

WORDS_COMPARED = 4_000
"""Words of either text that are compared: comparing costs up to the product of both lengths."""
PLACES_SHOWN, CONTEXT, WORDS_SHOWN = 12, 6, 40
"""Places in which the texts differ that are shown, equal words on either side of each, and words of each side."""
_TOKENS = re.compile(r"\w+(?:[.,]\d+)*|[^\w\s]")


@dataclass(frozen=True)
class Place:
    """One place: equal words before it, what only the removed text has, what only the kept one has, equal words after.

    Words beyond WORDS_SHOWN are left out and said to be.
    """

    before: str
    removed: str
    kept: str
    after: str


@dataclass(frozen=True)
class Difference:
    """The places that are shown, how many `more` there are, and whether the texts go on beyond what was compared."""

    places: tuple[Place, ...]
    more: int
    cut: bool


def difference(removed: str, kept: str) -> Difference:
    """The difference of two texts in words and marks; case counts, space does not. Time and length are bounded."""
    ours, theirs = _tokens(removed), _tokens(kept)
    cut = len(ours) > WORDS_COMPARED or len(theirs) > WORDS_COMPARED
    a, b = ours[:WORDS_COMPARED], theirs[:WORDS_COMPARED]
    names = [removed[start:end] for start, end in a], [kept[start:end] for start, end in b]
    blocks = difflib.SequenceMatcher(None, *names, autojunk=False).get_opcodes()
    places = [
        Place(
            _text(removed, a[max(0, i1 - CONTEXT) : i1]),
            _text(removed, a[i1:i2]),
            _text(kept, b[j1:j2]),
            _text(removed, a[i2 : i2 + CONTEXT]),
        )
        for what, i1, i2, j1, j2 in blocks
        if what != "equal"
    ]
    return Difference(tuple(places[:PLACES_SHOWN]), max(0, len(places) - PLACES_SHOWN), cut)


def _tokens(text: str) -> list[tuple[int, int]]:
    """Spans of the first words and marks of a text, one more than are compared."""
    found = []
    for match in _TOKENS.finditer(text):
        found.append(match.span())
        if len(found) > WORDS_COMPARED:
            break
    return found


def _text(text: str, spans: list[tuple[int, int]]) -> str:
    """The text from the first of some spans to the last, on one line; the middle of a long one is counted."""
    if not spans:
        return ""
    if len(spans) <= WORDS_SHOWN:
        return " ".join(text[spans[0][0] : spans[-1][1]].split())
    half = WORDS_SHOWN // 2
    return f"{_text(text, spans[:half])} [… {len(spans) - 2 * half:,} more …] {_text(text, spans[-half:])}"
