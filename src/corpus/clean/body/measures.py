"""Measures of a segment's words that hold in any language: size, punctuation, capitals, figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.body import counts
from corpus.clean.body.characters import Characters, characters, kinds
from corpus.clean.body.walk import Segment

CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
KEY_CHARS = 300  # code points of which a key is made to look a segment up in title, description and article body
SHORT = 120  # code points: up to here a segment is looked at for dates and bylines
TITLE_CHARS, DESCRIBED, BODY_CHARS = 4, (20, 60), 200  # of a key that is looked up: at least, and so much of it
LOCAL = (
    "units", "words", "ends", "commas", "terminal", "upper_start", "capitals", "digits", "link_share", "links",
    "strong_share", "clock", "colon", "sign", "bar", "times", "is_title", "in_description", "has_body", "in_body",
    "ellipsis", "question", "code",
)  # fmt: skip
COLUMN = {name: number for number, name in enumerate(LOCAL)}
COUNTED = {
    "ends": counts.ENDS, "commas": counts.COMMAS, "terminal": counts.CLOSED, "upper_start": counts.STARTS,
    "capitals": counts.CAPITALS, "digits": counts.DIGITS, "colon": counts.COLON, "sign": counts.SIGN,
    "bar": counts.BAR, "ellipsis": counts.ELLIPSIS, "question": counts.QUESTION, "code": counts.CODE,
}  # fmt: skip

FILLED = [COLUMN[name] for name in COUNTED]

Rows = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Hints:
    """What the rest of a page says: its titles and description (as `bare`), and its JSON-LD's article body."""

    titles: frozenset[str] = frozenset()
    description: str = ""
    body: str = ""


def bare(text: str) -> str:
    """Words without case and white space, to compare by."""
    return "".join(text.split()).casefold()


def local_measures(segments: Sequence[Segment], hints: Hints, said: Characters | None = None) -> Rows:
    """One row of LOCAL for each segment; `said`: the characters of their texts, where the caller has them."""
    texts = [segment.text for segment in segments]
    said = said or characters(texts)
    counted, length = counts.count(said.codes, said.starts, kinds()), np.diff(said.starts)
    rows = np.zeros((len(segments), len(LOCAL)), np.float32)
    rows[:, FILLED] = counted[:, list(COUNTED.values())]
    rows[:, COLUMN["units"]] = length + counted[:, counts.WIDTH]
    rows[:, COLUMN["words"]] = counted[:, counts.SPACES] + 1 + counted[:, counts.WIDTH] / 2
    whole = np.maximum(length, 1)
    rows[:, COLUMN["link_share"]] = np.minimum([segment.linked for segment in segments] / whole, 1.0)
    rows[:, COLUMN["links"]] = [segment.links for segment in segments]
    rows[:, COLUMN["strong_share"]] = np.minimum([segment.strong for segment in segments] / whole, 1.0)
    times = Counter(texts)
    rows[:, COLUMN["times"]] = [times[text] for text in texts]
    for i in np.flatnonzero((counted[:, counts.DIGITS] > 0) & (length <= SHORT)):
        rows[i, COLUMN["clock"]] = CLOCK.search(texts[i]) is not None
    rows[:, COLUMN["has_body"]] = bool(hints.body)
    _look_up(texts, length, hints, rows)
    rows[length == 0] = 0
    return rows


def _look_up(texts: Sequence[str], length: npt.NDArray[np.int64], hints: Hints, rows: Rows) -> None:
    """Which texts are a title of the page, or stand in its description or the body that it states."""
    if not (hints.titles or hints.description or hints.body):
        return
    keys = [bare(text[:KEY_CHARS]) for text in texts]
    looked = length >= TITLE_CHARS
    titles = [key in hints.titles for key in keys]
    rows[:, COLUMN["is_title"]] = np.array(titles) & looked & (length <= KEY_CHARS)
    if hints.description:
        least, most = DESCRIBED
        found = [len(key) >= least and key[:most] in hints.description for key in keys]
        rows[:, COLUMN["in_description"]] = np.array(found) & looked
    if hints.body:
        rows[:, COLUMN["in_body"]] = np.array([key[:BODY_CHARS] in hints.body for key in keys]) & looked
