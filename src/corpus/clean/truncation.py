"""Does a text break off in mid-sentence?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.clean.document import Paragraph

TERMINAL = ".!?。！？．؟।։።…‥»”’\"'」』）)]】›*†■●▲©™|:"
"""Marks after which nothing is missing: ends of sentences, closing quotes and brackets, end signs of magazines."""
CUT = re.compile(r"(?:\[\s?(?:…|\.\.\.)\s?\]|\w\s?(?:…|\.\.\.)(?:\s?(?:read more|continue reading|more|weiterlesen|lire la suite|leer más))?)[\s\"'”’»]*$", re.I)
LAST_WORD = re.compile(r"(\w[\w'’-]*)[\s]*([,;–—-]?)\s*$")
PROSE_WORDS = 12  # words a last paragraph has at least, to be a sentence that might break off
SENTENCES = re.compile(r"[.!?…][\"'”’)\]]*\s")


def breaks_off(text: str, paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the last paragraph is prose that ends in "…" or without an end mark, in a lower-case word or after a comma.

    Lists, headings, tables, bylines, source lists and scripts without letter case are never said to break off for want
    of a mark; only "[…]" tells there.
    """
    if not paragraphs:
        return False
    last = paragraphs[-1]
    words = text[last.start_char : last.end_char]
    if last.role in {"heading", "table", "caption"}:
        return False
    if CUT.search(words[-80:]):
        return len(words.split()) >= PROSE_WORDS or words.rstrip().endswith("]")
    if last.role == "list_item" or words[-1] in TERMINAL or len(words.split()) < PROSE_WORDS:
        return False
    ending = LAST_WORD.search(words[-60:])
    if ending is None or "://" in words[-200:].split()[-1]:
        return False
    word, mark = ending.groups()
    if mark in {",", ";"}:
        return True
    # a name or figure at the end may close a credit line; a lower-case word closes none
    return word[0].islower() and (bool(SENTENCES.search(words)) or _has_prose_before(text, paragraphs))


def _has_prose_before(text: str, paragraphs: Sequence[Paragraph]) -> bool:
    """Whether some earlier paragraph ends as sentences do: else the text has no end marks at all (verse, captions)."""
    return any(text[p.end_char - 1] in ".!?”\"" for p in paragraphs[:-1] if p.role == "paragraph")
