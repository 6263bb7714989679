"""Who a page's visible byline names: elements marked as author or byline, or a line "By …" near the heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.etree import XPath
from lxml.html import HtmlElement

from corpus.clean.authors import is_byline, is_person, split_authors

_LOWER = "translate({}, 'ABCDEFGHIKLNOPRTUWY', 'abcdefghiklnoprtuwy')"
_CLASS, _ID, _TEST = (_LOWER.format(name) for name in ("@class", "@id", "@data-testid"))
MARKED = XPath(
    "//*[@rel='author' or @itemprop='author'"
    f" or contains({_CLASS}, 'author') or contains({_CLASS}, 'byline') or contains({_CLASS}, 'writer')"
    f" or contains({_ID}, 'author') or contains({_ID}, 'byline')"
    f" or contains({_TEST}, 'byline') or contains({_TEST}, 'author')]"
    "[not(self::meta or self::link or self::script or self::style or self::body or self::html)]"
)
CALLED = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|authors|writer)(?:[\s_-]*(?:name|names|link|title|list|info|text))?(?=$|[\s_-])|byline|author-?name|authorname",
    re.I,
)
ELSEWHERE = re.compile(
    r"comment|related|sidebar|widget|promo|recirc|teaser|card|footer|newsletter|bio|avatar|image|photo|social|share|follow|popular|trending|recommend",
    re.I,
)
AROUND = 6  # ancestors looked at for being elsewhere
MARKED_CHARS, LINE_CHARS = 160, 120  # a byline's length, in code points
MARKED_LOOKED_AT, LINES_LOOKED_AT = 40, 60
LINE_TAGS = ("p", "div", "span", "li", "h2", "h3", "h4", "h5", "h6", "address", "em", "i", "small")


def visible_authors(tree: HtmlElement, not_names: Iterable[str]) -> tuple[str, ...]:
    """Names in the page's own byline, the strongest mark first; empty where it shows none."""
    avoid = list(not_names)
    marked = _marked(tree)
    for elements in (filter(_by_relation, marked), filter(_by_class, marked)):
        for element in elements:
            if names := _names(_text(element), avoid):
                return names
    for text in _lines_below_heading(tree):
        if is_byline(text) and (names := _names(text, avoid)):
            return names
    return ()


def _marked(tree: HtmlElement) -> list[HtmlElement]:
    found = MARKED(tree)
    elements = [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []
    return [element for element in elements[:MARKED_LOOKED_AT] if not _elsewhere(element)]


def _by_relation(element: HtmlElement) -> bool:
    return "author" in (element.get("rel"), element.get("itemprop"))


def _by_class(element: HtmlElement) -> bool:
    called = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("data-testid"))))
    return bool(CALLED.search(called))


def _elsewhere(element: HtmlElement) -> bool:
    """In a comment, a teaser, an author's biography, a foot."""
    if next(element.iterancestors("aside", "footer", "nav"), None) is not None:
        return True
    called = element.get("class") or ""
    for number, above in enumerate(element.iterancestors()):
        if number == AROUND or above.tag in {"article", "main", "body"}:
            break
        called += f" {above.get('class') or ''} {above.get('id') or ''}"
    return bool(ELSEWHERE.search(called))


def _text(element: HtmlElement) -> str:
    """Words of an element, those of its parts kept apart: "By" and "Ann Lee" are often two elements."""
    return "\n".join(words for part in element.itertext("*") if (words := " ".join(part.split())))


def _names(text: str, avoid: list[str]) -> tuple[str, ...]:
    if not 0 < len(text) <= MARKED_CHARS:
        return ()
    lines = text.split("\n")
    joined = " ".join(lines)
    for value in ([joined] if is_byline(joined) else lines, lines):
        names = split_authors(value, not_names=avoid)
        people = tuple(
            name for name in names if is_person(name) and name.casefold() not in {a.casefold() for a in avoid}
        )
        if people:
            return people
    return ()


def _lines_below_heading(tree: HtmlElement) -> Iterator[str]:
    heading = next(iter(tree.iter("h1")), None)
    if heading is None:
        return
    for number, element in enumerate(heading.xpath("following::*")):
        if number == LINES_LOOKED_AT:
            return
        if element.tag in LINE_TAGS:
            text = " ".join(element.text_content().split())
            if len(text) <= LINE_CHARS:
                yield text
