"""What stands around an element of a page: what it and its boxes are called, and whether they are the article's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice, takewhile

from lxml import etree
from lxml.html import HtmlElement

OTHERS = re.compile(
    r"comment|related|sidebar|widget|promo|recirc|teaser|newsletter|popular|trending|recommend|most-?read|latest"
    r"|(?:image|img|photo|picture|media|figure|wp|gallery|slide)[\w-]{0,24}caption"
    r"|read-?next|carousel|listing|footer|copyright|event|calendar|nav(?:bar|igation)|menu|ticker|breaking",
    re.I,
)
REPLY = re.compile(r"(?<![a-z])(?:comments?|answers?|repl(?:y|ies))(?![a-z])", re.I)
"""What the box of a comment or an answer is called; "hascomments" is of the article that has some."""
AROUND = 4  # ancestors looked at for standing elsewhere
HEADINGS_READ = 20  # of level 1
CALLED_CHARS = 300  # code points of a class or id that are read
NOT_ARTICLE = frozenset(
    {"aside", "footer", "nav", "figure", "figcaption", "script", "style", "select", "noscript", "meta", "link", "input"}
)


def called(element: HtmlElement) -> str:
    """An element's class and id."""
    return f"{(element.get('class') or '')[:CALLED_CHARS]} {(element.get('id') or '')[:CALLED_CHARS]}"


def itemprop(element: HtmlElement) -> str:
    """The property (microdata) that an element gives."""
    return (element.get("itemprop") or "")[:CALLED_CHARS]


def own_words(element: HtmlElement) -> str:
    """An element's text without that of the elements in it, white space as single spaces."""
    return " ".join(" ".join(filter(None, [element.text, *(child.tail for child in element)])).split())


def following(element: HtmlElement | None) -> Iterator[HtmlElement]:
    """The elements that begin behind an element's end, in their order: as far as is asked."""
    while element is not None:
        for sibling in element.itersiblings():
            yield from sibling.iter(etree.Element)
        element = element.getparent()


def of_a_reply(element: HtmlElement, around: frozenset[HtmlElement]) -> bool:
    """Whether an element stands in a comment or an answer: in a box called so that is none of `around`."""
    boxes = takewhile(lambda box: box.tag not in {"main", "body"}, chain([element], element.iterancestors()))
    return any(box not in around and REPLY.search(f"{called(box)} {itemprop(box)}") for box in boxes)


def around_headings(tree: HtmlElement) -> frozenset[HtmlElement]:
    """The elements around the page's first-level headings."""
    return frozenset(box for heading in islice(tree.iter("h1"), HEADINGS_READ) for box in heading.iterancestors())


def elsewhere(element: HtmlElement, around: frozenset[HtmlElement]) -> bool:
    """Whether an element stands in a teaser, a comment, a menu: in such a box that is none of `around`."""
    for number, box in enumerate(chain([element], element.iterancestors())):
        if number > AROUND or box in around or box.tag in {"article", "main", "body"}:
            return False
        if box.tag in NOT_ARTICLE or OTHERS.search(called(box)):
            return True
    return False
