"""The mentions of one article: a model's, a list's, and the same names wherever else the article has them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.annotate.known import METHOD as LISTED
from corpus.annotate.known import find_addresses, find_listed, matcher_of
from corpus.annotate.lists import words
from corpus.annotate.model import Model
from corpus.annotate.names import acronyms_of, names_of
from corpus.annotate.spans import Span, tidy
from corpus.tables import LABELS, VALUE_LABELS

METHOD = "propagated/article 1"


@dataclass(frozen=True)
class Mention:
    """One mention: its span and label, its words, the name that it is grouped by (None for values), what found it."""

    start: int
    end: int
    surface: str
    label: str
    name: str | None
    method: str


def find_mentions(text: str, paragraphs: list[tuple[int, int]], model: Model) -> list[Mention]:
    """The mentions of a text, in order, none overlapping another and none going over a line's end."""
    taken = find_addresses(text)
    read = (tidy(text, span) for span in model.find(text, paragraphs))
    guessed = _apart([span for span in read if span], taken)
    listed = _apart(find_listed(text, _person_words(text, guessed)), taken)
    spans = _settled(text, _over(text, guessed, listed))
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


def _person_words(text: str, spans: Iterable[Span]) -> frozenset[str]:
    """The words of the names of more than one word that the model takes for people's."""
    found: set[str] = set()
    for span in spans:
        if span.label == "PERSON" and len(parts := text[span.start : span.end].split()) > 1:
            found.update(parts)
    return frozenset(found)


def _over(text: str, guessed: list[Span], listed: list[Span]) -> list[Span]:
    """The list's spans over the model's: a listed name gives way only to a longer name that holds it."""
    starts, ends = [s.start for s in guessed], [s.end for s in guessed]
    dropped: set[int] = set()
    relabelled: dict[int, Span] = {}
    kept = []
    for span in listed:
        touched = range(bisect_left(ends, span.start + 1), bisect_left(starts, span.end))
        holder = next((i for i in touched if _holds(guessed[i], span)), None)
        if holder is None:
            dropped.update(touched)
            kept.append(span)
        elif starts[holder] == span.start and _is_version(text[span.end : ends[holder]]):
            relabelled[holder] = Span(span.start, ends[holder], span.label, span.method)
    rest = [relabelled.get(i, s) for i, s in enumerate(guessed) if i not in dropped]
    return sorted([*rest, *kept])


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and (outer[:2] != inner[:2])


def _is_version(tail: str) -> bool:
    """Whether what follows a listed name is only a number: Claude 4.5."""
    return not any(char.isalpha() for char in tail) and any(char.isdigit() for char in tail)


def _settled(text: str, spans: list[Span]) -> list[Span]:
    """One label for one name within an article: the list's, else the most frequent, ties by the labels' order.

    A bare surname of a person of the article is that person.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for span in spans:
        if span.label not in VALUE_LABELS:
            votes[text[span.start : span.end]][span.label] += len(spans) + 1 if span.method == LISTED else 1
    label_of = {surface: min(count, key=lambda x: (-count[x], LABELS.index(x))) for surface, count in votes.items()}
    surnames = {
        surface.rsplit(" ", 1)[1] for surface, label in label_of.items() if label == "PERSON" and " " in surface
    }
    settled = []
    for span in spans:
        surface = text[span.start : span.end]
        label = label_of.get(surface, span.label)
        if surface in surnames and span.method != LISTED:
            label = "PERSON"
        settled.append(span if span.label in VALUE_LABELS else span._replace(label=label))
    return settled


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
        if span.label not in words().propagated or len(surface) < words().min_name:
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
    lower = _lower_words(text)
    return {surface: label for surface, label in sought.items() if surface.casefold() not in lower}


def _lower_words(text: str) -> frozenset[str]:
    """The words that the text has in lower case: a name that is also one of them is not looked for (Will, May)."""
    return frozenset(word for word in text.split() if word.islower())
