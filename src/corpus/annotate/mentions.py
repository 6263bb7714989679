"""The mentions of one article: a model's, a list's, and the same names wherever else the article has them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.annotate.cues import places
from corpus.annotate.headings import headings_of
from corpus.annotate.known import find_addresses, find_listed, matcher_of
from corpus.annotate.labels import settle
from corpus.annotate.lists import words
from corpus.annotate.model import Model
from corpus.annotate.names import acronyms_of, names_of
from corpus.annotate.spans import Span, tidy
from corpus.columns import VALUE_LABELS

METHOD = "propagated/article 1"
WORD = re.compile(r"\S+")
POSSESSIVE_INSIDE = re.compile(r"['’]s?\s")


@dataclass(frozen=True)
class Mention:
    """One mention: its span and label, its words, the name that it is grouped by (None for values), what found it."""

    start: int
    end: int
    surface: str
    label: str
    name: str | None
    method: str


def find_mentions(
    text: str, paragraphs: list[tuple[int, int]], marked_headings: Sequence[int], model: Model
) -> list[Mention]:
    """The mentions of a text, in order, none overlapping another and none going over a line's end.

    `marked_headings` are the places where paragraphs begin that are known to be headings.
    """
    taken = find_addresses(text)
    read = (tidy(text, span) for span in model.find(text, paragraphs))
    guessed = _apart([span for span in read if span and _may_be_name(text, span)], taken)
    listed = _listed(text, guessed, taken)
    guessed = headings_of(text, paragraphs, marked_headings).without_doubtful(text, guessed, listed)
    spans = settle(text, _over(text, guessed, listed))
    short = acronyms_of(text, spans)
    spans = _everywhere(text, spans, short, taken)
    called = names_of(text, spans, short)
    return [
        Mention(s.start, s.end, text[s.start : s.end], s.label, name, s.method)
        for s, name in zip(spans, called, strict=True)
    ]


def _apart(spans: Sequence[Span], taken: Sequence[tuple[int, int]]) -> list[Span]:
    """The spans that touch none of the stretches `taken` (both in order, neither overlapping itself)."""
    ends = [end for _, end in taken]
    kept = []
    for span in spans:
        at = bisect_left(ends, span.start + 1)
        if at == len(taken) or taken[at][0] >= span.end:
            kept.append(span)
    return kept


def _may_be_name(text: str, span: Span) -> bool:
    """Whether the model's guess is worth keeping: a name has a capital and is no general term (words.toml)."""
    surface = text[span.start : span.end]
    if span.label in VALUE_LABELS:
        return True
    if surface != surface.lower():
        return surface not in words().no_names
    return span.label in words().lower_case and len(surface.split()) <= words().max_lower_words


def _listed(text: str, guessed: list[Span], taken: Sequence[tuple[int, int]]) -> list[Span]:
    """The spans of listed names, without those that are part of a person's name in this article (Claude, Paris)."""
    found = find_listed(text)
    certain = [(span.start, span.end) for span, may_be_person in found if not may_be_person]
    persons = _person_words(text, _apart(guessed, certain))
    kept = [s for s, may_be_person in found if not (may_be_person and text[s.start : s.end] in persons)]
    return _apart(kept, taken)


def _over(text: str, guessed: list[Span], listed: list[Span]) -> list[Span]:
    """The list's spans over the model's: a listed name gives way only to a longer name that holds it."""
    starts, ends = [s.start for s in guessed], [s.end for s in guessed]
    touched = [range(bisect_left(ends, s.start + 1), bisect_left(starts, s.end)) for s in listed]
    holders = [
        next((i for i in near if _holds(guessed[i], span)), None) for span, near in zip(listed, touched, strict=True)
    ]
    held = Counter(holder for holder in holders if holder is not None)
    relabelled: dict[int, Span] = {}
    dropped: set[int] = set()
    kept = []
    for span, near, holder in zip(listed, touched, holders, strict=True):
        if holder is None or _is_run_together(text, guessed[holder], span, held[holder]):
            dropped.update(near)
            kept.append(span)
        elif starts[holder] == span.start and _is_version(text[span.end : ends[holder]]):
            relabelled[holder] = Span(span.start, ends[holder], span.label, span.method)
    rest = [relabelled.get(i, s) for i, s in enumerate(guessed) if i not in dropped]
    return sorted([*rest, *kept])


def _person_words(text: str, spans: Iterable[Span]) -> frozenset[str]:
    """The words of the names of more than one word that the model takes for people's."""
    found: set[str] = set()
    for span in spans:
        parts = [part for part in text[span.start : span.end].split() if part[0].isalpha()]
        if span.label == "PERSON" and len(parts) > 1:
            found.update(parts)
    return frozenset(found)


def _is_run_together(text: str, guess: Span, listed: Span, n_listed: int) -> bool:
    """Whether what the model takes for one person is several names: Andrej Karpathy Joins Anthropic, Tesla's AI."""
    if guess.label != "PERSON":
        return False
    return n_listed > 1 or POSSESSIVE_INSIDE.match(text, listed.end, guess.end) is not None


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and outer[:2] != inner[:2]


def _is_version(tail: str) -> bool:
    """Whether what follows a listed name is only a number: Claude 4.5."""
    return not any(char.isalpha() for char in tail) and any(char.isdigit() for char in tail)


def _everywhere(text: str, spans: list[Span], short: dict[str, Span], taken: list[tuple[int, int]]) -> list[Span]:
    """The spans and, where nothing is marked yet, the same names elsewhere in the article."""
    sought = _sought(text, spans, short)
    if not sought:
        return spans
    matcher = matcher_of(sought)
    found = [Span(start, end, sought[matcher.patterns[index]], METHOD) for start, end, index in matcher.find(text)]
    free = _apart(_apart(found, [(s.start, s.end) for s in spans]), taken)
    return sorted([*spans, *free])


def _sought(text: str, spans: list[Span], short: dict[str, Span]) -> dict[str, str]:
    """Surface -> label of what is to be found elsewhere: names, people's surnames, acronyms."""
    sought: dict[str, str] = {}
    for span in spans:
        surface = text[span.start : span.end]
        is_city = span.label == "GPE" and surface in places()
        if not (is_city or span.label in words().propagated) or len(surface) < words().min_name:
            continue
        if not surface[0].isupper() or "\n" in surface:
            continue
        sought.setdefault(surface, span.label)
        if span.label == "PERSON" and " " in surface:
            surname = surface.rsplit(" ", 1)[1]
            if len(surname) >= words().min_name and surname[0].isupper():
                sought.setdefault(surname, "PERSON")
    for acronym, span in short.items():
        sought.setdefault(acronym, span.label)
    common = _words_among(text, {surface.casefold() for surface in sought})
    return {surface: label for surface, label in sought.items() if surface.casefold() not in common}


def _words_among(text: str, wanted: set[str]) -> set[str]:
    """Those of the `wanted` that the text has as words in lower case: such a name is not looked for (Will, May)."""
    return {word for match in WORD.finditer(text) if (word := match.group()) in wanted}
