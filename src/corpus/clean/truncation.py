"""Does a text break off in mid-sentence?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.clean.document import Anchor, Paragraph

TERMINAL = ".!?。！？．؟।։።…‥»”’\"'」』）)]】›*†■●▲©™|:"
"""Marks after which nothing is missing: ends of sentences, closing quotes and brackets, end signs of magazines."""
CUT = re.compile(
    r"(?:\[\s?(?:…|\.\.\.)\s?\]|[^\s.!?…]\s?(?:…|\.\.\.)"
    r"(?:\s?(?:read more|continue reading|more|weiterlesen|lire la suite|leer más))?)[\s\"'”’»]*$",
    re.I,
)
LAST_WORD = re.compile(r"(\w[\w'’-]*)[\s]*([,;–—-]?)\s*$")
CUT_WORDS = 4  # words before an ellipsis, from which it stands for the rest of a sentence
PROSE_WORDS = 12  # words a last paragraph has at least, to be a sentence that might break off
SENTENCE_WORDS = 30  # or this many without an end mark inside: shorter ones may be the headline of a teaser
ENDS = '.!?”"»」।。'
ADDRESS = re.compile(r"[./@]\w")
SENTENCES = re.compile(r"[.!?…][\"'”’)\]]*\s")


def breaks_off(text: str, paragraphs: Sequence[Paragraph], anchors: Sequence[Anchor] = ()) -> bool:
    """Whether the last paragraph is prose that ends in "…", in a lower-case word without a mark, or after a comma.

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
        return len(words.split()) >= CUT_WORDS or words.rstrip().endswith("]")
    if last.role == "list_item" or words[-1] in TERMINAL or len(words.split()) < PROSE_WORDS:
        return False
    ending = LAST_WORD.search(words[-60:])
    if ending is None or ADDRESS.search(words.split()[-1]) or any(a.end_char == len(text) for a in anchors):
        return False  # an address or the words of a link close a line
    word, mark = ending.groups()
    if mark in {",", ";"}:
        return True
    # a name or figure at the end may close a credit line; a lower-case word closes none
    sentence = SENTENCES.search(words) is not None or len(words.split()) >= SENTENCE_WORDS
    return word[0].islower() and sentence and _has_prose_before(text, paragraphs)


def _has_prose_before(text: str, paragraphs: Sequence[Paragraph]) -> bool:
    """Whether some earlier paragraph ends as sentences do: else the text has no end marks at all (verse, captions)."""
    prose = [p for p in paragraphs[:-1] if p.role == "paragraph"]
    return not prose or any(text[p.end_char - 1] in ENDS for p in prose)
