"""Words as Unicode segments them (UAX #29): segments that hold a letter or a number."""

from __future__ import annotations

import re

import regex

LATIN = re.compile(
    "[\x00-\xa9\xab\xac\xae-\xb1\xb4\xb6\xbb\xbf-\u024f\u2010-\u2017\u201c-\u2023\u2026\u20a0-\u20bf\u2190-\u245f\u25a0-\u2775\u2794-\u2bff]*\\Z"
)
"""Texts on which the short pattern below is UAX #29; the rest go through `regex`'s own word boundaries."""
LATIN_WORD = re.compile(r"\w++(?:[.:,;'](?:(?<=[^\W\d_][.:'])(?=[^\W\d_])|(?<=[0-9][.,;'])(?=[0-9]))\w++)*+")
BOUNDARY = regex.compile(r"(?w)\b", regex.V1)
LETTER_OR_NUMBER = regex.compile(r"[\p{L}\p{N}]")


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    plain = text.replace("\u2019", "'").replace("\u2018", "'")
    if plain.isascii() or LATIN.match(plain):
        found: list[str] = LATIN_WORD.findall(plain)
        return [word for word in found if word.strip("_")] if "_" in plain else found
    return [part for part in BOUNDARY.split(text) if LETTER_OR_NUMBER.search(part)]
