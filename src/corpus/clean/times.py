"""When a page says that its article was published and changed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

import dateutil.parser
from lxml.html import HtmlElement

from corpus.clean.datelines import (
    Place,
    Shown,
    labelled_date,
    only_date,
    place_of,
    shown_dates,
    worded_date,
)
from corpus.clean.dates import OFFSET, Reading, parse_time, wall_clock
from corpus.clean.document import When
from corpus.clean.page import Page
from corpus.clean.phrases import phrases
from corpus.clean.surroundings import around_headings, of_a_reply

PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "date.published",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date",
    "dc.date.created", "rnews:datepublished", "iso-8601-publish-date",
    "citation_publication_date", "publication_date", "publish-date", "publish_date", "published_time", "pubdate",
    "pub_date",     "article.published", "displaydate", "date", "cxenseparse:recs:publishtime",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified", "last-modified",
    "article.updated", "lastmod", "revision_date",
)  # fmt: skip
ANY_EVENT = frozenset({"date", "dc.date", "dcterms.date"})
"""Dublin Core's "date": of any event in the life of a resource, often that of the page's making."""
EARLIEST, LATEST = "1995-01-01", "2099-12-31"  # htmldate's bounds: fixed, so that no clock enters a result
ANY_DAYS = (datetime(2000, 1, 1), datetime(2001, 2, 2))  # what fills a date's gaps, to see whether it has any
ONE_DAY = timedelta(days=1)  # by which a day written without a zone may differ
SAME_CLOCK = timedelta(minutes=1)  # by which two clock times of one moment may differ
OFFSET_STEP = timedelta(minutes=15)  # offsets from UTC are multiples of it,
FARTHEST = timedelta(hours=14)  # and none is larger
WHOLE = frozenset({"day", "hour", "minute", "second"})
YEAR_FIRST = re.compile(
    r"(?<![\d.])(?P<year>20[0-3]\d|199\d)[/_-]?(?P<month>\d{2}|[a-z]{3})[/_-]?(?P<day>\d{2})(?=[/._-]|\D|$)", re.I
)
FILED = re.compile(r"/(?P<year>20[0-3]\d|199\d)/(?P<month>\d{1,2})/(?P<day>\d{1,2})/")
DAY_FIRST = re.compile(
    r"(?<![\d.])(?P<day>\d{2})(?P<mark>[/_-])(?P<month>\d{2})(?P=mark)(?P<year>20[0-3]\d|199\d)(?!\d)"
)

logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def published_at(
    page: Page, reading: Reading, url: str | None, modified: When | None, title: str | None
) -> When | None:
    """The time of publication: JSON-LD, meta, what stands near the title, a marked element, the address, htmldate."""
    said = [(node.published, "json_ld") for node in page.data.nodes if node.article]
    said += [(value, "meta") for name in PUBLISHED for value in page.metas.get(name, ())]
    said += [(node.published, "json_ld") for node in page.data.nodes if not node.article]
    read = [when for value, source in said if (when := reading.time(value, source))]
    head = next((when for when in read if when.precision in WHOLE), None)
    if head is None:
        return _without_head(page, reading, place_of(page.tree, title), address_date(url), read)
    filed = _filed(url)
    if filed is not None and filed.at.date() < head.at.date() - ONE_DAY:
        return filed
    values = [value for value, _ in said if value]
    head = _settled(_placed(head, values, reading), values)
    rivals = [when for when in read if when.precision in WHOLE and not _near(head, when)]
    in_address = _near(head, address_date(url))
    given_as_changed = modified is not None and modified.at.date() == head.at.date()
    vague = not in_address and head.source == "meta" and _of_any_event(page, head, reading)
    if not rivals and not vague and (not given_as_changed or in_address):
        return head
    shown = shown_dates(place_of(page.tree, title), reading)
    seen = shown.published or shown.bare or shown.boxed
    if vague and seen is not None and not _near(seen, modified) and not _near(head, seen):
        return seen
    head = _confirmed(head, [when for when in rivals if not _near(when, modified)], shown)
    return _older(head, shown) if given_as_changed and not in_address else head


def _without_head(
    page: Page, reading: Reading, place: Place, in_address: When | None, read: Sequence[When]
) -> When | None:
    """The time of publication where the head gives no day: `read` are its months and years."""
    shown = shown_dates(place, reading)
    near = _marked(page, "datepublished", reading) or shown.published or _marked(page, "publish", reading) or shown.bare
    return (
        (near if near is not None and (in_address is None or _near(near, in_address)) else in_address)
        or labelled_date(place, reading)
        or shown.updated
        or only_date(place, reading)
        or next((when for precision in ("month", "year") for when in read if when.precision == precision), None)
        or _by_htmldate(page)
        or worded_date(place, reading)
        or shown.boxed
    )


def modified_at(page: Page, reading: Reading) -> When | None:
    """The time of the last change: JSON-LD, meta, a marked element."""
    said = [(node.modified, "json_ld") for node in page.data.nodes]
    said += [(value, "meta") for name in MODIFIED for value in page.metas.get(name, ())]
    head = next((when for value, source in said if (when := reading.time(value, source))), None)
    return head or _marked(page, "modif", reading)


def written_times(page: Page) -> list[str]:
    """Times as the page's head writes them."""
    said = [value for node in page.data.nodes for value in (node.published, node.modified) if value]
    return said + [value for name in (*PUBLISHED, *MODIFIED) for value in page.metas.get(name, ())]


def address_date(url: str | None) -> When | None:
    """The day in an article's address: `/2021/4/13/`, `/2021-04-13-`, `/2021/apr/13/`, `/20210413`, `/13-04-2021`."""
    path = (url or "").partition("?")[0]
    for match in (*YEAR_FIRST.finditer(path), *FILED.finditer(path), *DAY_FIRST.finditer(path)):
        month = match["month"]
        number = month if month.isdigit() else str(phrases().months.get(month.lower(), 0))
        if when := parse_time(f"{match['year']}-{number}-{match['day']}", "url"):
            return when
    return None


def _filed(url: str | None) -> When | None:
    """The day of the folder that an article's address is filed under: `/2021/04/13/`."""
    match = FILED.search((url or "").partition("?")[0])
    return parse_time("-".join(match.groups()), "url") if match else None


def _placed(when: When, values: Sequence[str], reading: Reading) -> When:
    """The moment of a time written without a zone, where the head gives it with one too: `05:00:14` and `04:00:14Z`."""
    bare = [at for value in values if not OFFSET.search(value) and (at := reading.time(value, when.source))]
    if when.precision not in {"minute", "second"} or when not in bare:
        return when
    zoned = [at for value in values if OFFSET.search(value) and (at := parse_time(value, when.source))]
    for other in zoned:
        apart = abs(other.at - when.at)
        if other.precision == when.precision and apart <= FARTHEST and not apart % OFFSET_STEP:
            return other
    return when


def _settled(when: When, values: Iterable[str]) -> When:
    """The day alone where the head gives one clock time with two offsets, and the day hangs on which is right.

    Systems that keep local times often write them as UTC's: then of `20:05-05:00` and `20:05Z` one is a mistake.
    """
    written = [(clock, at.at) for value in values if (clock := wall_clock(value)) and (at := parse_time(value, ""))]
    clock = next((clock for clock, at in written if at == when.at), None)
    if clock is None:
        return when
    days = {at.date() for other, at in written if abs(other - clock) <= SAME_CLOCK}
    return When(datetime.combine(clock.date(), time.min, UTC), "day", when.source) if len(days) > 1 else when


def _confirmed(head: When, rivals: Sequence[When], shown: Shown) -> When:
    """Of several days that the head gives as that of publication, and not of the last change, the one that is shown."""
    seen = shown.published or shown.bare
    if seen is None or _near(head, seen):
        return head
    return next((when for when in rivals if when.at.date() == seen.at.date()), head)


def _older(head: When, shown: Shown) -> When:
    """The day shown where the head gives its last change as publication, and the page shows an older date alone."""
    if any(_near(head, when) for when in (shown.published, shown.updated, shown.bare, shown.boxed)):
        return head
    older = shown.published or shown.bare
    if older is None or older.at.date() >= head.at.date() - ONE_DAY:
        return head
    other_order = (older.at.year, older.at.day, older.at.month)  # 11/01/2021 is shown, and meant as the head's day
    return head if other_order == (head.at.year, head.at.month, head.at.day) else older


def _of_any_event(page: Page, head: When, reading: Reading) -> bool:
    """Whether only metas that give a date of any kind have the head's day."""
    said = {name: [reading.time(value, "meta") for value in page.metas.get(name, ())] for name in PUBLISHED}
    return all(name in ANY_EVENT for name, read in said.items() if any(when and _near(head, when) for when in read))


def _near(when: When, other: When | None) -> bool:
    return other is not None and abs(other.at.date() - when.at.date()) <= ONE_DAY


def _marked(page: Page, called: str, reading: Reading) -> When | None:
    """The first `<time>` or date element that its class or itemprop says to be that of publication, or of a change.

    Those of comments and answers are not the article's.
    """
    named = [marked for marked in page.times if called in marked.called]
    around = around_headings(page.tree) if named else frozenset[HtmlElement]()
    for marked in named:
        if of_a_reply(marked.element, around):
            continue
        if when := reading.time(marked.value or marked.words, "time_element"):
            return when
    return None


def _by_htmldate(page: Page) -> When | None:
    """The day that htmldate reads from the page's markup.

    Not its extensive search: of the dates that it finds in the text of pages without any other, most are not theirs.
    """
    import htmldate.extractors

    # htmldate lets dateutil fill what a date lacks with today's: "2019 May 10:30" would be the 21st on a 21st
    htmldate.extractors.dateutil_parse = _whole_date
    found = htmldate.find_date(
        page.tree, extensive_search=False, original_date=True, min_date=EARLIEST, max_date=LATEST,
        deferred_url_extractor=True,
    )  # fmt: skip
    return parse_time(found, "text") if found else None


def _whole_date(text: str, *, fuzzy: bool = False) -> datetime:
    """A date that is whole as written; ValueError where year, month or day would be filled in."""
    first, second = (dateutil.parser.parse(text, fuzzy=fuzzy, default=default) for default in ANY_DAYS)
    if first.date() != second.date():
        raise ValueError("not a whole date")
    return first
