"""The date that a page shows near its article's heading, and the day in its address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice

from lxml import etree
from lxml.html import HtmlElement

from corpus.clean.dates import parse_time, without_day
from corpus.clean.document import When
from corpus.clean.phrases import phrases

LOOKED_AT = 160  # elements below the heading
ABOVE = 40  # elements above it
PARAGRAPHS = 3  # of prose below the heading, after which no date is the article's own
PROSE = 200  # code points of a paragraph of prose
LINE_CHARS, LABEL = 120, 50  # code points of a line that holds a date, and of what else it may say
BARE = 25  # code points that a line with a date may have besides, where it stands anywhere on the page
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]{4}")
OTHERS = re.compile(
    r"comment|related|sidebar|widget|promo|recirc|teaser|newsletter|popular|trending|recommend|most-?read|latest|caption"
    r"|read-?next|carousel|listing|footer|copyright|event|calendar|nav(?:bar|igation)|menu|ticker|breaking",
    re.I,
)
ONE_DAY = timedelta(days=1)  # by which a day written without a zone may differ
AROUND = 4  # ancestors looked at for standing elsewhere
NOT_ARTICLE = frozenset({"aside", "footer", "nav", "figure", "figcaption", "script", "style", "select", "noscript"})
IN_ADDRESS = re.compile(r"(?<![\d.])(20[0-3]\d|199\d)[/_-]?(\d{2}|[a-z]{3})[/_-]?(\d{2})(?=[/._-]|\D|$)", re.I)


@dataclass(frozen=True)
class Shown:
    """Dates that a page shows: as that of publication, as that of a change, without saying which."""

    published: When | None = None
    updated: When | None = None
    bare: When | None = None


def shown_dates(tree: HtmlElement, zone: str) -> Shown:
    """The first date of each kind that stands near the article's heading."""
    found: dict[str, When] = {}
    for element, line in _lines(tree):
        when, words = parse_time(_machine(element), "time_element", zone), parse_time(line, "text", zone)
        if when is None or (words is not None and abs(words.at - when.at) > ONE_DAY):
            when = words  # a machine value that the words gainsay is a template's
        if when is None or when.precision in {"month", "year"} or len(without_day(line)) > LABEL or _elsewhere(element):
            continue
        found.setdefault(_kind(element, line), when)
        if "published" in found or ("bare" in found and "updated" in found):
            break
    return Shown(found.get("published"), found.get("updated"), found.get("bare"))


def only_date(tree: HtmlElement, zone: str) -> When | None:
    """The date of the lines that hold nothing else, wherever they stand, if all of them are of one day."""
    found: list[When] = []
    for element, line in _dated(tree.iter(etree.Element), paragraphs=None):
        when = parse_time(line, "text", zone) or parse_time(_machine(element), "time_element", zone)
        if when is None or when.precision in {"month", "year"} or len(without_day(line)) > BARE or _elsewhere(element):
            continue
        found.append(when)
        if found[0].at.date() != when.at.date():
            return None
    return found[0] if found else None


def address_date(url: str | None) -> When | None:
    """The day in an article's address: `/2021/04/13/`, `/2021-04-13-`, `/2021/apr/13/`."""
    for match in IN_ADDRESS.finditer((url or "").partition("?")[0]):
        year, month, day = match.groups()
        number = month if month.isdigit() else str(phrases().months.get(month.lower(), 0))
        if when := parse_time(f"{year}-{number}-{day}", "url"):
            return when
    return None


def _machine(element: HtmlElement) -> str | None:
    """A `<time>`'s machine value, unless it only says how long ago."""
    value = element.get("datetime") if element.tag == "time" else None
    return value if value and YEAR.search(value) else None


def _lines(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Elements around the heading whose own words are a short line with a year in it, those below it first."""
    heading = next(iter(tree.iter("h1")), None)
    if heading is None:
        yield from _dated(islice(tree.iter(etree.Element), LOOKED_AT))
        return
    yield from _dated(heading.xpath(f"following::*[position() <= {LOOKED_AT}]"))
    yield from _dated(heading.xpath(f"preceding::*[position() <= {ABOVE}]")[::-1])


def _dated(
    elements: Iterable[HtmlElement], *, paragraphs: int | None = PARAGRAPHS
) -> Iterator[tuple[HtmlElement, str]]:
    prose = 0
    for element in elements:
        if element.tag in NOT_ARTICLE or not isinstance(element.tag, str):
            continue
        line = " ".join(" ".join(filter(None, [element.text, *(child.tail for child in element)])).split())
        if len(line) >= PROSE:
            prose += 1
            if prose == paragraphs:
                return
        if len(line) <= LINE_CHARS and (YEAR.search(line) or _machine(element)):
            yield element, line


def _kind(element: HtmlElement, line: str) -> str:
    """What a date is said to be: by its line's words, the element before it, or what its element is called."""
    before = element.getprevious()
    label = " ".join((before.text_content() if before is not None and isinstance(before.tag, str) else "").split())
    called = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))
    above = element.getparent()
    words = " ".join([*(above.text or "" for above in [above] if above is not None), line, label[-40:], called]).lower()
    if any(word in words for word in phrases().published_words):
        return "published"
    return "updated" if any(word in words for word in phrases().updated_words) else "bare"


def _elsewhere(element: HtmlElement) -> bool:
    for number, around in enumerate(chain([element], element.iterancestors())):
        if number > AROUND or around.tag in {"article", "main", "body"}:
            return False
        if around.tag in NOT_ARTICLE or OTHERS.search(f"{around.get('class') or ''} {around.get('id') or ''}"):
            return True
    return False
