"""Measures of a segment's words that hold in any language: size, punctuation, capitals, figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from corpus.clean.body.walk import Segment

WIDE = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]")
"""Characters that say about as much as two Latin ones, of scripts most of which part no words."""
MORE_ENDS, MORE_COMMAS = "。！？…।؟۔", "，、،；"  # beside . ! ? and , ;
TERMINAL = frozenset('.!?。！？…।؟۔"”»」』’)')
OPENING = frozenset("\"“„«»‘'「『(¿¡")
CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
DIGIT = re.compile(r"\d")
KEY_CHARS = 300  # code points of which a key is made to look a segment up in title, description and article body
SHORT = 120  # code points: up to here a segment is looked at for dates and bylines
HEAD = 160  # code points at its start of which capitals and figures are counted
LOCAL = (
    "units", "words", "ends", "commas", "terminal", "upper_start", "capitals", "digits", "link_share", "links",
    "strong_share", "clock", "colon", "sign", "bar", "times", "is_title", "in_description", "has_body", "in_body",
    "ellipsis", "question", "code",
)  # fmt: skip


@dataclass(frozen=True)
class Hints:
    """What the rest of a page says: its titles and description (as `bare`), and its JSON-LD's article body."""

    titles: frozenset[str] = frozenset()
    description: str = ""
    body: str = ""


def bare(text: str) -> str:
    """Words without case and white space, to compare by."""
    return "".join(text.split()).casefold()


def local_measures(segments: Sequence[Segment], hints: Hints) -> npt.NDArray[np.float32]:
    """One row of LOCAL for each segment."""
    times = Counter([segment.text for segment in segments])
    rows = [_measure(segment, times[segment.text], hints) for segment in segments]
    return np.fromiter(chain.from_iterable(rows), np.float32, len(rows) * len(LOCAL)).reshape(len(rows), len(LOCAL))


def _measure(segment: Segment, times: int, hints: Hints) -> tuple[float, ...]:
    text = segment.text
    length = len(text)
    if not length:
        return (0.0,) * len(LOCAL)
    ascii_ = text.isascii()
    wide = 0 if ascii_ else len(WIDE.findall(text))
    ends = text.count(".") + text.count("!") + text.count("?")
    commas = text.count(",") + text.count(";")
    if not ascii_:
        ends, commas = ends + _count(text, MORE_ENDS), commas + _count(text, MORE_COMMAS)
    units = length + wide
    head = text[:HEAD]
    words = head.split()
    digits = len(DIGIT.findall(head))
    first = text[1:2] if text[0] in OPENING else text[0]
    is_title, in_description, in_body = 0.0, 0.0, 0.0
    if length >= 4 and (hints.titles or hints.description or hints.body):
        key = bare(text[:KEY_CHARS])
        is_title = float(length <= KEY_CHARS and key in hints.titles)
        in_description = float(len(key) >= 20 and key[:60] in hints.description)
        in_body = float(bool(hints.body) and key[:200] in hints.body)
    return (
        units, text.count(" ") + 1 + wide / 2, ends, commas, text[-1] in TERMINAL, first.isupper(),
        sum([word[0].isupper() for word in words]) / len(words), digits / len(head),
        min(segment.linked / length, 1.0), segment.links, min(segment.strong / length, 1.0),
        digits > 0 and length <= SHORT and CLOCK.search(text) is not None, text[-1] in ":：",
        "©" in text or "@" in head,
        "|" in head or "›" in head or "»" in head[-3:], times, is_title, in_description, bool(hints.body), in_body,
        text[-1] in "…" or text.endswith("..."), text[-1] in "?？", "{" in text or ";}" in text,
    )  # fmt: skip


def _count(text: str, characters: str) -> int:
    return sum([text.count(character) for character in characters])
