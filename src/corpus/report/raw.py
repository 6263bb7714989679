"""The raw bytes of a record as `corpus why` shows them: by paragraph, masked unless they stay on the machine."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

Mask = Callable[[str], str]
"""Words -> the same words with personal data masked as the project's settings say."""
PIECES, CHARS = 4, 240
"""Paragraphs whose bytes are shown, and characters of each; so many times as many where nothing is masked."""
MORE = 10
MASKED_CHARS = MORE * CHARS  # that are looked at: a mask finds nothing in half an address
_DECODED = re.compile(r"decoded as ([\w-]+):")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\([nrt\"/\\])|=([0-9A-F]{2})")
_BLANKS = dict.fromkeys("nrt", " ")


@dataclass(frozen=True)
class Piece:
    """Some bytes of a record's payload as text: of which paragraph (None: the record's beginning), and their place."""

    paragraph: int | None
    start: int
    end: int
    text: str


def pieces(payload: bytes, paragraphs: Sequence[Mapping[str, object]], detail: str, mask: Mask | None) -> list[Piece]:
    """The first paragraphs' bytes, or the payload's beginning where none has a place.

    Args: `paragraphs`, rows of that table in order; `detail`, the ledger's, which names the encoding; `mask`, None
    where the bytes are shown as they are.
    """
    placed = [
        (number, start, end)
        for number, row in enumerate(paragraphs)
        if isinstance(start := row["raw_start_byte"], int) and isinstance(end := row["raw_end_byte"], int)
    ]
    times = MORE if mask is None else 1
    chars = CHARS * times
    if not placed:
        return [Piece(None, 0, min(chars, len(payload)), _shown(payload, detail, mask)[:chars])] if payload else []
    return [
        Piece(number, start, end, _shown(payload[start:end], detail, mask)[:chars])
        for number, start, end in placed[: PIECES * times]
    ]


def _shown(data: bytes, detail: str, mask: Mask | None) -> str:
    text = _decoded(data[: 4 * MASKED_CHARS], detail)[:MASKED_CHARS]
    return " ".join((masked(text, mask) if mask is not None else text).split())


def masked(written: str, mask: Mask) -> str:
    """What is written, masked; where only its meaning shows personal data (entities, escapes, tags), that, masked."""
    meant = _ESCAPE.sub(_meaning, html.unescape(unquote(_TAG.sub("", written))))
    hidden = mask(meant)
    return hidden if hidden != meant else mask(written)


def _meaning(match: re.Match[str]) -> str:
    if match[1] or match[3]:
        return chr(int(match[1] or match[3], 16))
    return _BLANKS.get(match[2], match[2])


def _decoded(data: bytes, detail: str) -> str:
    """The bytes in the encoding that the ledger names, in UTF-8 where it names none."""
    named = _DECODED.search(detail)
    for encoding in (named[1] if named else "utf-8", "utf-8"):
        try:
            return data.decode(codecs.lookup(encoding).name, "replace")
        except LookupError:
            continue
    return ""
