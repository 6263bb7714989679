"""What each character is to the words of a text, as tables that kernels index by code point.

They come from the Unicode data of the running Python (`unicodedata.unidata_version`), so that words are those of
`re.findall(r"\\w+", text.lower())`, with two differences: lower case is taken character by character (a final sigma is
a sigma, and a dotted capital I an i), and a character of a script written without spaces is a word by itself.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

BREAK, LETTER, ALONE, MARK = 0, 1, 2, 3
"""Kinds of characters: space and the like, part of a word, a word by itself, a visible character of no word."""

WITHOUT_SPACES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x1B00, 0x1B7F),  # Balinese
    (0x2E80, 0x2FDF),  # CJK and Kangxi radicals
    (0x3005, 0x3007),  # ideographic iteration mark, closing mark, zero
    (0x3041, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana, phonetic extensions
    (0x3400, 0x4DBF),  # CJK ideographs, extension A
    (0x4E00, 0x9FFF),  # CJK ideographs
    (0xA980, 0xA9DF),  # Javanese
    (0xAA60, 0xAADF),  # Myanmar extended, Tai Viet
    (0xF900, 0xFAFF),  # CJK compatibility ideographs
    (0xFF66, 0xFF9F),  # half-width Katakana
    (0x1AFF0, 0x1B16F),  # Kana supplements
    (0x20000, 0x3FFFF),  # CJK ideographs, extensions B and later
)
"""First and last code point of the scripts without spaces between words (Unicode line breaking classes ID, CJ, SA)."""


@dataclass(frozen=True)
class Characters:
    """`kind` (uint8: BREAK, LETTER, ALONE or MARK) and `lower` (int32: in lower case) of each code point."""

    kind: npt.NDArray[np.uint8]
    lower: npt.NDArray[np.int32]


@cache
def characters() -> Characters:
    """The tables, made once in a process (about a tenth of a second)."""
    kind = np.full(sys.maxunicode + 1, BREAK, np.uint8)
    for first, last in ((0, 0xD800), (0xE000, sys.maxunicode + 1)):  # without the surrogates
        text = "".join(map(chr, range(first, last)))
        for what, pattern in ((LETTER, r"\w+"), (MARK, r"[^\w\s]+")):
            for run in re.finditer(pattern, text):
                kind[first + run.start() : first + run.end()] = what
    for first, last in WITHOUT_SPACES:
        part = kind[first : last + 1]
        part[part == LETTER] = ALONE
    lower = np.arange(sys.maxunicode + 1, dtype=np.int32)
    for code in np.flatnonzero(kind == LETTER).tolist():
        lower[code] = ord(chr(code).lower()[0])
    lower[ord("ς")] = ord("σ")
    return Characters(kind, lower)


UNICODE = unicodedata.unidata_version
