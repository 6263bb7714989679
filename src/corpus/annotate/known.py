"""Listed names in a text, by an Aho-Corasick automaton (Aho and Corasick 1975)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick

from corpus.annotate.lists import Known, known_names, words
from corpus.annotate.spans import Span

METHOD = "list/names 1"
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@\w[\w.-]*", re.IGNORECASE)
"""Addresses hold no names: openai.com is not OpenAI."""
IN_CAPITALS = ("GPE", "LOC")
AROUND = 40
"""Code points looked at on each side to tell whether a line is all capitals, where US may be the word us."""


@dataclass(frozen=True)
class Matcher:
    """Strings to be found as whole words; `find` tells where they are."""

    patterns: tuple[str, ...]
    automaton: AhoCorasick

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """(start, end, index of the pattern) of the leftmost-longest whole-word matches, not overlapping."""
        found: list[tuple[int, int, int]] = []
        hits = [(s, -e, i) for i, s, e in self.automaton.find_matches_as_indexes(text, overlapping=True)]
        at = 0
        for start, minus_end, index in sorted(hits):
            if start >= at and is_bounded(text, start, -minus_end):
                found.append((start, -minus_end, index))
                at = -minus_end
        return found


def matcher_of(patterns: Iterable[str]) -> Matcher:
    """A matcher of those strings, as they are written."""
    ordered = tuple(patterns)
    return Matcher(ordered, AhoCorasick(list(ordered)))


@dataclass(frozen=True)
class Lexicon:
    """The listed names: the matcher of those that are marked, and whose they are."""

    matcher: Matcher
    of_pattern: tuple[Known, ...]


@cache
def lexicon() -> Lexicon:
    """The lexicon of data/names.toml."""
    pairs = [(form, known) for known in known_names() if known.marked for form in _written(known)]
    return Lexicon(matcher_of(form for form, _ in pairs), tuple(known for _, known in pairs))


def _written(known: Known) -> tuple[str, ...]:
    """How a listed name is written in running text and, a place, in the dateline above it: all in capitals."""
    forms = (known.name, *known.aliases)
    if known.label not in IN_CAPITALS:
        return forms
    return tuple(dict.fromkeys([*forms, *(form.upper() for form in forms if len(form) >= words().min_capitals)]))


def find_listed(text: str) -> list[tuple[Span, bool]]:
    """The spans of listed names, in order, and whether each may be part of a person's name instead."""
    found = []
    for start, end, index in lexicon().matcher.find(text):
        known = lexicon().of_pattern[index]
        surface = text[start:end]
        if surface.isupper() and _all_capitals(text, start, end):
            continue
        found.append((Span(start, end, known.label, METHOD), known.may_be_person))
    return found


def find_addresses(text: str) -> list[tuple[int, int]]:
    """Where URLs and e-mail addresses stand, in order."""
    return [match.span() for match in ADDRESS.finditer(text)]


def is_bounded(text: str, start: int, end: int) -> bool:
    """Whether a stretch is made of whole words: not part of a longer word, a handle, a tag or a host name."""
    if start:
        before = text[start - 1]
        if before.isalnum() or before in "_@#&\\" or unicodedata.combining(before):
            return False
        if before == "." and start > 1 and text[start - 2].isalnum():
            return False
    if end < len(text):
        after = text[end]
        if after.isalnum() or after in "_@" or unicodedata.combining(after):
            return False
        if after in ".&" and end + 1 < len(text) and text[end + 1].isalnum():
            return False
    return True


def _all_capitals(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - AROUND) : start].rpartition("\n")[2]
    after = text[end : end + AROUND].partition("\n")[0]
    letters = [char for char in before + after if char.isalpha()]
    return len(letters) >= 3 and all(char.isupper() for char in letters)
