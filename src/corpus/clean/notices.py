"""What pages without an article say in words: that nothing was found, that one must consent, that one must pay."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from corpus.clean.body.choose import Choice
from corpus.clean.document import Kind
from corpus.clean.listing import ENDS
from corpus.clean.page import Page
from corpus.clean.words import words

SITE = re.compile(r"[|｜]|(?<=\s)[–—·»-](?=\s)")  # between a title and its site's name
MARKS = " .,!?…。！？،؟\"'«»"  # around a title's words
CURLY = str.maketrans("’‘", "''")
SENTENCE, SHORT_SENTENCE = 40, 12  # code points of a line, from which it is no button; of one with a full stop
LONG_WORD = 40  # code points of a word: of no language is the average longer
WHOLE_PHRASE, BEFORE_COLON = 2, 3  # words of a part that tells an error behind others; before a colon, or of an article


@dataclass(frozen=True)
class _Notices:
    limits: dict[str, float]
    error_titles: frozenset[str]
    error_lines: tuple[str, ...]
    consent: tuple[str, ...]
    consent_needed: int
    consent_words: tuple[str, ...]
    paywall: tuple[str, ...]
    walls: tuple[str, ...]


class Notices:
    """A page's lines, and what they say. `text`: what was kept of it; `article`: whether it calls itself one."""

    def __init__(self, page: Page, choice: Choice, text: str, *, article: bool) -> None:
        self.page, self.choice, self.text = page, choice, text
        self.article, self.known = article, notices()

    @cached_property
    def n_words(self) -> int:
        """Words of what was kept."""
        return len(words(self.text))

    def has_at_most(self, limit: float) -> bool:
        """Whether so many words were kept; a long text's are not counted."""
        return len(self.text) <= limit * LONG_WORD and self.n_words <= limit

    @cached_property
    def lines(self) -> list[str]:
        """The page's lines in lower case."""
        return [_plain(segment.text) for segment in self.choice.page.segments]

    @cached_property
    def kept(self) -> list[str]:
        """Those of what was kept."""
        return [_plain(line) for line in self.text.split("\n")]

    def error(self, *, marked: bool) -> Kind | None:
        """An error's page. `marked`: whether a class of its body says so."""
        limit = self.known.limits["error_words"]
        told = marked or any(part in self.known.error_titles for part in self._titles())
        if told and self.has_at_most(limit):
            return Kind("soft_404", f"{self.n_words} words", f"{limit:g}")
        limit = self.known.limits["error_line_words"]
        if self.article or not self.has_at_most(limit):
            return None
        said = self.kept if self.n_words else self.lines
        if any(phrase in line for line in said for phrase in self.known.error_lines):
            return Kind("soft_404", f"{self.n_words} words", f"{limit:g}")
        return None

    def _titles(self) -> Iterator[str]:
        """The title and the first heading, whole and without the site's name."""
        said = [self.page.title or "", *(heading.words for heading in self.page.headings[:1])]
        for title in map(_plain, said):
            first, *rest = [part.strip().strip(MARKS) for part in SITE.split(title)]
            yield from (title.strip(MARKS), first)
            least = BEFORE_COLON if self.article else WHOLE_PHRASE
            yield from (part for part in rest if len(words(part)) >= least)
            before = title.partition(":")[0].strip(MARKS)
            yield from [before] if len(words(before)) >= BEFORE_COLON else []

    def consent(self) -> Kind | None:
        """A question for consent that is all of a page, and no banner beside an article."""
        limits = self.known.limits
        size = sum(len(segment.text) for segment in self.choice.page.segments)
        if self.article or size > limits["consent_chars"]:
            return None
        found = _longest({phrase for phrase in self.known.consent for line in self.lines if phrase in line})
        if len(found) < self.known.consent_needed or len(words(" ".join(self.lines))) > limits["consent_words"]:
            return None
        about = (*self.known.consent, *self.known.consent_words)
        other = [line for line in self.kept if _is_sentence(line) and not _has(line, about)]
        if len(words(" ".join(other))) >= limits["consent_other"]:
            return None
        return Kind("consent_wall", f"{len(found)} phrases", str(self.known.consent_needed))

    def paywall(self, *, closed: bool) -> Kind | None:
        """The start of an article that one must pay for. `closed`: whether the page calls itself so."""
        limits = self.known.limits
        if not self.has_at_most(limits["stub_words"]):
            return None
        last = max((i for i, keep in enumerate(self.choice.kept) if keep), default=-1)
        near = self.lines[max(last, 0) : last + 1 + int(limits["stub_lines"])]
        asked = (closed and self._asks(self.lines, self.known.paywall)) or self._asks(near, self.known.walls)
        return Kind("paywall_stub", f"{self.n_words} words", f"{limits['stub_words']:g}") if asked else None

    def _asks(self, lines: Iterable[str], phrases: Sequence[str]) -> bool:
        return any(len(line) < self.known.limits["stub_line"] and _has(line, phrases) for line in lines)


def _plain(line: str) -> str:
    return " ".join(line.lower().translate(CURLY).split())


def _is_sentence(line: str) -> bool:
    return len(line) >= (SHORT_SENTENCE if line.endswith(ENDS) else SENTENCE)


def _has(line: str, phrases: Iterable[str]) -> bool:
    return any(phrase in line for phrase in phrases)


def _longest(phrases: set[str]) -> set[str]:
    """Phrases that are part of no other one."""
    return {phrase for phrase in phrases if not any(phrase in other for other in phrases - {phrase})}


@cache
def notices() -> _Notices:
    """The phrases of this version, of all languages together: a page does not always say its own."""
    data = tomllib.loads((Path(__file__).parent / "data" / "page_kinds.toml").read_text(encoding="utf-8"))

    def of_all(table: dict[str, list[str]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(phrase for phrases in table.values() for phrase in phrases))

    return _Notices(
        limits=data["limits"],
        error_titles=frozenset(title.strip(MARKS) for title in of_all(data["errors"]["titles"])),
        error_lines=of_all(data["errors"]["lines"]),
        consent=of_all(data["consent"]["phrases"]),
        consent_needed=data["consent"]["needed"],
        consent_words=of_all(data["consent"]["words"]),
        paywall=of_all(data["paywall"]["phrases"]),
        walls=of_all(data["paywall"]["walls"]),
    )
