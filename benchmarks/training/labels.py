"""Which of a page's lines are article text, by a gold text or by other extractors' texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import fmean

import numpy as np
import numpy.typing as npt

SHINGLE, LONG = 4, 6  # tokens; a long line is told by its shingles
TOKEN = re.compile(r"[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7ff]|[^\W\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7ff]+")
FOUND = 0.6  # of a line's shingles
REACH = 4  # lines around a short one in which a found line must stand
COVERED = 0.6  # of a gold text that the page's lines hold, below which the page is another version
AGREE = 0.9  # mean F1 of extractors with one another, from which they are believed
CHARS = 200  # of an extractor's text, at least
Floats = npt.NDArray[np.float64]


def tokens(text: str) -> list[str]:
    """Words in lower case; each character of scripts that part no words."""
    return TOKEN.findall(text.lower())


def shingles(words: Sequence[str]) -> list[tuple[str, ...]]:
    """4-grams."""
    return [tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)]


def by_text(lines: Sequence[str], gold: str) -> tuple[Floats, float]:
    """How far each line is in the gold text (0 to 1), and the share of the gold that the lines hold."""
    words = tokens(gold)
    wanted = set(shingles(words))
    whole = f" {' '.join(words)} "
    known = {tuple(tokens(line)) for line in gold.split("\n")}
    split = [tokens(line) for line in lines]
    found = np.zeros(len(lines))
    covered: set[tuple[str, ...]] = set()
    for i, line in enumerate(split):
        if len(line) >= LONG:
            grams = shingles(line)
            found[i] = sum(gram in wanted for gram in grams) / len(grams)
            covered.update(grams)
    sure = [i for i, line in enumerate(split) if len(line) >= LONG and found[i] > FOUND]
    for i, line in enumerate(split):
        if line and len(line) < LONG and (tuple(line) in known or f" {' '.join(line)} " in whole):
            near = any(abs(i - j) <= REACH for j in sure)
            telling = tuple(line) in known or len(line) >= 3
            found[i] = float(near) if telling else 0.5 * near
    return found, len(wanted & covered) / max(len(wanted), 1)


def by_extractors(
    lines: Sequence[str], texts: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]
) -> tuple[Floats, Floats] | None:
    """Labels and weights from several extractors' texts; None where none is to be believed."""
    texts = [text for text in texts if len(text) > CHARS]
    if not texts:
        return None
    if wanted:
        texts = [text for text in texts if _holds(text, wanted, unwanted)]
    elif len(texts) < 2 or _agreement(texts) < AGREE:
        return None
    if not texts:
        return None
    mean = np.mean([by_text(lines, text)[0] for text in texts], axis=0)
    weights = 0.2 + 1.6 * np.abs(mean - 0.5) if len(texts) > 1 else np.full(len(lines), 0.6)
    for i, line in enumerate(map(_squeezed, lines)):
        if any(len(piece) > 15 and _squeezed(piece) in line for piece in wanted):
            mean[i], weights[i] = 1.0, 1.0
        if any(len(piece) > 5 and _squeezed(piece) in line for piece in unwanted):
            mean[i], weights[i] = 0.0, 1.0
    return mean, weights


def _holds(text: str, wanted: Sequence[str], unwanted: Sequence[str]) -> bool:
    squeezed = _squeezed(text)
    return all(_squeezed(piece) in squeezed for piece in wanted) and not any(
        _squeezed(piece) in squeezed for piece in unwanted
    )


def _agreement(texts: Sequence[str]) -> float:
    return max(fmean(_f1(one, other) for other in texts if other is not one) for one in texts)


def _f1(one: str, other: str) -> float:
    a, b = Counter(shingles(tokens(one))), Counter(shingles(tokens(other)))
    return 2 * (a & b).total() / (a.total() + b.total()) if a and b else 0.0


def _squeezed(text: str) -> str:
    return " ".join(text.split())
