"""What a line's words say: "newsletter", "teilen", "责任编辑" stand in lines that are no article text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain

import numpy as np

from corpus.clean.body.context import Floats
from corpus.clean.body.names import DATA, read_scores

WORD = re.compile(r"[^\W\d_]{2,24}")
LINE_CHARS = 400  # code points; a longer line speaks for itself, but for how it begins and ends
EDGE_CHARS = 60  # of a longer line's beginning and end that are looked at
EDGE = 4  # words of a line's beginning and end
WORDING = 5  # columns: lowest, highest and mean score; mean of the first and of the last words


def wording(texts: Sequence[str]) -> Floats:
    """(texts, WORDING) of the package's own word scores."""
    return scored(texts, _scores())


def scored(texts: Sequence[str], scores: Mapping[str, float]) -> Floats:
    """(texts, WORDING); zeros where no word is known, and for the whole of a long line."""
    rows = [_line(text, scores) for text in texts]
    return np.fromiter(chain.from_iterable(rows), np.float32, len(rows) * WORDING).reshape(len(rows), WORDING)


def line_words(text: str) -> list[str]:
    """The words of a line that is not long."""
    return WORD.findall(text.lower()) if len(text) <= LINE_CHARS else []


def _line(text: str, scores: Mapping[str, float]) -> tuple[float, float, float, float, float]:
    if len(text) > LINE_CHARS:
        begins, ends = WORD.findall(text[:EDGE_CHARS].lower()), WORD.findall(text[-EDGE_CHARS:].lower())
        return 0.0, 0.0, 0.0, _mean(begins[:EDGE], scores), _mean(ends[-EDGE:], scores)
    said = [scores.get(word, 0.0) for word in WORD.findall(text.lower())]
    found = [score for score in said if score]  # no word's score is 0
    if not found:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    edge = min(EDGE, len(said))
    return min(found), max(found), sum(found) / len(found), sum(said[:edge]) / edge, sum(said[-edge:]) / edge


def _mean(words: Sequence[str], scores: Mapping[str, float]) -> float:
    return sum([scores.get(word, 0.0) for word in words]) / len(words) if words else 0.0


@cache
def _scores() -> dict[str, float]:
    return read_scores(DATA / "line_scores.tsv")
