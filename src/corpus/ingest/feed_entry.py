"""What one entry of an RSS or Atom feed says, by feedparser.

fastfeedparser is ten times as fast, but on an entry it was seen to invent the day of a date that names none (today's),
to keep one author of several, and to drop what follows an undeclared entity in a title.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin
from xml.sax import SAXException
from xml.sax.saxutils import quoteattr

from corpus.ingest.decoding import paired
from corpus.ingest.feed_scan import Tag
from corpus.ingest.formats import MAX_PEOPLE_BYTES, PEOPLE
from corpus.ingest.mapping import NAMES_SHOWN
from corpus.ingest.media import HTML, PLAIN
from corpus.ingest.record import Fields, Row

if TYPE_CHECKING:
    from feedparser import FeedParserDict

_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:\w+|#\w+);")
_TAGS = re.compile(r"<[^<>]*>")
_TEXT_TYPES = {"text/plain": PLAIN, "text/html": HTML, "application/xhtml+xml": HTML}
_PEOPLE = re.compile(rb"<((?:[\w.-]{1,64}:)?(?:" + "|".join(PEOPLE).encode() + rb"))(?=[\s>])", re.IGNORECASE)
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
_FAULTS = (
    SAXException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What feedparser was seen to raise, or may, on input that is no feed at all."""


class Envelope(NamedTuple):
    """A feed to put one entry into: what comes before and behind it; and what the feed says for all its entries."""

    start: str
    end: str
    site_name: str | None
    language: str | None
    link: str | None = None


def envelope(around: Iterable[Tag], head: str) -> Envelope:
    """The envelope from the tags around an entry, and the facts in `head`, the feed's text before its first entry."""
    start, end = _DECLARATION, ""
    for name, attributes in around:
        kept = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if key.startswith("xml"))
        start, end = f"{start}<{name}{kept}>", f"</{name}>{end}"
    parsed = _parsed(" ".join(head.split()) + end)
    facts = parsed.feed if parsed is not None else {}
    return Envelope(start, end, _plain(facts.get("title")), _string(facts.get("language")), _string(facts.get("link")))


def parse_entry(text: str, around: Envelope) -> Row | None:
    """The entry in `text`, put into its envelope; None where feedparser finds no entry or several in it."""
    feed = _parsed(f"{around.start}{text}{around.end}")
    if feed is None or len(feed.entries) != 1:
        return None
    row = _entry(dict(feed.entries[0]), rss=str(feed.get("version", "")).startswith("rss"))
    url = row.fields.url
    if url is not None and around.link is not None and feed.entries[0].get("links"):  # else it is the entry's id
        url = _joined(around.link, url)
    return row._replace(fields=row.fields._replace(url=url, site_name=around.site_name, language=around.language))


def _joined(base: str, url: str) -> str:
    """A relative address against that of the feed's site, for want of the feed's own."""
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def too_many_people(payload: bytes) -> int | None:
    """The bytes of the longest element that names people, None where all are within the limit."""
    longest = 0
    for found in _PEOPLE.finditer(payload):
        end = payload.find(b"</" + found[1], found.end())
        longest = max(longest, (len(payload) if end < 0 else end) - found.end())
        if longest > MAX_PEOPLE_BYTES:
            return longest
    return None


def _parsed(document: str) -> FeedParserDict | None:
    import feedparser  # a tenth of a second, and most raw folders hold no feed

    data = io.BytesIO(document.encode("utf-8", "replace"))  # bytes alone might be taken for a file's name
    try:
        return feedparser.parse(
            data,
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except _FAULTS:
        return None


def _entry(values: Mapping[str, object], *, rss: bool) -> Row:
    own_id, summary, updated = (_string(values.get(name)) for name in ("id", "summary", "updated"))
    content, content_type = _content(values)
    description = summary if content and summary != content else None
    if not content and summary:
        content, content_type = summary, HTML if _MARKUP.search(summary) else PLAIN
    published = _string(values.get("published")) or (updated if rss else None)  # RSS 1.0 dates an entry by dc:date
    fields = Fields(
        url=_string(values.get("link")),
        title=_plain(values.get("title")),
        authors=_names(values.get("authors"), "name") or _names([{"name": values.get("author")}], "name") or None,
        published_at=published,
        modified_at=updated if updated != published else None,
        description=_plain(description),
        keywords=_names(values.get("tags"), "label", "term") or None,
    )
    return Row(own_id, content, content_type, fields, ", ".join(sorted(values))[:NAMES_SHOWN], "content or description")


def _content(values: Mapping[str, object]) -> tuple[str | None, str | None]:
    """The first content that is text and holds something, and its type; "" where an element for it is there."""
    found = values.get("content")
    for part in found if isinstance(found, list) else []:
        value, kind = part.get("value"), _TEXT_TYPES.get(part.get("type"))
        if isinstance(value, str) and kind and value.strip():
            return paired(value)[0], PLAIN if kind == HTML and not _MARKUP.search(value) else kind
    return ("" if found or "summary" in values else None), None


def _names(items: object, *keys: str) -> list[str]:
    names = []
    for item in items if isinstance(items, list) else []:
        name = next((text for key in keys if (text := _plain(item.get(key)))), None)
        if name and name not in names:
            names.append(name)
    return names


def _plain(value: object) -> str | None:
    """A short text without the markup that feeds put into titles and names."""
    text = _string(value)
    if text is not None and _MARKUP.search(text):
        text = html.unescape(_TAGS.sub("", text))
    return " ".join(text.split()) or None if text is not None else None


def _string(value: object) -> str | None:
    return paired(value.strip())[0] or None if isinstance(value, str) else None
