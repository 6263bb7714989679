"""What a short line's words say: "newsletter", "teilen", "责任编辑" stand in lines that are no article text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from corpus.clean.body.context import Floats
from corpus.clean.body.names import DATA, read_scores

WORD = re.compile(r"[^\W\d_]{2,24}")
LINE_CHARS = 240  # code points; a longer line speaks for itself
WORDING = 3  # columns: lowest, highest and mean score


def wording(texts: Sequence[str]) -> Floats:
    """(texts, WORDING) of the package's own word scores."""
    return scored(texts, _scores())


def scored(texts: Sequence[str], scores: Mapping[str, float]) -> Floats:
    """(texts, WORDING); zeros for a line that is long or has no known word."""
    return np.array([_line(text, scores) for text in texts], np.float32).reshape(len(texts), WORDING)


def line_words(text: str) -> list[str]:
    """The words of a short line that are looked up."""
    return WORD.findall(text.lower()) if len(text) <= LINE_CHARS else []


def _line(text: str, scores: Mapping[str, float]) -> tuple[float, float, float]:
    found = [scores[word] for word in line_words(text) if word in scores]
    return (min(found), max(found), sum(found) / len(found)) if found else (0.0, 0.0, 0.0)


@cache
def _scores() -> dict[str, float]:
    return read_scores(DATA / "line_scores.tsv")
