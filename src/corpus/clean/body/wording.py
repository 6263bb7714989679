"""What a line's words say: "newsletter", "teilen", "责任编辑" stand in lines that are no article text."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.clean.body.characters import IDEOGRAPHS, LETTER, PLANE, Characters, characters, kinds, lower
from corpus.clean.body.context import Floats
from corpus.clean.body.jit import kernel
from corpus.clean.body.names import DATA, read_scores

WORD_CHARS = 24  # of a run of letters that make a word, at most
WORD = re.compile(rf"[^\W\d_]{{2,{WORD_CHARS}}}")
LINE_CHARS = 400  # code points; a longer line speaks for itself, but for how it begins and ends
EDGE_CHARS = 60  # of a longer line's beginning and end that are looked at
EDGE = 4  # words of a line's beginning and end
WORDING = 5  # columns: lowest, highest and mean score; mean of the first and of the last words
BASIS, PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)  # FNV-1a, 64 bits
DOTTED = 0x130  # İ, whose lower case is an i and a dot, which is no letter

Codes = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Scores:
    """A table of words: open addressing by their hash, of which 0 is an empty place."""

    keys: npt.NDArray[np.uint64]
    values: npt.NDArray[np.float64]


def table_of(scores: Mapping[str, float]) -> Scores:
    """The table of scores by word; words as they are found in lines, in lower case."""
    words = sorted(scores)
    said = characters(words)
    size = 1 << max(len(words) * 2, 2).bit_length()
    keys, values = np.zeros(size, np.uint64), np.zeros(size)
    _fill(said.codes, said.starts, np.array([scores[word] for word in words], np.float64), keys, values)
    return Scores(keys, values)


def wording(said: Characters) -> Floats:
    """(lines, WORDING) of the package's own word scores."""
    return scored(said, _scores())


def scored(said: Characters, scores: Scores) -> Floats:
    """(lines, WORDING); zeros where no word is known, and for the whole of a long line."""
    return _scored(said.codes, said.starts, kinds(), lower(), scores.keys, scores.values)


def line_words(text: str) -> list[str]:
    """The words of a line that is not long."""
    return WORD.findall(text.lower()) if len(text) <= LINE_CHARS else []


@kernel
def _slot(keys: npt.NDArray[np.uint64], key: np.uint64) -> np.int64:
    mask = len(keys) - 1
    at = np.int64(key & np.uint64(mask))
    while keys[at] != 0 and keys[at] != key:
        at = np.int64((at + 1) & mask)
    return at


@kernel
def _fill(
    codes: Codes, starts: npt.NDArray[np.int64], scores: npt.NDArray[np.float64], keys: npt.NDArray[np.uint64],
    values: npt.NDArray[np.float64],
) -> None:  # fmt: skip
    for i in range(len(scores)):
        key = BASIS
        for at in range(starts[i], starts[i + 1]):
            key = (key ^ np.uint64(codes[at])) * PRIME
        place = _slot(keys, key)
        keys[place], values[place] = key, scores[i]


@kernel
def _said(
    codes: Codes, start: int, stop: int, kinds: npt.NDArray[np.uint16], lower: Codes, keys: npt.NDArray[np.uint64],
    values: npt.NDArray[np.float64], out: npt.NDArray[np.float64],
) -> int:  # fmt: skip
    """Write the score of each word between two places into `out`, 0 for an unknown one; how many there are."""
    number, size, key = 0, 0, BASIS
    for at in range(start, stop + 1):
        code = codes[at] if at < stop else np.uint32(0)
        letter = kinds[code] & LETTER != 0 if code < PLANE else code >= IDEOGRAPHS
        if letter:
            key = (key ^ np.uint64(lower[code] if code < PLANE else code)) * PRIME
            size += 1
        if size and (not letter or size == WORD_CHARS or code == DOTTED):
            if size > 1:
                place = _slot(keys, key)
                out[number] = values[place]
                number += 1
            size, key = 0, BASIS
    return number


@kernel
def _mean(said: npt.NDArray[np.float64], start: int, stop: int) -> float:
    total = 0.0
    for i in range(start, stop):
        total += said[i]
    return total / (stop - start) if stop > start else 0.0


@kernel
def _scored(
    codes: Codes, starts: npt.NDArray[np.int64], kinds: npt.NDArray[np.uint16], lower: Codes,
    keys: npt.NDArray[np.uint64], values: npt.NDArray[np.float64],
) -> Floats:  # fmt: skip
    found = np.zeros((len(starts) - 1, WORDING), np.float32)
    said = np.zeros(LINE_CHARS)
    for i in range(len(starts) - 1):
        row, start, stop = found[i], starts[i], starts[i + 1]
        if stop - start > LINE_CHARS:
            number = _said(codes, start, start + EDGE_CHARS, kinds, lower, keys, values, said)
            row[3] = _mean(said, 0, min(EDGE, number))
            number = _said(codes, stop - EDGE_CHARS, stop, kinds, lower, keys, values, said)
            row[4] = _mean(said, max(number - EDGE, 0), number)
            continue
        number = _said(codes, start, stop, kinds, lower, keys, values, said)
        known, total, least, most = 0, 0.0, np.inf, -np.inf
        for k in range(number):
            if said[k] != 0:  # no word's score is 0
                known += 1
                total += said[k]
                least, most = min(least, said[k]), max(most, said[k])
        if known:
            row[0], row[1], row[2] = least, most, total / known
            row[3] = _mean(said, 0, min(EDGE, number))
            row[4] = _mean(said, max(number - EDGE, 0), number)
    return found


@cache
def _scores() -> Scores:
    return table_of(read_scores(DATA / "line_scores.tsv"))
