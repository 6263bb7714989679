"""RSS and Atom feeds: one record an entry, its payload the entry's own bytes in the feed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corpus.ingest.decoding import decode, wide_encoding
from corpus.ingest.faults import Fault
from corpus.ingest.feed_entry import Envelope, envelope, parse_entry, too_many_people
from corpus.ingest.feed_scan import TAG_BYTES, BrokenXmlError, Scanner, Span, TagScanner, XmlScanner
from corpus.ingest.formats import FEEDS, HEAD_BYTES, MAX_PEOPLE_BYTES
from corpus.ingest.markup import opening
from corpus.ingest.origin import CHUNK
from corpus.ingest.record import Digest, Head, Record, Task, rest, structured
from corpus.ingest.stream import Stream
from corpus.ingest.wide_units import narrowed, width_of

FEED = "feed"
_DECLARED = re.compile(rb"<\?xml[^>]{0,256}\sencoding\s*=\s*[\"']([\w.:-]+)")
_WELL_FORMED = "well-formed XML"
_ENDLESS = "an entry without end"
_NO_ENTRY = Fault("empty_file", "0 entries", "1 entry")


@dataclass(frozen=True)
class FeedReader:
    """RSS 0.9 to 2.0, RDF and Atom: known by their root element, whatever the file is called."""

    suffixes: Mapping[str, str] = field(default_factory=dict)

    def recognise(self, head: Head) -> str | None:
        """The kind of feed that the root element names."""
        first = opening(head.data)
        return None if first.element is None or first.doctype == "html" else FEEDS.get(first.element)

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """A record for each entry."""
        yield from _Reading(stream, task).records()


class _Reading:
    """One feed while it is read: the bytes that an entry may still need, and the scanner that finds its ends."""

    def __init__(self, stream: Stream, task: Task) -> None:
        self.stream, self.task = stream, task
        self.media_type, self.limit = task.media_type, task.settings.max_record_bytes
        head = self.head = stream.peek(HEAD_BYTES)
        self.wide = wide_encoding(head)
        self.width = width_of(self.wide)
        declared = _DECLARED.search(head)
        self.charset = declared[1].decode("ascii").lower() if declared and not self.wide else self.wide
        mark = "\ufeff".encode(self.wide or "utf-8")
        units = narrowed(head.removeprefix(mark), self.wide)
        lead = head[: head.startswith(mark) * len(mark) + (len(units) - len(units.lstrip())) * self.width]
        stream.read(len(lead))
        self.xml = XmlScanner(len(lead) // self.width)
        self.scanner: Scanner = self.xml
        self.held, self.base = b"", len(lead)
        self.dropped = hashlib.sha256()  # of the bytes of an open entry that are no longer held, as it is too long
        self.all = hashlib.sha256(lead)
        self.broken: str | None = None
        self.count = self.last_end = 0
        self.around: Envelope | None = None

    def records(self) -> Iterator[Record]:
        more = True
        while more:
            chunk = self.stream.read()
            more = bool(chunk)
            self.held += chunk
            for span in self._spans(chunk):
                self.count += 1
                self.last_end = span.end
                yield self._record(span)
            if self._let_go():
                yield self._rest(Fault("oversized_record", f"more than {self.limit}", f"{self.limit} bytes"))
                return
        if self.stream.fault is not None or self.opened is not None:
            yield self._rest(Fault("malformed_feed", self.broken or _ENDLESS, _WELL_FORMED))
        elif self.count == 0:
            fault = Fault("malformed_feed", self.broken, _WELL_FORMED) if self.broken else _NO_ENTRY
            yield Record(0, self.stream.position, self.all.hexdigest(), self.media_type, fault=fault)

    def _spans(self, chunk: bytes) -> Iterator[Span]:
        self.all.update(chunk)
        try:
            yield from self._in_bytes(self.scanner.feed(narrowed(chunk, self.wide)))
        except BrokenXmlError as error:
            self.broken = str(error)
            yield from self._in_bytes(error.spans)
            yield from self._by_tags()

    def _in_bytes(self, spans: list[Span]) -> list[Span]:
        width = self.width
        return [Span(span.start * width, span.end * width, span.closed) for span in spans] if width > 1 else spans

    @property
    def opened(self) -> int | None:
        """Where the entry begins that is not yet closed, in bytes."""
        return None if self.scanner.opened is None else self.scanner.opened * self.width

    def _by_tags(self) -> Iterator[Span]:
        """Go on by tags alone, from the entry that is open or the end of the last one."""
        opened = self.opened
        start = max(self.base, self.last_end if opened is None else opened)
        before = opened // self.width if opened is not None and opened < start else None
        self.scanner = TagScanner(start // self.width, before)
        yield from self._in_bytes(self.scanner.feed(narrowed(self.held[start - self.base :], self.wide)))

    def _let_go(self) -> bool:
        """Forget the bytes that no entry needs; True where something that is no entry is too long to go on."""
        opened, end = self.opened, self.base + len(self.held)
        if opened is None:
            self._forget(self.scanner.needed * self.width)
            return len(self.held) > self.limit + CHUNK
        if opened >= self.base:
            self._forget(opened)
            self.dropped = hashlib.sha256()
        if end - opened > self.limit and len(self.held) > TAG_BYTES:
            self.dropped.update(self.held[:-TAG_BYTES])
            self._forget(end - TAG_BYTES)
        return False

    def _forget(self, until: int) -> None:
        self.held, self.base = self.held[max(until - self.base, 0) :], max(until, self.base)

    def _rest(self, fault: Fault) -> Record:
        """All from the open entry on, or from where no entry was found any more."""
        start = self.base if self.opened is None else self.opened
        return rest(self.stream, start, self._digest(start, self.base + len(self.held)), fault, self.media_type)

    def _digest(self, start: int, end: int) -> Digest:
        digest = self.dropped.copy() if start < self.base else hashlib.sha256()
        digest.update(self.held[max(start - self.base, 0) : end - self.base])
        return digest

    def _record(self, span: Span) -> Record:
        sha256, length = self._digest(span.start, span.end).hexdigest(), span.end - span.start
        place = (span.start, span.end, sha256, self.media_type)
        if not span.closed:
            return Record(*place, fault=Fault("malformed_feed", _ENDLESS, _WELL_FORMED), structured=FEED)
        if length > self.limit:
            fault = Fault("oversized_record", str(length), f"{self.limit} bytes")
            return Record(*place, fault=fault, structured=FEED)
        payload = self.held[span.start - self.base : span.end - self.base]
        if (lost := self.task.begin(span.start)) is not None:
            return Record(*place, fault=lost, structured=FEED)
        if (people := too_many_people(narrowed(payload, self.wide))) is not None:
            fault = Fault("oversized_field", str(people), f"{MAX_PEOPLE_BYTES} bytes")
            return Record(*place, fault=fault, structured=FEED)
        text, notes = self._text(payload)
        if self.around is None:
            self.around = envelope(self.xml.around, self._text(self.head[: span.start])[0])
        row = parse_entry(text, self.around)
        if row is None:
            fault = Fault("malformed_feed", "no entry that can be read", _WELL_FORMED)
            return Record(*place, fault=fault, structured=FEED)
        if self.scanner is not self.xml:
            notes = [*notes, f"cut out by its tags, for the feed is no well-formed XML: {self.broken}"]
        return structured(place, payload, row, origin=FEED, detail="; ".join(notes) or None, charset=self.charset)

    def _text(self, payload: bytes) -> tuple[str, list[str]]:
        if self.wide:
            return payload.decode(self.wide, "replace").removeprefix("\ufeff"), []
        decoded = decode(payload, self.charset)
        if decoded is None:
            return payload.decode("utf-8", "replace"), ["bytes in no known encoding replaced by U+FFFD"]
        replaced = [f"{decoded.replaced} invalid bytes replaced by U+FFFD"] if decoded.replaced else []
        return decoded.text, replaced
