"""Pages that hold no article, each by its name: front page, list, video, paywall stub, error page, consent wall."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import urlsplit

from corpus.clean.body.blocks import HEADINGS
from corpus.clean.body.choose import Choice
from corpus.clean.body.walk import Segment
from corpus.clean.document import Kind
from corpus.clean.listing import Says, is_link, list_probability
from corpus.clean.page import Page
from corpus.clean.words import words

LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")


@dataclass(frozen=True)
class _Signs:
    limits: dict[str, float]
    list_paths: frozenset[str]
    list_types: frozenset[str]
    list_classes: frozenset[str]
    front_classes: frozenset[str]
    front_paths: frozenset[str]
    error_classes: frozenset[str]
    error_titles: frozenset[str]
    consent: tuple[str, ...]
    consent_needed: int
    paywall: tuple[str, ...]


def page_kind(page: Page, choice: Choice, text: str) -> Kind | None:
    """The kind of a page without an article, None for any other. `text`: what was kept of it."""
    return _View(page, choice, text).kind()


def says_article(page: Page) -> bool:
    """Whether a page's metadata calls it an article."""
    called = (page.meta("og:type") or "").lower() in {"article", "news", "blog", "newsarticle"}
    return called or any(node.article for node in page.data.nodes)


def says_list(page: Page) -> bool:
    """Whether a page's address, its JSON-LD or its body's class names a list."""
    known, path = signs(), address_path(page)
    types = {kind for node in page.data.nodes for kind in node.types}
    listed = path is not None and bool(set(path[:-1]) & known.list_paths)
    return listed or bool(types & known.list_types or _body_classes(page) & known.list_classes)


def said_of(page: Page) -> Says:
    """What a page says of itself."""
    return Says(address_path(page), says_article(page), says_list(page))


def _body_classes(page: Page) -> frozenset[str]:
    body = page.tree.find("body")
    return frozenset(((body.get("class") or "") if body is not None else "").lower().split())


class _View:
    """What the rules look at."""

    def __init__(self, page: Page, choice: Choice, text: str) -> None:
        self.page, self.choice, self.text, self.signs = page, choice, text, signs()
        segments = choice.page.segments
        whole = sum(len(segment.text) for segment in segments)
        self.links = round(sum(segment.linked for segment in segments) / whole, 4) if whole else 0.0
        self.teasers = sum(map(is_link, _headings(choice)))
        self.classes = _body_classes(page)
        self.says = said_of(page)

    @cached_property
    def n_words(self) -> int:
        return len(words(self.text))

    @cached_property
    def lines(self) -> list[str]:
        return [segment.text.lower() for segment in self.choice.page.segments]

    def kind(self) -> Kind | None:
        return (
            self._error() or self._consent() or self._video() or self._paywall() or self._list() or self._like_lists()
        )

    def _error(self) -> Kind | None:
        limit = self.signs.limits["error_words"]
        said = [self.page.title or "", *(heading.words for heading in self.page.headings[:1])]
        titles = {part.strip().lower() for title in said for part in (title, re.split(r"\s[|–—-]\s", title)[0])}
        if (self.classes & self.signs.error_classes or titles & self.signs.error_titles) and self.n_words <= limit:
            return Kind("soft_404", f"{self.n_words} words", f"{limit:g}")
        return None

    def _consent(self) -> Kind | None:
        if self.says.article:
            return None
        limit = self.signs.limits["consent_words"]
        whole = " ".join(self.lines)
        found = sum(phrase in whole for phrase in self.signs.consent)
        if found >= self.signs.consent_needed and len(words(whole)) <= limit:
            return Kind("consent_wall", f"{found} phrases", str(self.signs.consent_needed))
        return None

    def _video(self) -> Kind | None:
        limit = self.signs.limits["video_words"]
        types = {kind for node in self.page.data.nodes for kind in node.types}
        shown = (self.page.meta("og:type") or "").lower().startswith("video") or "videoobject" in types
        if shown and not any(node.article for node in self.page.data.nodes) and self.n_words <= limit:
            return Kind("video_page", f"{self.n_words} words", f"{limit:g}")
        return None

    def _paywall(self) -> Kind | None:
        limit = self.signs.limits["stub_words"]
        closed = any(node.free == "false" for node in self.page.data.nodes if node.article)
        locked = self.page.meta("article:content_tier") in {"locked", "metered"}
        if not (closed or locked) or self.n_words > limit:
            return None
        if any(phrase in line for line in self.lines if len(line) < 300 for phrase in self.signs.paywall):
            return Kind("paywall_stub", f"{self.n_words} words", f"{limit:g}")
        return None

    def _list(self) -> Kind | None:
        if self.says.article or "single" in self.classes or "single-post" in self.classes:
            return None
        limits = self.signs.limits
        path = self.says.path
        root = path is not None and all(
            LANGUAGE.fullmatch(part) or part.partition(".")[0] in self.signs.front_paths for part in path
        )
        front = root or bool(self.classes & self.signs.front_classes)
        if front and (kind := self._listed("front_page", limits["front_links"])):
            return kind
        if self.says.list:
            return self._listed("tag_page", limits["list_links"])
        return None

    def _like_lists(self) -> Kind | None:
        """A list that does not say so, by all of what its lines and its head are like."""
        limit = self.signs.limits["list_likely"]
        likely = list_probability(self.page, self.choice, self.says)
        return Kind("tag_page", f"{likely} likely a list", f"{limit:g}") if likely >= limit else None

    def _listed(self, rule: str, links: float) -> Kind | None:
        """The rule, where so much of the page is links, or so many of its headings are."""
        if self.links >= links:
            return Kind(rule, f"{self.links} of the page is links", f"{links:g}")
        teasers = self.signs.limits["teasers"]
        return Kind(rule, f"{self.teasers} headings are links", f"{teasers:g}") if self.teasers >= teasers else None


def _headings(choice: Choice) -> list[Segment]:
    tags = choice.page.nodes.tag
    return [segment for segment in choice.page.segments if tags[segment.node] in HEADINGS]


def address_path(page: Page) -> tuple[str, ...] | None:
    """The parts of a page's own address, in lower case; None where it has none, or one with a query."""
    url = page.meta("og:url") or next(iter(page.rels.get("canonical", ())), "")
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if not parts.hostname or parts.query:
        return None
    return tuple(part.lower() for part in parts.path.split("/") if part)


@cache
def signs() -> _Signs:
    """The signs of this version."""
    data = tomllib.loads((Path(__file__).parent / "data" / "page_kinds.toml").read_text(encoding="utf-8"))
    lists, errors = data["lists"], data["errors"]
    return _Signs(
        limits=data["limits"],
        list_paths=frozenset(lists["paths"]),
        list_types=frozenset(lists["types"]),
        list_classes=frozenset(lists["body_classes"]),
        front_classes=frozenset(lists["front_body_classes"]),
        front_paths=frozenset(lists["front_paths"]),
        error_classes=frozenset(errors["body_classes"]),
        error_titles=frozenset(errors["titles"]),
        consent=tuple(data["consent"]["phrases"]),
        consent_needed=data["consent"]["needed"],
        paywall=tuple(data["paywall"]["phrases"]),
    )
