"""Pages that hold no article, each by its name: front page, list, video, paywall stub, error page, consent wall."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from corpus.clean.body.blocks import HEADINGS
from corpus.clean.body.choose import Choice
from corpus.clean.body.walk import Segment
from corpus.clean.document import Kind
from corpus.clean.listing import Says, is_link, list_probability
from corpus.clean.notices import Notices
from corpus.clean.page import Page

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
    video_paths: frozenset[str]


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
        self.page, self.choice, self.signs = page, choice, signs()
        segments = choice.page.segments
        whole = sum(len(segment.text) for segment in segments)
        self.links = round(sum(segment.linked for segment in segments) / whole, 4) if whole else 0.0
        self.teasers = sum(map(is_link, _headings(choice)))
        self.classes = _body_classes(page)
        self.says = said_of(page)
        self.notices = Notices(page, choice, text, article=self.says.article)

    def kind(self) -> Kind | None:
        said = self.notices
        return (
            said.error(marked=bool(self.classes & self.signs.error_classes))
            or said.consent()
            or self._video()
            or said.paywall(closed=self._closed())
            or self._list()
            or self._like_lists()
        )

    def _video(self) -> Kind | None:
        if any(node.article for node in self.page.data.nodes):
            return None
        limit = self.signs.limits["video_words"]
        shown = (self.page.meta("og:type") or "").lower().startswith("video") or "videoobject" in self.page.data.types
        filed = not self.says.article and bool(set((self.says.path or ())[:-1]) & self.signs.video_paths)
        if (shown or filed) and self.notices.has_at_most(limit):
            return Kind("video_page", f"{self.notices.n_words} words", f"{limit:g}")
        return None

    def _closed(self) -> bool:
        """Whether the page calls its article closed to those who do not pay."""
        locked = self.page.meta("article:content_tier") in {"locked", "metered"}
        return locked or any(node.free == "false" for node in self.page.data.nodes if node.article)

    def _list(self) -> Kind | None:
        if self.says.article or "single" in self.classes or "single-post" in self.classes:
            return None
        limits = self.signs.limits
        if self._is_front() and (kind := self._listed("front_page", limits["front_links"])):
            return kind
        if self.says.list:
            return self._listed("tag_page", limits["list_links"])
        return None

    def _is_front(self) -> bool:
        path = self.says.path
        root = path is not None and all(
            LANGUAGE.fullmatch(part) or part.partition(".")[0] in self.signs.front_paths for part in path
        )
        return root or bool(self.classes & self.signs.front_classes)

    def _like_lists(self) -> Kind | None:
        """A list, or a page of goods, that does not say so, by all of what its lines and its head are like."""
        limit = self.signs.limits["list_likely"]
        likely = list_probability(self.page, self.choice, self.says)
        rule = "front_page" if self._is_front() else "tag_page"
        return Kind(rule, f"{likely} likely a list", f"{limit:g}") if likely >= limit else None

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
    lists = data["lists"]
    return _Signs(
        limits=data["limits"],
        list_paths=frozenset(lists["paths"]),
        list_types=frozenset(lists["types"]),
        list_classes=frozenset(lists["body_classes"]),
        front_classes=frozenset(lists["front_body_classes"]),
        front_paths=frozenset(lists["front_paths"]),
        error_classes=frozenset(data["errors"]["body_classes"]),
        video_paths=frozenset(data["videos"]["paths"]),
    )
