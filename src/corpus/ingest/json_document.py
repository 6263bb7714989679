"""JSON files that are no JSON Lines: one object, an array of objects, a JSON Feed, arrays under keys."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import orjson

from corpus.ingest.decoding import wide_encoding
from corpus.ingest.document import by_suffix
from corpus.ingest.faults import Fault
from corpus.ingest.formats import HEAD_BYTES
from corpus.ingest.json_scan import ANY_KEY, RowScanner, Span
from corpus.ingest.json_values import MAPPED, json_record, wide_json_record
from corpus.ingest.media import JSON, JSON_FEED, JSON_LINES, JSON_ROW
from corpus.ingest.origin import CHUNK
from corpus.ingest.presets import names_of_text
from corpus.ingest.record import Head, Record, Task, rest
from corpus.ingest.stream import Stream
from corpus.ingest.wide_units import narrowed, width_of
from corpus.sections import Source

FEED = "feed"
_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_KEY = rb'"(?:[^"\\]|\\.){0,1000}+"\s*+:\s*+'
_OBJECT = re.compile(rb"\s*+\{\s*+(?:\}|" + _KEY + rb")", re.DOTALL)
_ARRAY = re.compile(rb"\s*+\[\s*+[\[{\]]")
_ARRAYS = re.compile(rb"\s*+\{\s*+" + _KEY + rb"\[\s*+(?:\{|\])", re.DOTALL)
_JSON_FEED = re.compile(rb'"version"\s*+:\s*+"https?:(?:\\?/){2}jsonfeed\.org(?:\\?/)version')
_TOKEN = re.compile(
    rb'[\[\]{}]|"((?:[^"\\]++|\\.)*+)(?:"|\\?\Z)(\s*+:\s*+(?="))?', re.DOTALL
)  # a bracket; a string (one without end goes on to the end), as a key of one
_FACT = re.compile(rb'"(title|language)"\s*+:\s*+("(?:[^"\\]|\\.){0,2000}+")', re.DOTALL)


@dataclass(frozen=True)
class JsonReader:
    """A JSON document: its rows are the objects at `[[source]] records`, of a JSON Feed its items, of an array its
    elements, of an object whose first value is an array of objects those of all such arrays, else the object itself."""

    suffixes: Mapping[str, str] = field(default_factory=lambda: by_suffix(JSON))

    def recognise(self, head: Head) -> str | None:
        """JSON that is not one object a line."""
        data = head.data.removeprefix(_BOM)
        by_line = head.suffix in by_suffix(JSON_LINES)
        lines = [line for line in data.split(b"\n") if line.strip()][:2]
        alone = bool(lines) and _is_json(lines[0])
        if _ARRAY.match(data) and not (by_line and alone):
            return JSON if not head.whole or head.suffix in self.suffixes or _is_json(data) else None
        if not _OBJECT.match(data):
            return None
        if _JSON_FEED.search(data):
            return JSON_FEED
        if alone:
            return JSON if len(lines) == 1 and head.whole and not by_line else None
        if not head.whole or head.suffix in self.suffixes:
            return JSON if head.suffix in self.suffixes or len(lines) > 1 or not head.whole else None
        return JSON if _is_json(data) else None

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """A record for each row."""
        yield from _Reading(stream, task).records()


class _Reading:
    """One document while it is read: the bytes that an open row may still need."""

    def __init__(self, stream: Stream, task: Task) -> None:
        self.stream, self.task, self.limit = stream, task, task.settings.max_record_bytes
        head = stream.peek(HEAD_BYTES)
        self.wide = wide_encoding(head)
        self.width = width_of(self.wide)
        mark = "\ufeff".encode(self.wide or "utf-8")
        lead = len(head) - len(head.removeprefix(mark))
        if self.wide:
            head = head.decode(self.wide, "replace").encode()
        self.all = hashlib.sha256(stream.read(lead))
        self.scanner = RowScanner(_narrowed(path_of(head, task.source), self.wide), lead // self.width)
        self.held, self.base = b"", lead
        self.dropped, self.dropped_from = hashlib.sha256(), -1
        self.feed = _feed_facts(head) if _JSON_FEED.search(head) else None
        feed = self.feed is not None and task.source.preset is None
        self.source = task.source.model_copy(update={"preset": "json-feed"}) if feed else task.source
        self.told = False

    def records(self) -> Iterator[Record]:
        while chunk := self.stream.read():
            self.all.update(chunk)
            self.held += chunk
            for span in self.scanner.feed(narrowed(chunk, self.wide)):
                yield self._record(self._in_bytes(span))
            self._let_go()
        opened = self.scanner.end()
        last = opened and self._in_bytes(opened)
        if self.stream.fault is not None or (last is not None and not last.closed):
            start = self.base + len(self.held) if last is None else last.start
            fault = Fault("malformed_line", "a row without end", "a JSON object")
            yield rest(self.stream, start, self._digest(start, self.base + len(self.held)), fault, JSON_ROW)
        elif last is not None:
            yield self._record(last)
        elif not self.told:
            end, fault = self.stream.position, Fault("empty_file", "0 rows", "1 row")
            yield Record(0, end, self.all.hexdigest(), self.task.media_type, fault=fault)

    def _in_bytes(self, span: Span) -> Span:
        return span._replace(start=span.start * self.width, end=span.end * self.width)

    def _record(self, span: Span) -> Record:
        self.told = True
        if span.end - span.start > self.limit or span.start < self.base:
            fault = Fault("oversized_record", str(span.end - span.start), f"{self.limit} bytes")
            return Record(span.start, span.end, self._digest(span.start, span.end).hexdigest(), JSON_ROW, fault=fault)
        data = self.held[span.start - self.base : span.end - self.base]
        data = data[: len(narrowed(data, self.wide).rstrip(_SPACE)) * self.width]
        place = (span.start, span.start + len(data), hashlib.sha256(data).hexdigest(), JSON_ROW)
        if (lost := self.task.begin(span.start)) is not None:
            return Record(*place, fault=lost, structured=MAPPED)
        if self.wide:
            record = wide_json_record(place, data, self.wide, self.source)
        else:
            record = json_record(place, data, self.source)
        if self.feed is None or record.fields is None:
            return record
        said = record.fields
        fields = said._replace(
            site_name=said.site_name or self.feed.get("site_name"), language=said.language or self.feed.get("language")
        )
        return record._replace(structured=FEED, fields=fields)

    def _let_go(self) -> None:
        row, end = self.scanner.opened, self.base + len(self.held)
        if row is None:
            self.held, self.base = b"", end
            return
        opened = row * self.width
        if opened >= self.base:
            self.held, self.base = self.held[opened - self.base :], opened
            self.dropped, self.dropped_from = hashlib.sha256(), opened
        if end - opened > self.limit + CHUNK:
            self.dropped.update(self.held)
            self.held, self.base = b"", end

    def _digest(self, start: int, end: int) -> hashlib._Hash:
        digest = self.dropped.copy() if start < self.base else hashlib.sha256()
        digest.update(self.held[max(start - self.base, 0) : end - self.base])
        return digest


def path_of(head: bytes, source: Source) -> tuple[str, ...] | None:
    """Where the rows are: the keys that lead to their array, () for the document itself, None where it is the row."""
    if source.records is not None:
        return tuple(name for name in source.records.split(".") if name)
    data = head.removeprefix(_BOM)
    if data.lstrip(_SPACE).startswith(b"["):
        return ()
    if _JSON_FEED.search(data):
        return ("items",)
    return (ANY_KEY,) if _ARRAYS.match(data) and not _has_text(data, source) else None


def _narrowed(path: tuple[str, ...] | None, wide: str | None) -> tuple[str, ...] | None:
    """The keys as the scanner sees them in a file of this encoding."""
    if path is None or wide is None:
        return path
    return tuple(narrowed(name.encode(wide), wide).decode("utf-8", "replace") for name in path)


def _has_text(data: bytes, source: Source) -> bool:
    """Whether the object that begins here has a text of its own, so that it is a row, whatever lists it begins with."""
    names = {name.encode() for name in names_of_text(source)}
    depth = 0
    for match in _TOKEN.finditer(data):
        token = match[0]
        if token in b"{[":
            depth += 1
        elif token in b"}]":
            depth -= 1
        elif depth == 1 and match[1] in names and match[2]:
            return True
    return False


def _feed_facts(head: bytes) -> dict[str, str]:
    """What a JSON Feed says of itself before its items."""
    names = {b"title": "site_name", b"language": "language"}
    facts: dict[str, str] = {}
    for name, value in _FACT.findall(head.split(b'"items"', 1)[0]):
        if _is_json(value):
            facts.setdefault(names[name], str(orjson.loads(value)))
    return facts


def _is_json(data: bytes) -> bool:
    try:
        return isinstance(orjson.loads(data), dict | list | str)
    except orjson.JSONDecodeError:
        return False
