"""Quality signals of a text, as columns of `quality`. They are measured here and judge nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.clean.document import Body
from corpus.clean.words import words

GOPHER_STOP_WORDS = frozenset({"the", "be", "to", "of", "and", "that", "have", "with"})  # Rae et al. 2021, table A1
SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？｡।؟]+")
ELLIPSIS = ("…", "...")
TERMINAL = (".", "!", "?", '"', "”", "’", "'", "»", "。", "！", "？", "」", "』", "؟", "।", "…")  # C4's, and their like
PLACES = 4


@dataclass(frozen=True)
class Signals:
    """One row of `quality` but for its key; the columns' meanings and units are in `tables.QUALITY`."""

    n_sentences: int
    mean_word_length: float
    symbol_to_word_ratio: float
    bullet_line_ratio: float
    ellipsis_line_ratio: float
    alpha_word_ratio: float
    stop_words: int
    punctuated_line_ratio: float
    duplicate_line_ratio: float
    uppercase_ratio: float
    damage_ratio: float
    repaired: bool
    encoding: str | None
    encoding_evidence: str | None
    empty_sections: int
    text_to_payload_ratio: float
    link_density: float


def measure(body: Body, *, payload_bytes: int, encoding: str | None, evidence: str | None) -> tuple[Signals, int]:
    """The signals of a body, and its number of words.

    A word is a segment of UAX #29 with a letter or number; a line is one of the text that is not empty; list items
    count as lines that begin with a bullet, as they do where the bullet is written.
    """
    text = body.text
    found = words(text)
    lines = [line for line in text.split("\n") if line]
    items = sum(1 for paragraph in body.paragraphs if paragraph.role == "list_item")
    signals = Signals(
        n_sentences=max(len(SENTENCE_END.findall(text)), 1 if found else 0),
        mean_word_length=_ratio(sum(map(len, found)), len(found)),
        symbol_to_word_ratio=_ratio(text.count("#") + sum(map(text.count, ELLIPSIS)), len(found)),
        bullet_line_ratio=min(_ratio(items, len(lines)), 1.0),
        ellipsis_line_ratio=_ratio(sum(line.endswith(ELLIPSIS) for line in lines), len(lines)),
        alpha_word_ratio=_ratio(sum(any(map(str.isalpha, word)) for word in found), len(found)),
        stop_words=len(GOPHER_STOP_WORDS & {word.lower() for word in found}),
        punctuated_line_ratio=_ratio(sum(line.endswith(TERMINAL) for line in lines), len(lines)),
        duplicate_line_ratio=_ratio(len(lines) - len(set(lines)), len(lines)),
        uppercase_ratio=_ratio(sum(map(str.isupper, text)), sum(map(str.isalpha, text))),
        damage_ratio=_ratio(body.damage, len(text)),
        repaired=body.repaired,
        encoding=encoding,
        encoding_evidence=evidence,
        empty_sections=body.empty_sections,
        text_to_payload_ratio=min(_ratio(len(text.encode()), payload_bytes), 1.0),
        link_density=min(_ratio(body.linked_chars, len(text)), 1.0),
    )
    return signals, len(found)


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, PLACES) if whole else 0.0
