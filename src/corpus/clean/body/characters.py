"""Lines as code points in one array, and what each character is to a line: for kernels that count over many lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

PLANE = 0x10000  # code points of the basic plane, of which a table says what they are
IDEOGRAPHS = 0x20000  # from here on all are letters, ideographs of the further planes
WIDE = (
    (0x0E00, 0x0EFF), (0x1100, 0x11FF), (0x2E80, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF),
    (0xFF00, 0xFFEF),
)  # fmt: skip
"""Characters that say about as much as two Latin ones, of scripts most of which part no words."""
END, COMMA, DIGIT, UPPER, SPACE, LETTER, IS_WIDE, CLOSING, OPENING = (1 << bit for bit in range(9))
MARKS = {END: ".!?。！？…।؟۔", COMMA: ",;，、،；", CLOSING: '.!?。！？…।؟۔"”»」』’)', OPENING: "\"“„«»‘'「『(¿¡"}


@dataclass(frozen=True)
class Characters:
    """The code points of lines one after the other, and where each begins (one more at the end)."""

    codes: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]


def characters(texts: Sequence[str]) -> Characters:
    """The code points of lines."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=starts[1:])
    return Characters(codes, starts)


@cache
def kinds() -> npt.NDArray[np.uint16]:
    """Of each character of the basic plane: which of END … OPENING it is. Letters are what is neither figure nor mark:
    `[^\\W\\d_]`."""
    each = np.array([chr(code) if not 0xD800 <= code < 0xE000 else " " for code in range(PLANE)])
    figure = np.char.isdecimal(each)
    found = np.zeros(PLANE, np.uint16)
    for bit, said in (
        (DIGIT, figure), (UPPER, np.char.isupper(each)), (SPACE, np.char.isspace(each)),
        (LETTER, np.char.isalnum(each) & ~figure),
    ):  # fmt: skip
        found[said] |= bit
    found[0], found[0xD800:0xE000] = 0, 0
    for low, high in WIDE:
        found[low : high + 1] |= IS_WIDE
    for bit, marks in MARKS.items():
        found[[ord(mark) for mark in marks]] |= bit
    return found


@cache
def lower() -> npt.NDArray[np.uint32]:
    """The lower case of each character of the basic plane, the first of it where it is several."""
    return np.array(
        [ord(chr(code).lower()[0]) if not 0xD800 <= code < 0xE000 else code for code in range(PLANE)], np.uint32
    )
