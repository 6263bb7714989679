"""The characters of a structured record: a JSONL line, a feed's entry. Whole documents are decoded by `clean`."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from chardetng_py import detect

from corpus.ingest.formats import MAX_STRAY_NUL_SHARE, MIN_NUL_SHARE
from corpus.wide import unmarked

SAMPLE = 4096  # bytes by which UTF-16 of another script than Latin is told
_UNPAIRED = re.compile("[\ud800-\udfff]")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1))
"""Encoding, bytes per unit, and the byte of a unit that is not NUL in Latin text."""


class Decoded(NamedTuple):
    """A text, the encoding that gave it, and how many of its characters stand for bytes that are not valid in it."""

    text: str
    encoding: str
    replaced: int


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def decode(data: bytes, declared: str | None = None) -> Decoded | None:
    """Strict UTF-8, then UTF-8 with a few broken bytes, then as declared, then as detected; None where none fits.

    Broken UTF-8 stays UTF-8 while it has more whole characters beyond ASCII than broken bytes: read as another
    encoding, all of those would turn to mojibake for the sake of the few.
    """
    try:
        return Decoded(data.decode("utf-8"), "utf-8", 0)
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    if len(text) - len(text.encode("ascii", "ignore")) - broken > broken:
        return Decoded(text, "utf-8", broken)
    for encoding in (declared, detect(data)):
        try:
            if encoding is not None:
                return Decoded(data.decode(encoding), encoding.lower(), 0)
        except (UnicodeError, LookupError):
            continue
    return None


def paired(text: str) -> tuple[str, int]:
    """The text without unpaired surrogates, which UTF-8 and so Arrow can't hold, and how many U+FFFD replaced."""
    if text.isascii() or _UNPAIRED.search(text) is None:
        return text, 0
    return _UNPAIRED.subn("\ufffd", text)


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32, by its mark, by NULs that fall on one side of each unit only, or by its common characters."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    for encoding, width, letter in _UNMARKED:
        units = len(data) // width
        if width == 4 and _strict(data[: units * width], encoding) is None:
            continue
        nuls = [data[place::width].count(0) for place in range(width)]
        beside = nuls.pop(letter)  # also of letters such as U+4E00, so few only if compared with the others
        stray = sum(not any(data[at : at + width]) for at in range(0, units * width, width)) if beside else 0
        if (
            units
            and min(nuls) >= max(MIN_NUL_SHARE * units, beside + 1, min(units, 2))
            and stray <= MAX_STRAY_NUL_SHARE * units
        ):
            return encoding
    return unmarked(data[:SAMPLE])
