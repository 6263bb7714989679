"""What a kernel counts in lines: marks, capitals, figures."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.clean.body import characters
from corpus.clean.body.jit import kernel

END, COMMA, DIGIT, UPPER, SPACE = (
    characters.END, characters.COMMA, characters.DIGIT, characters.UPPER, characters.SPACE,
)  # fmt: skip
IS_WIDE, CLOSING, OPENING, PLANE = characters.IS_WIDE, characters.CLOSING, characters.OPENING, characters.PLANE
HEAD = 160  # code points at a line's start of which capitals and figures are counted
WIDTH, SPACES, ENDS, COMMAS, CLOSED, STARTS, CAPITALS, DIGITS, COLON, SIGN, BAR, ELLIPSIS, QUESTION, CODE = range(14)
COUNTS = 14  # columns
BLANK, DOT, BRACE, CLOSING_BRACE, SEMICOLON, AT = (ord(mark) for mark in " .{};@")
COPYRIGHT, DOUBLE_QUOTE, DOTS = (ord(mark) for mark in "©»…")
BARS, COLONS, QUESTIONS = (ord("|"), ord("›")), (ord(":"), ord("：")), (ord("?"), ord("？"))

Codes = npt.NDArray[np.uint32]
Kinds = npt.NDArray[np.uint16]


@kernel
def count(codes: Codes, starts: npt.NDArray[np.int64], kinds: Kinds) -> npt.NDArray[np.float64]:
    """(lines, COUNTS): wide characters, blanks, marks of ends and commas; whether a line ends with an end mark or a
    closing one and starts with a capital; shares of capital words and of figures in its head; whether it ends with a
    colon, has signs (© or @), bars, ends with an ellipsis or a question mark, looks like code. Zeros for an empty one.
    """
    found = np.zeros((len(starts) - 1, COUNTS))
    for i in range(len(starts) - 1):
        row, start, stop = found[i], starts[i], starts[i + 1]
        if start == stop:
            continue
        head = min(start + HEAD, stop)
        words, capitals, fresh = 0, 0, True
        for at in range(start, stop):
            code = codes[at]
            kind = kinds[code] if code < PLANE else 0
            row[WIDTH] += kind & IS_WIDE != 0
            row[ENDS] += kind & END != 0
            row[COMMAS] += kind & COMMA != 0
            row[SPACES] += code == BLANK
            if code == COPYRIGHT:
                row[SIGN] = 1
            elif code == BRACE or (code == SEMICOLON and at + 1 < stop and codes[at + 1] == CLOSING_BRACE):
                row[CODE] = 1
            if at < head:
                if kind & SPACE:
                    fresh = True
                else:
                    if fresh:
                        words += 1
                        capitals += kind & UPPER != 0
                    fresh = False
                row[DIGITS] += kind & DIGIT != 0
                if code == AT:
                    row[SIGN] = 1
                if code in BARS or (code == DOUBLE_QUOTE and at >= head - 3):
                    row[BAR] = 1
        row[DIGITS] /= head - start
        row[CAPITALS] = capitals / words if words else 0.0
        _edges(codes, start, stop, kinds, row)
    return found


@kernel
def _edges(codes: Codes, start: int, stop: int, kinds: Kinds, row: npt.NDArray[np.float64]) -> None:
    """What a line's first and last characters are."""
    first = start
    if codes[first] < PLANE and kinds[codes[first]] & OPENING:
        first += 1
    if first < stop and codes[first] < PLANE:
        row[STARTS] = kinds[codes[first]] & UPPER != 0
    last = codes[stop - 1]
    row[CLOSED] = last < PLANE and kinds[last] & CLOSING != 0
    row[COLON] = last in COLONS
    row[QUESTION] = last in QUESTIONS
    row[ELLIPSIS] = last == DOTS or (
        last == DOT and stop - start > 2 and codes[stop - 2] == DOT and codes[stop - 3] == DOT
    )
