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
from corpus.clean.surroundings import NOT_ARTICLE, called, elsewhere, following, itemprop, of_a_reply, own_words

LOOKED_AT = 160  # elements below the heading
NEXT = 3  # siblings above it that go before those below
CLOSE = 20  # elements below it, and then above it, that go before farther ones
ABOVE = 40  # elements above it
ALONE = 5  # code points that a line with a date may have besides, to be that date alone
PARAGRAPHS = 3  # of prose below the heading, after which no date is the article's own
PROSE = 200  # code points of a paragraph of prose
LINE_CHARS, LABEL = 120, 50  # code points of a line that holds a date, and of what else it may say
BARE = 25  # code points that a line with a date may have besides, where it stands anywhere on the page
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]{4}")
OPENING = re.compile(
    r"(?:(?:[^\W\d_][\w.-]{0,30} ?){1,3}(?:, ?|(?=[(/])))?[(/]?"
    r"(?P<day>\d{1,2}\. ?[^\W_]{1,12}\.? ?\d{2,4}|\d{4}-\d\d-\d\d|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})"
    r" ?[)/]?(?= ?[-–—:|.)„“\"»])"
)
"""What a text may begin with: a place, the day, and something that parts them from the first sentence."""
DIGITS = re.compile(r"\d")
ONE_DAY = timedelta(days=1)  # by which a day written without a zone may differ
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
PARTS = 4  # of an element with a date that may say what it is the date of
BEFORE = 40  # code points of the element before a date that may say what it is the date of


@dataclass(frozen=True)
class Shown:
    """Dates that a page shows: as that of publication, as that of a change, without saying which."""

    published: When | None = None
    updated: When | None = None
    bare: When | None = None
    boxed: When | None = None  # alone in boxes of other things, all of one day


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
    boxed: list[When] = []
    for element, line in _lines(place):
        when, words = reading.time(_machine(element), "time_element"), reading.time(line, "text")
        if when is None or (words is not None and abs(words.at - when.at) > ONE_DAY):
            when = words  # a machine value that the words gainsay is a template's
        if when is None or when.precision in {"month", "year"}:
            continue
        beside = len(without_day(line))
        if beside > LABEL and not _says_published(line):
            continue
        if elsewhere(element, place.around):
            if beside <= ALONE and not of_a_reply(element, place.around):
                boxed.append(when)
            continue
        found.setdefault(_kind(element, line), when)
        if "published" in found or ("bare" in found and "updated" in found):
            break
    one_day = len({when.at.date() for when in boxed}) == 1
    return Shown(found.get("published"), found.get("updated"), found.get("bare"), boxed[0] if one_day else None)


def _says_published(line: str) -> bool:
    """Whether a line begins with a word for publication, as "Published on 19 May 2026, 4 minutes, …"."""
    return line.lower().startswith(phrases().published_words)


def labelled_date(place: Place, reading: Reading) -> When | None:
    """The date that is called that of publication, wherever it stands, if all that are called so are of one day."""
    found = [
        when
        for element, line in _dated(place.tree.iter(etree.Element), paragraphs=None)
        if len(without_day(line)) <= LABEL
        and (when := _whole_day(reading.time(line, "text") or reading.time(_machine(element), "time_element")))
        and _kind(element, line) == "published"
        and not elsewhere(element, place.around)
        and not of_a_reply(element, place.around)
    ]
    return found[0] if len({when.at.date() for when in found}) == 1 else None


def only_date(place: Place, reading: Reading) -> When | None:
    """The date of the lines that hold nothing else, wherever they stand, if all of them are of one day."""
    found: list[When] = []
    for element, line in _dated(place.tree.iter(etree.Element), paragraphs=None):
        when = reading.time(line, "text") or reading.time(_machine(element), "time_element")
        if when is None or when.precision in {"month", "year"} or len(without_day(line)) > BARE:
            continue
        if elsewhere(element, place.around):
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
        line = own_words(element)
        if not (YEAR.search(line[:PROSE]) or SHORT_YEAR.search(line[:PROSE])) or elsewhere(element, place.around):
            continue
        short = len(line) < PROSE or line.lower().startswith(phrases().this_article)
        if short and any(word in line.lower() for word in phrases().published_words):
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
    below = list(islice(following(place.heading), LOOKED_AT))
    above, turned = _above(place.heading), False
    far = frozenset(below[CLOSE:])
    for element, line in _dated(chain(place.heading, beside, below)):
        if element in far and not turned:
            yield from _dated(list(islice(above, CLOSE)))
            turned = True
        yield element, line
    if not turned:
        yield from _dated(list(islice(above, CLOSE)))
    yield from _dated(above)


def _above(heading: HtmlElement) -> Iterator[HtmlElement]:
    """The elements above the heading, the nearest first: looked for when the first is asked for, for most dates are
    below."""
    yield from heading.xpath(f"preceding::*[position() <= {ABOVE}]")[::-1]


def _dated(
    elements: Iterable[HtmlElement], *, paragraphs: int | None = PARAGRAPHS
) -> Iterator[tuple[HtmlElement, str]]:
    prose = 0
    for element in elements:
        if element.tag in NOT_ARTICLE or not isinstance(element.tag, str):
            continue
        line = own_words(element)
        if len(line) >= PROSE:
            prose += 1
            if prose == paragraphs:
                return
        if len(line) <= LINE_CHARS and (YEAR.search(line) or SHORT_YEAR.search(line) or _machine(element)):
            yield element, line


def _kind(element: HtmlElement, line: str) -> str:
    """What a date is said to be: by its line's words, the element before it, or what its element is called."""
    before = element.getprevious()
    label = " ".join((before.text_content() if before is not None and isinstance(before.tag, str) else "").split())
    if YEAR.search(label):  # that is a date itself, and says what it is of itself
        label = ""
    named = f"{called(element)} {itemprop(element)}"
    above = element.getparent()
    around = (above.text or "") if above is not None else ""
    if len(around) > LINE_CHARS:  # prose
        around = ""
    parts = [own_words(child)[:LINE_CHARS] for child in islice(element, PARTS)]
    inside = [part for part in parts if not YEAR.search(part)]
    words = " ".join([around, _of_first_date(line), *inside, label[-BEFORE:], named]).lower()
    if any(word in words for word in phrases().published_words):
        return "published"
    if YEAR.search(line) and _says_updated(" ".join(part for part in parts if part not in inside)):
        return "published"  # "19 May 2026. <i>Updated: 20 May 2026</i>"
    return "updated" if _says_updated(words) else "bare"


def _says_updated(words: str) -> bool:
    return any(word in words.lower() for word in phrases().updated_words)


def _of_first_date(line: str) -> str:
    """What a line says of its first date: all of it, or what stands before that date where another one follows."""
    dates = list(islice(DIGITS.finditer(line), 2))
    rest = without_day(line)
    if len(dates) > 1 and rest != line and without_day(rest) != rest:
        return line[: dates[0].start()]
    return line
