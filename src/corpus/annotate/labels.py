"""What kind of thing a name is within one article: cues of its words and of those around it, one label a name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from corpus.annotate.cues import cues, places
from corpus.annotate.known import METHOD as LISTED
from corpus.annotate.spans import Span
from corpus.columns import LABELS, VALUE_LABELS

AGE = re.compile(r",\s(?:aged\s)?\d{2}(?:,|\.|\sand\s)")
FAR = 24
"""Code points looked at before and behind a name for cues."""


def settle(text: str, spans: list[Span]) -> list[Span]:
    """One label for each name of an article: the list's, else by cues, else the most frequent (ties by their order).

    A bare surname of a person of the article is that person (one sense per discourse, Gale, Church and Yarowsky 1992).
    """
    label_of = _label_of(text, spans)
    surnames = {name.rsplit(" ", 1)[1] for name, label in label_of.items() if label == "PERSON" and " " in name}
    settled = []
    for span in spans:
        surface = text[span.start : span.end]
        if span.label in VALUE_LABELS or span.method == LISTED:
            settled.append(span)
        elif surface in surnames:
            settled.append(span._replace(label="PERSON"))
        else:
            settled.append(span._replace(label=label_of[surface]))
    return settled


def _label_of(text: str, spans: Iterable[Span]) -> dict[str, str]:
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    sure: dict[str, str] = {}
    behind_preposition: Counter[str] = Counter()
    for span in spans:
        if span.label in VALUE_LABELS:
            continue
        surface = text[span.start : span.end]
        votes[surface][span.label] += 1
        behind_preposition[surface] += _word_before(text, span) in cues().place_prepositions
        if span.method == LISTED:
            sure[surface] = span.label
        elif surface not in sure and _is_person(text, span, surface):
            sure[surface] = "PERSON"
    found = {}
    for surface, count in votes.items():
        main = min(count, key=lambda label: (-count[label], LABELS.index(label)))
        share = round(behind_preposition[surface] / count.total(), 4)
        if main == "PERSON" and share >= cues().place_share and surface in places():
            main = "GPE"
        found[surface] = sure.get(surface) or by_words(surface, main)
    return found


def _word_before(text: str, span: Span) -> str:
    """The word before a name, an article aside; empty where there is none."""
    words = text[max(0, span.start - FAR) : span.start].rpartition("\n")[2].split()
    if words and words[-1] in ("the", "a", "an"):
        words.pop()
    return words[-1] if words and text[span.start - 1] == " " else ""


def _is_person(text: str, span: Span, surface: str) -> bool:
    """Whether the words around a name say that it is a person's: a title before, an age or a verb of speech after."""
    if span.label not in cues().mixed_up:
        return False
    if _word_before(text, span).rstrip(".") in cues().titles or AGE.match(text, span.end):
        return True
    is_called_so = surface in cues().surnames or surface in cues().given_names
    return is_called_so and cues().speech.match(text, span.end) is not None


def by_words(surface: str, label: str) -> str:
    """The label that a name's own words ask for, else `label`: heads (… University, Lake …), places, given names."""
    if label not in cues().mixed_up:
        return label
    parts = surface.split()
    if len(parts) > 1:
        by_head = cues().last_words.get(parts[-1]) or cues().first_words.get(parts[0])
        if by_head and not (by_head in ("GPE", "LOC", "FAC") and label in ("GPE", "LOC", "FAC")):
            return by_head
        if label != "PERSON" and parts[0] in cues().given_names and len(parts) < 4 and parts[-1][0].isupper():
            return "PERSON"
    if label in cues().place_like and surface in places():
        return "GPE"
    return label
