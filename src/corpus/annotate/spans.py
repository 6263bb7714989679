"""Spans of names: what belongs to a name's span and what does not."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from corpus.annotate.lists import words
from corpus.columns import VALUE_LABELS


class Span(NamedTuple):
    """A labelled stretch of text, half open, in code points; `method` says what found it."""

    start: int
    end: int
    label: str
    method: str


QUOTES = "\"'`´‘’‚‛“”„‟«»‹›"
LOOSE = QUOTES + ".,;:!?…·•*_~|<>=/\\-–—―"
"""Marks that end no name and, save for the opening ones, begin none."""
POSSESSIVE = re.compile(r"(?:['’]s?|['’]S)$")
ARTICLE = re.compile(r"(?:the|an?)\s+(?=\S)", re.IGNORECASE)
OPENING, CLOSING = "([{", ")]}"
KEEPS_ARTICLE = frozenset({"WORK_OF_ART"})
KEEPS_SIGNS = frozenset(VALUE_LABELS)
"""Values keep their signs (-5 %, $4): only space, quotes and sentence marks are cut from them."""


def tidy(text: str, span: Span) -> Span | None:
    """Cut from a span what belongs to no name: space, quotes, loose marks, a leading article, a final possessive.

    Returns None where nothing is left, or only marks. OntoNotes includes "the" and "'s", the CoNLL tradition does not.
    """
    start, end = _within_line(text, span.start, span.end)
    value = span.label in KEEPS_SIGNS
    changed = True
    while changed and start < end:
        before = (start, end)
        if not value:
            start, end = _strip_words(text, start, end, span.label)
        start, end = _strip(text, start, end, value=value)
        changed = (start, end) != before
    if end - start > words().max_mention or not any(char.isalnum() for char in text[start:end]):
        return None
    if not value and not any(char.isalpha() for char in text[start:end]):
        return None
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1  # an accent that stands as a character of its own belongs to its letter
    return Span(start, end, span.label, span.method)


def _within_line(text: str, start: int, end: int) -> tuple[int, int]:
    """The first line of the span that has a letter or digit: no name goes over the end of a paragraph."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if any(char.isalnum() for char in text[start:stop]):
            return start, stop
        start = stop + 1
    return start, end


def _strip(text: str, start: int, end: int, *, value: bool) -> tuple[int, int]:
    marks = QUOTES + ",;:!?…" if value else LOOSE
    while start < end and text[start] != "." and _is_loose(text[start], marks):
        start += 1
    while start < end and ((_is_loose(text[end - 1], marks) or text[end - 1] == ".") and not _dotted(text, start, end)):
        end -= 1
    return _without_brackets(text, start, end)


def _is_loose(char: str, marks: str) -> bool:
    """Whether a character at a name's end belongs to no name: a mark, a space, a pictogram, an unseen character."""
    return char in marks or char.isspace() or not char.isprintable() or unicodedata.category(char) in ("So", "Sk")


def _without_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without a bracket at its end that has no partner in it, and without a pair around all of it."""
    inside = text[start:end]
    for opening, closing in zip(OPENING, CLOSING, strict=True):
        paired = inside.count(opening) == inside.count(closing)
        if inside.startswith(opening) and not paired:
            start += 1
        elif inside.endswith(closing) and not paired:
            end -= 1
        elif inside.startswith(opening) and inside.endswith(closing) and inside.count(opening) == 1:
            start, end = start + 1, end - 1
        inside = text[start:end]
    return start, max(start, end)


def _dotted(text: str, start: int, end: int) -> bool:
    """Whether the final full stop belongs to the name: U.S., Inc., J."""
    if text[end - 1] != ".":
        return False
    last = text[start : end - 1].rsplit(None, 1)[-1:] or [""]
    word = last[0]
    return "." in word or (len(word) == 1 and word.isupper()) or word.casefold() in words().dotted


def _strip_words(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    if label not in KEEPS_ARTICLE and (article := ARTICLE.match(text, start, end)):
        start = article.end()
    if possessive := POSSESSIVE.search(text[start:end]):
        end = start + possessive.start()
    return start, end
