"""The date that a page shows near its article's heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice

from lxml import etree
from lxml.html import HtmlElement

from corpus.clean.dates import SHORT_YEAR, Reading, without_day
from corpus.clean.document import When
from corpus.clean.page import TITLE_CHARS
from corpus.clean.phrases import phrases
from corpus.clean.publication import key

LOOKED_AT = 160  # elements below the heading
NEXT = 3  # siblings above it that go before those below
ABOVE = 40  # elements above it
PARAGRAPHS = 3  # of prose below the heading, after which no date is the article's own
PROSE = 200  # code points of a paragraph of prose
LINE_CHARS, LABEL = 120, 50  # code points of a line that holds a date, and of what else it may say
BARE = 25  # code points that a line with a date may have besides, where it stands anywhere on the page
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]{4}")
OTHERS = re.compile(
    r"comment|related|sidebar|widget|promo|recirc|teaser|newsletter|popular|trending|recommend|most-?read|latest"
    r"|(?:image|img|photo|picture|media|figure|wp|gallery|slide)[\w-]{0,24}caption"
    r"|read-?next|carousel|listing|footer|copyright|event|calendar|nav(?:bar|igation)|menu|ticker|breaking",
    re.I,
)
OPENING = re.compile(
    r"(?:(?:[^\W\d_][\w.-]{0,30} ?){1,3}(?:, ?|(?=[(/])))?[(/]?"
    r"(?P<day>\d{1,2}\. ?[^\W_]{1,12}\.? ?\d{2,4}|\d{4}-\d\d-\d\d|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})"
    r" ?[)/]?(?= ?[-–—:|.)„“\"»])"
)
"""What a text may begin with: a place, the day, and something that parts them from the first sentence."""
DIGITS = re.compile(r"\d")
ONE_DAY = timedelta(days=1)  # by which a day written without a zone may differ
AROUND = 4  # ancestors looked at for standing elsewhere
NOT_ARTICLE = frozenset(
    {"aside", "footer", "nav", "figure", "figcaption", "script", "style", "select", "noscript", "meta", "link", "input"}
)
HEADINGS = ("h1", "h2", "h3", "h4")
TITLE_BEGINS = 8  # code points of a title that an element's text must begin with to be compared as a whole
NO_TITLE = frozenset({"title", "script", "style"})
MACHINE = (
    "datetime",
    "data-datetime",
    "data-date",
    "data-time",
    "data-published",
    "data-timestamp",
    "content",
    "title",
)
"""Attributes in which an element may give its date for machines; `title` counts on <abbr> alone."""
MACHINE_CHARS = 40
CALLED_CHARS = 300  # code points of a class or id that are read
BEFORE = 40  # code points of the element before a date that may say what it is the date of


@dataclass(frozen=True)
class Shown:
    """Dates that a page shows: as that of publication, as that of a change, without saying which."""

    published: When | None = None
    updated: When | None = None
    bare: When | None = None


@dataclass(frozen=True)
class Place:
    """Where on a page its title stands: the element, and the elements around it, which are the article's own."""

    tree: HtmlElement
    heading: HtmlElement | None
    around: frozenset[HtmlElement]


def place_of(tree: HtmlElement, title: str | None) -> Place:
    """The element that shows the title: a heading, else any element; else the page's first heading."""
    heading = _shows(title, tree) if title else None
    if heading is None:
        heading = next(iter(tree.iter("h1")), None)
    return Place(tree, heading, frozenset(heading.iterancestors()) if heading is not None else frozenset())


def _shows(title: str, tree: HtmlElement) -> HtmlElement | None:
    said = key(title)
    headings = [(element, key(element.text_content()[:TITLE_CHARS])) for element in tree.iter(*HEADINGS)]
    for element, words in headings:
        if words == said:
            return element
    for element, words in headings:
        if said and said in words:
            return element
    begins = title[:TITLE_BEGINS]
    for element in tree.iter(etree.Element):
        text = (element.text or "").strip()
        if text.startswith(begins) and element.tag not in NO_TITLE and key(text[:TITLE_CHARS]) == said:
            return element
    return None


def shown_dates(place: Place, reading: Reading) -> Shown:
    """The first date of each kind that stands near the article's heading."""
    found: dict[str, When] = {}
    for element, line in _lines(place):
        when, words = reading.time(_machine(element), "time_element"), reading.time(line, "text")
        if when is None or (words is not None and abs(words.at - when.at) > ONE_DAY):
            when = words  # a machine value that the words gainsay is a template's
        if when is None or when.precision in {"month", "year"} or len(without_day(line)) > LABEL:
            continue
        if _elsewhere(element, place):
            continue
        found.setdefault(_kind(element, line), when)
        if "published" in found or ("bare" in found and "updated" in found):
            break
    return Shown(found.get("published"), found.get("updated"), found.get("bare"))


def only_date(place: Place, reading: Reading) -> When | None:
    """The date of the lines that hold nothing else, wherever they stand, if all of them are of one day."""
    found: list[When] = []
    for element, line in _dated(place.tree.iter(etree.Element), paragraphs=None):
        when = reading.time(line, "text") or reading.time(_machine(element), "time_element")
        if when is None or when.precision in {"month", "year"} or len(without_day(line)) > BARE:
            continue
        if _elsewhere(element, place):
            continue
        found.append(when)
        if found[0].at.date() != when.at.date():
            return None
    return found[0] if found else None


def worded_date(place: Place, reading: Reading) -> When | None:
    """A date in running words: "was posted on 19 May 2010 at …", or what a text begins with, as "19.5.2010 - …"."""
    paragraphs = 0
    for element in place.tree.iter(etree.Element):
        if element.tag in NOT_ARTICLE:
            continue
        line = _own_words(element)
        if not (YEAR.search(line[:PROSE]) or SHORT_YEAR.search(line[:PROSE])) or _elsewhere(element, place):
            continue
        if len(line) < PROSE and any(word in line.lower() for word in phrases().published_words):
            return _whole_day(reading.time(line, "text") or _within(line, reading))
        if len(line) >= PROSE // 2 and paragraphs < PARAGRAPHS:
            paragraphs += 1
            opening = OPENING.match(line[:PROSE])
            if opening and (when := _whole_day(reading.time(opening["day"], "text"))):
                return when
    return None


def _within(line: str, reading: Reading) -> When | None:
    return next((when for part in re.split(r"(?<=\D)(?=\d)", line) if (when := reading.time(part, "text"))), None)


def _whole_day(when: When | None) -> When | None:
    return when if when is not None and when.precision not in {"month", "year"} else None


def _machine(element: HtmlElement) -> str | None:
    """An element's machine value, unless it only says how long ago."""
    for name in MACHINE:
        value: str | None = element.get(name)
        if value and len(value) <= MACHINE_CHARS and YEAR.search(value) and (name != "title" or element.tag == "abbr"):
            return value
    return None


def _lines(place: Place) -> Iterator[tuple[HtmlElement, str]]:
    """Elements around the heading whose own words are a short line with a year in it, those below it first."""
    if place.heading is None:
        yield from _dated(islice(place.tree.iter(etree.Element), LOOKED_AT))
        return
    beside = islice(place.heading.itersiblings(etree.Element, preceding=True), NEXT)
    below = place.heading.xpath(f"following::*[position() <= {LOOKED_AT}]")
    yield from _dated(chain(place.heading, beside, below))
    yield from _dated(place.heading.xpath(f"preceding::*[position() <= {ABOVE}]")[::-1])


def _dated(
    elements: Iterable[HtmlElement], *, paragraphs: int | None = PARAGRAPHS
) -> Iterator[tuple[HtmlElement, str]]:
    prose = 0
    for element in elements:
        if element.tag in NOT_ARTICLE or not isinstance(element.tag, str):
            continue
        line = _own_words(element)
        if len(line) >= PROSE:
            prose += 1
            if prose == paragraphs:
                return
        if len(line) <= LINE_CHARS and (YEAR.search(line) or SHORT_YEAR.search(line) or _machine(element)):
            yield element, line


def _called(element: HtmlElement) -> str:
    return f"{(element.get('class') or '')[:CALLED_CHARS]} {(element.get('id') or '')[:CALLED_CHARS]}"


def _own_words(element: HtmlElement) -> str:
    return " ".join(" ".join(filter(None, [element.text, *(child.tail for child in element)])).split())


def _kind(element: HtmlElement, line: str) -> str:
    """What a date is said to be: by its line's words, the element before it, or what its element is called."""
    before = element.getprevious()
    label = " ".join((before.text_content() if before is not None and isinstance(before.tag, str) else "").split())
    called = f"{_called(element)} {(element.get('itemprop') or '')[:CALLED_CHARS]}"
    above = element.getparent()
    around = (above.text or "")[-LINE_CHARS:] if above is not None else ""
    words = " ".join([around, _of_first_date(line), label[-BEFORE:], called]).lower()
    if any(word in words for word in phrases().published_words):
        return "published"
    return "updated" if any(word in words for word in phrases().updated_words) else "bare"


def _of_first_date(line: str) -> str:
    """What a line says of its first date: all of it, or what stands before that date where another one follows."""
    dates = list(islice(DIGITS.finditer(line), 2))
    rest = without_day(line)
    if len(dates) > 1 and rest != line and without_day(rest) != rest:
        return line[: dates[0].start()]
    return line


def _elsewhere(element: HtmlElement, place: Place) -> bool:
    """Whether an element stands in a teaser, a comment, a menu: in such a box that does not hold the heading too."""
    for number, around in enumerate(chain([element], element.iterancestors())):
        if number > AROUND or around in place.around or around.tag in {"article", "main", "body"}:
            return False
        if around.tag in NOT_ARTICLE or OTHERS.search(_called(around)):
            return True
    return False
