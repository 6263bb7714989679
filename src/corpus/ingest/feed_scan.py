"""Where the entries of a feed begin and end, in its bytes: by expat's events, or by tags alone where XML is broken."""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol
from xml.parsers import expat

from corpus.ingest.formats import ENTRIES, FEEDS

_PARENTS = frozenset({*FEEDS, "channel"})
TAG_BYTES = 1 << 16  # a tag that is longer than this is not an entry's


_BYTES = "iso-8859-1"

Tag = tuple[str, dict[str, str]]
"""A start tag: its name and attributes."""


class Span(NamedTuple):
    """The bytes of an entry, from its start tag through its end tag; `closed`: it has one."""

    start: int
    end: int
    closed: bool


class Scanner(Protocol):
    """Finds entries in a feed that comes in pieces."""

    @property
    def needed(self) -> int:
        """The position from which bytes may still belong to an entry that is not yet given."""

    @property
    def opened(self) -> int | None:
        """Where the entry begins that is not yet closed."""

    def feed(self, data: bytes) -> list[Span]:
        """Take the next bytes; the entries that end in them."""


class BrokenXmlError(Exception):
    """The feed is not well-formed XML; `spans` are the entries that ended in this piece before the fault."""

    def __init__(self, message: str, spans: list[Span]) -> None:
        super().__init__(message)
        self.spans = spans


class XmlScanner:
    """Entries by expat's events.

    Single bytes stand for characters here, as in Latin-1, since only places are looked for: so a character that is
    broken, or in an encoding that expat does not know, spoils nothing. No encoding of feeds has `<` or `>` inside a
    character; UTF-16 and UTF-32 come as one byte a unit (see `wide_units`).
    """

    def __init__(self, start: int) -> None:
        self.opened: int | None = None
        self._start = self._next = start
        self._spans: list[Span] = []
        self._open: list[Tag] = []
        self._around: list[Tag] = []
        self._depth = 0
        self._data = b""
        self._parser = expat.ParserCreate(_BYTES)
        self._parser.UseForeignDTD(True)  # an entity that nothing declares (&nbsp;) is passed over
        if hasattr(self._parser, "SetReparseDeferralEnabled"):  # expat 2.6: an event comes with the bytes that end it
            self._parser.SetReparseDeferralEnabled(False)
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end

    @property
    def around(self) -> list[Tag]:
        """The start tags around the first entry; before there is one, those that may be around it."""
        tags = self._around or [tag for tag in self._open if local_name(tag[0]) in _PARENTS]
        return [(self._text(name), {key: self._text(value) for key, value in held.items()}) for name, held in tags]

    def _text(self, name: str) -> str:
        return name.encode(_BYTES).decode("utf-8", "replace")

    @property
    def needed(self) -> int:
        """See Scanner."""
        if self.opened is not None:
            return self.opened
        return self._start + max(self._parser.CurrentByteIndex, 0)

    def feed(self, data: bytes) -> list[Span]:
        """The entries that end in `data` (b"": there is no more); raises BrokenXmlError."""
        self._data = data
        try:
            self._parser.Parse(data, not data)
        except (expat.ExpatError, ValueError) as error:
            # without expat's line and column: an entry must not change with the place of its feed's fault
            raise BrokenXmlError(str(error).partition(":")[0], self._taken()) from error
        self._next += len(data)
        return self._taken()

    def _taken(self) -> list[Span]:
        spans, self._spans = self._spans, []
        return spans

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        parent = local_name(self._open[-1][0]) if self._open else ""
        if self.opened is None and parent in _PARENTS and local_name(name) in ENTRIES:
            self.opened, self._depth = self._start + self._parser.CurrentByteIndex, len(self._open)
            self._around = self._around or list(self._open)
        self._open.append((name, attributes))

    def _end(self, name: str) -> None:
        self._open.pop()
        if self.opened is not None and len(self._open) == self._depth:
            end = self._tag_end(self._start + self._parser.CurrentByteIndex, name)
            self._spans.append(Span(self.opened, end, closed=True))
            self.opened = None

    def _tag_end(self, index: int, name: str) -> int:
        """Where the tag at `index` ends: an end tag with its `>`, while an empty element's event comes behind it."""
        place = index - self._next
        if place >= 0 and not self._data.startswith(f"</{name}".encode(_BYTES), place):
            return index
        return self._next + self._data.find(b">", max(place, 0)) + 1


class TagScanner:
    """Entries by their tags alone, for a feed that is not well-formed: the next one ends one that is not closed."""

    _TAGS = re.compile(
        rb"<(/?)(?:[\w.-]+:)?(?:" + b"|".join(sorted(name.encode() for name in ENTRIES)) + rb")(?:\s[^<>]*)?>"
    )

    def __init__(self, start: int, opened: int | None = None) -> None:
        self.opened = opened
        self._next = start
        self._held = b""

    @property
    def needed(self) -> int:
        """See Scanner."""
        return self._next - len(self._held) if self.opened is None else self.opened

    def feed(self, data: bytes) -> list[Span]:
        """The entries that end in `data`, or are cut off by another one that begins there."""
        data, first = self._held + data, self._next - len(self._held)
        spans, seen = [], 0
        for tag in self._TAGS.finditer(data):
            seen = tag.end()
            if self.opened is not None:
                closed = bool(tag[1])
                spans.append(Span(self.opened, first + (tag.end() if closed else tag.start()), closed))
            self.opened = None if tag[1] else first + tag.start()
        self._next = first + len(data)
        last = data.rfind(b"<", max(seen, len(data) - TAG_BYTES))
        self._held = data[last:] if last >= 0 and data.find(b">", last) < 0 else b""
        return spans


def local_name(name: str) -> str:
    """An element's name in lower case, without its prefix."""
    return name.rpartition(":")[2].lower()
