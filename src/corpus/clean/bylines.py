"""Who a page's visible byline names: links to an author's page, elements marked as author or byline, a line "By …".

What stands next below the article's heading goes before what stands above it or far from it, and both before a box
about the author at the article's end; names in comments, teasers and lists of other articles are never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile

from lxml import etree
from lxml.html import HtmlElement

from corpus.clean.authors import is_byline, is_organisation, is_person, split_authors
from corpus.clean.dates import without_day
from corpus.clean.phrases import phrases
from corpus.clean.surroundings import following

MARKED = re.compile("uthor|yline|riter|utor|uteur|ritten|osted-by|ontributor|creator-name")
"""In a class, id or test id of whatever element may hold a byline: a quick look, case and word edges aside."""
NAMED = ("class", "id", "data-testid")
NAMING_ALONE = frozenset({"class", "href", "itemprop", "rel"})
NEVER = frozenset({"meta", "link", "script", "style", "body", "html", "img", "input", "button", "form"})
CALLED = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|writer|autor(?:en|es)?|auteurs?|written-?by|posted-by|creator-name|contributors?)"
    r"(?:[\s_-]*(?:name|names|link|title|list|info|text|line|box__name))?(?=$|[\s_-])|byline|author_*-?name|authorname",
    re.I,
)
NAMING = re.compile(r"author_*-?name|(?:^|\s)(?:byline__name|fn)(?:\s|$)|creator-name", re.I)
AUTHOR_PAGE = re.compile(
    r"[/?&](?:(?<=/)(?:authors?|staff|contributors?|people|writers?|autor(?:en|es)?|auteurs?|redaktion|journalistes?"
    r"|reporters?|yazar(?:lar)?|by|redakteure?|redaccion|blog-authors?)/+[^/?#]|(?<=[?&])_?author=[^&])",
    re.I,
)
KEPT = 16_384  # classes and ids of which it is remembered what they say
OTHERS = re.compile(
    r"comment|related|sidebar|widget|promo|recirc|teaser|newsletter|popular|trending|recommend|most-?read|latest-posts"
    r"|read-?next|more-?(?:from|stories)|carousel|listing|photo|image|caption|footer(?!-meta)|nav(?:bar|igation)",
    re.I,
)
ABOUT = re.compile(r"bio|box|card|avatar|about|social|share|follow|profile|footer", re.I)
ACCOUNT_WORDS = 4  # of an organisation that is the author
CALLED_CHARS, ADDRESS_CHARS = 300, 1000  # code points of a class or id, and of a link's address, that are read
BEFORE = 40  # code points before a name that may say what was done by whom it names
AROUND = 7  # ancestors looked at for standing elsewhere
INTRODUCING = frozenset({"in", "filed under", "posted in"})  # parts of a byline behind which no name stands
LABELS = ("strong", "b", "dt", "th", "span", "em")
LABEL_CHARS = 30  # code points of a label: "Autorin/Autor"
MARKED_CHARS, LINE_CHARS = 160, 120  # a byline's length, in code points
MARKED_LOOKED_AT, LINES_LOOKED_AT = 60, 120
NEAR = 12  # marked elements after the heading among which a byline is the article's own
LINE_TAGS = frozenset(
    {"p", "div", "span", "li", "h2", "h3", "h4", "h5", "h6", "address", "em", "i", "small", "td", "dd"}
)
NOT_ARTICLE = ("aside", "footer", "nav", "figure", "figcaption")


@dataclass(frozen=True)
class Mark:
    """A marked element; its distance in such elements from the heading, negative above it; if about the author."""

    element: HtmlElement
    distance: int
    about: bool
    strong: bool  # says itself that what it holds is a name: one word is enough


def visible_authors(tree: HtmlElement, not_names: Iterable[str]) -> tuple[str, ...]:
    """Names in the page's own byline, the nearest to its heading first; empty where it shows none."""
    avoid = [name.casefold() for name in not_names if name]
    marks = _marks(tree)
    near = [mark for mark in marks if not mark.about and 0 < mark.distance <= NEAR]
    above = [mark for mark in marks if not mark.about and -NEAR // 2 <= mark.distance < 0]
    rest = [mark for mark in marks if not mark.about and mark not in near and mark not in above]
    return (
        _first(near, avoid)
        or _first(above[::-1], avoid)
        or _by_line(tree, avoid)
        or _first(rest, avoid)
        or _labelled(tree, avoid)
        or _first([mark for mark in marks if mark.about], avoid)
    )


def _marks(tree: HtmlElement) -> list[Mark]:
    """Marked elements in their order, the first few above the heading and those below it."""
    above: list[HtmlElement] = []
    below: list[HtmlElement] = []
    heading = False
    for element in tree.iter(etree.Element):
        if element.tag == "h1" and not heading:
            heading = True
        elif _is_mark(element):
            (below if heading else above).append(element)
    if not heading:
        above, below = [], above
    placed = [(number, element) for number, element in enumerate(below[:MARKED_LOOKED_AT], 1)]
    placed = [(-number, element) for number, element in enumerate(above[: -NEAR - 1 : -1], 1)][::-1] + placed
    return [
        Mark(element, distance, about, _strong(element))
        for distance, element in placed
        if (about := _place(element)) is not None
    ]


def _is_mark(element: HtmlElement) -> bool:
    tag = element.tag
    if tag in NEVER:
        return False
    for name, value in element.items():
        if name in NAMED and _is_marked(value[:CALLED_CHARS]) and CALLED.search(_called(element)):
            return True
        if name in NAMING_ALONE and _is_name(tag, name, value):
            return True
    return False


def _strong(element: HtmlElement) -> bool:
    return any(_is_name(element.tag, name, value) for name, value in element.items())


def _is_name(tag: str, attribute: str, value: str) -> bool:
    """Whether an attribute says by itself that what its element holds is an author's name."""
    if attribute == "class":
        return _is_naming(value[:CALLED_CHARS])
    if attribute == "href":
        return tag == "a" and AUTHOR_PAGE.search(value[:ADDRESS_CHARS]) is not None
    return value == "author" if attribute == "itemprop" else attribute == "rel" and "author" in value


@lru_cache(KEPT)
def _is_marked(called: str) -> bool:
    return MARKED.search(called) is not None


@lru_cache(KEPT)
def _is_naming(called: str) -> bool:
    return NAMING.search(called) is not None


def _called(element: HtmlElement) -> str:
    return " ".join(value[:CALLED_CHARS] for name in NAMED if (value := element.get(name)))


def _place(element: HtmlElement) -> bool | None:
    """Whether an element stands in a box about the author; None in a comment, a teaser, a caption, a menu."""
    within = next(element.iterancestors(*NOT_ARTICLE), None)
    own = within is not None and within.tag == "footer" and next(within.iterancestors("article"), None) is not None
    if (within is not None and not own) or OTHERS.search(_called(element)):
        return None
    about = bool(ABOUT.search(_called(element)))
    for number, above in enumerate(element.iterancestors()):
        if number == AROUND or above.tag in {"article", "main", "body"}:
            break
        called = _called(above)
        if OTHERS.search(called):
            return None
        about = about or bool(ABOUT.search(called))
    return about


def _first(marks: Sequence[Mark], avoid: Sequence[str]) -> tuple[str, ...]:
    """The names of the first of these that holds any, with those of the marks beside it that are made like it."""
    for number, mark in enumerate(marks):
        if _is_credit(mark.element):
            continue
        if names := _names(_text(mark.element), avoid, alone=mark.strong):
            return tuple(dict.fromkeys([*names, *_beside(mark, marks[number + 1 :], avoid)]))
    return ()


def _beside(first: Mark, marks: Sequence[Mark], avoid: Sequence[str]) -> Iterator[str]:
    """Names of elements of the same kind in the same list: each author's link or list item."""
    above = first.element.getparent()
    lists = [above, above.getparent() if above is not None else None]
    for mark in marks:
        around = mark.element.getparent()
        if mark.element.tag != first.element.tag or around is None or mark.strong != first.strong:
            continue
        if _is_credit(mark.element):
            continue
        if around is lists[0] or (around.tag == lists[0].tag and around.getparent() is lists[1]):
            yield from _names(_text(mark.element), avoid, alone=mark.strong)


def _is_credit(element: HtmlElement) -> bool:
    """Whether the words before an element say that it names who reviewed, photographed or translated."""
    before, above = element.getprevious(), element.getparent()
    words = ""
    if before is not None:
        words = f"{before.text_content() if isinstance(before.tag, str) else ''} {before.tail or ''}"
    elif above is not None:
        words = above.text or ""
    said = " ".join(words.split())[-BEFORE:].lower()
    return any(credit in said for credit in phrases().credits)


def _text(element: HtmlElement) -> str:
    """Words of an element, those of its parts kept apart: "By" and "Ann Lee" are often two elements.

    What follows an "in" that is a part by itself is the article's section: "By | Ann Lee | in | Gardens".
    """
    parts = (words for part in element.itertext("*") if (words := " ".join(part.split())))
    return "\n".join(takewhile(lambda words: words.lower() not in INTRODUCING, parts))


def _names(text: str, avoid: Sequence[str], *, alone: bool = False) -> tuple[str, ...]:
    if not 0 < len(text) <= MARKED_CHARS:
        return ()
    lines = text.split("\n")
    joined = " ".join(lines)
    if joined.lower().startswith(phrases().credits):
        return ()
    for value in ([joined] if is_byline(joined) else lines, lines):
        names = split_authors([without_day(line) for line in value])
        people = tuple(name for name in names if is_person(name) and name.casefold() not in avoid)
        if people:
            return people
    if alone and len(lines) <= 2:
        names = split_authors([without_day(lines[-1])])
        return tuple(name for name in names if name.casefold() in avoid or _is_account(name))[:1]
    return ()


def _is_account(name: str) -> bool:
    """A single name or an organisation's, where the markup itself says that it is the author."""
    if is_organisation(name):
        return len(name.split()) <= ACCOUNT_WORDS
    return len(name) > 1 and len(name.split()) == 1 and not name[0].isdigit()


def _by_line(tree: HtmlElement, avoid: Sequence[str]) -> tuple[str, ...]:
    for text in _lines_below_heading(tree):
        line = without_day(text)
        if is_byline(line) and (names := _names(line, avoid)):
            return names
    return ()


def _labelled(tree: HtmlElement, avoid: Sequence[str]) -> tuple[str, ...]:
    """Names behind a label that is an element by itself: `<strong>Autorin/Autor</strong> Ann Lee`."""
    for label in tree.iter(*LABELS):
        words = (label.text or "").strip(" :\n\t").lower()
        if not 0 < len(words) <= LABEL_CHARS or not all(part in phrases().author_labels for part in words.split("/")):
            continue
        behind = label.getnext()
        value = label.tail or ""
        if not value.strip(" :\n\t") and behind is not None and isinstance(behind.tag, str):
            value = _text(behind)
        if (names := _names(value.strip(" :\n\t"), avoid)) and _place(label) is not None:
            return names
    return ()


def _lines_below_heading(tree: HtmlElement) -> Iterator[str]:
    heading = next(iter(tree.iter("h1")), None)
    if heading is None:
        return
    for element in islice(following(heading), LINES_LOOKED_AT):
        if element.tag in LINE_TAGS:
            parts = element.text_content().split(None, LINE_CHARS)
            if len(parts) <= LINE_CHARS and len(text := " ".join(parts)) <= LINE_CHARS:
                yield text


def labelled_author(metas: dict[str, tuple[str, ...]]) -> str | None:
    """The author that `twitter:label1`/`twitter:data1` name, as WordPress SEO plugins write them: "Written by"."""
    for number in ("1", "2"):
        label = next(iter(metas.get(f"twitter:label{number}", ())), "").casefold().rstrip(": ")
        if label in phrases().bylines:
            return next(iter(metas.get(f"twitter:data{number}", ())), None)
    return None
