"""CSV and TSV: one record a row, its payload the JSON of its mapped columns, its bytes those of the row."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corpus.ingest.decoding import decode, wide_encoding
from corpus.ingest.document import by_suffix
from corpus.ingest.faults import Fault
from corpus.ingest.formats import HEAD_BYTES, USUAL_FIELDS
from corpus.ingest.json_values import MAPPED
from corpus.ingest.mapping import Json, Plan
from corpus.ingest.media import CSV, JSON_ROW, TSV
from corpus.ingest.presets import columns_of
from corpus.ingest.record import Head, Record, Task
from corpus.ingest.stream import Stream
from corpus.ingest.table import no_text_column, table_record
from corpus.ingest.wide_lines import wide_lines, without_mark

_BOM = b"\xef\xbb\xbf"
_NAME = re.compile(r"[A-Za-z_][\w .-]{0,63}")
_DELIMITERS = (",", ";", "\t", "|")
_COLUMNS = 2  # that a header has at least, of them one for the text


@dataclass(frozen=True)
class CsvReader:
    """Delimited text with a header (RFC 4180): by its suffix, or by a header with the usual names of columns."""

    suffixes: Mapping[str, str] = field(default_factory=lambda: by_suffix(CSV, TSV))

    def recognise(self, head: Head) -> str | None:
        """A header of which one column is called like a text and another like one more field of an article."""
        names = _header(head.data.removeprefix(_BOM).split(b"\n", 1)[0])[1]
        usual = {name: field_ for field_, usual_ in USUAL_FIELDS.items() for name in usual_}
        found = {usual[name.lower()] for name in names if name.lower() in usual}
        known = len(found) >= _COLUMNS and "text" in found and all(_NAME.fullmatch(name) for name in names)
        return CSV if known else None

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """A record for each row behind the header."""
        yield from _Reading(stream, task).records()


def _header(line: bytes) -> tuple[str, list[str]]:
    """The delimiter that parts a header's names, and the names."""
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    if len(text) > HEAD_BYTES // 4 or "\0" in text:
        return ",", []
    found = []
    for delimiter in _DELIMITERS:
        try:
            names = next(csv.reader([text], delimiter=delimiter), [])
        except csv.Error:
            names = []
        found.append((sum(bool(_NAME.fullmatch(name.strip())) for name in names), delimiter, names))
    _, delimiter, names = max(found, key=lambda one: one[0])
    return delimiter, [name.strip() for name in names]


class _TooLongError(Exception):
    """A row goes on and on: a quote that is never closed."""


class _Lines:
    """The stream's lines as csv wants them, which knows the bytes of the row that is open."""

    def __init__(self, stream: Stream, limit: int, declared: str | None, wide: str | None = None) -> None:
        self._lines = wide_lines(stream, wide, limit) if wide else _byte_lines(stream, limit)
        self._limit, self._declared, self._wide = limit, declared, wide
        self.start = self.end = stream.position  # of the row that is open
        self.digest = hashlib.sha256()
        self.ended = False
        self.broken, self.encoding = 0, "utf-8"  # invalid bytes in the row, and what it is read as

    def begin(self) -> None:
        """A row begins where the last one ended."""
        self.start, self.digest, self.broken, self.encoding = self.end, hashlib.sha256(), 0, "utf-8"

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._take(line)
            if self.end - self.start > self._limit:
                raise _TooLongError
            if self._wide:
                self.encoding = self._wide
                yield line.decode(self._wide, "replace")
                continue
            found = decode(line, self._declared)
            if found is None:
                self.broken += 1
                yield line.decode("utf-8", "replace")
            else:
                self.broken += found.replaced
                self.encoding = self.encoding if found.encoding == "utf-8" else found.encoding
                yield found.text
        self.ended = True

    def pass_row(self) -> None:
        """Pass over one row, undecoded: it ends with the first line behind which all its quotes are closed."""
        quote, quotes = '"'.encode(self._wide or "utf-8"), 0
        for line in self._lines:
            self._take(line)
            quotes += line.count(quote)
            if quotes % 2 == 0 or self.end - self.start > self._limit:
                return

    def pass_over(self) -> None:
        """All that is left belongs to the row that is open."""
        for line in self._lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        self.end += len(line)
        self.digest.update(line)


def _byte_lines(stream: Stream, limit: int) -> Iterator[bytes]:
    """Lines with their line feeds; one that is too long comes in pieces."""
    held = list[bytes]()
    size = 0
    while chunk := stream.read(HEAD_BYTES):
        lines = chunk.split(b"\n")
        for line in lines[:-1]:
            yield b"".join([*held, line, b"\n"])
            held, size = [], 0
        held.append(lines[-1])
        size += len(lines[-1])
        if size > limit:
            yield b"".join(held)
            held, size = [], 0
    if last := b"".join(held):
        yield last


class _Reading:
    """One file while it is read."""

    def __init__(self, stream: Stream, task: Task) -> None:
        self.stream, self.task, self.limit = stream, task, task.settings.max_record_bytes
        self.head = stream.peek(HEAD_BYTES)
        wide = wide_encoding(self.head)
        if wide:
            self.head = self.head.decode(wide, "replace").removeprefix("\ufeff").encode("utf-8", "replace")
            without_mark(stream, wide)
        elif self.head.startswith(_BOM):
            stream.read(len(_BOM))
        self.lines = _Lines(stream, self.limit, _declared(self.head), wide)

    def records(self) -> Iterator[Record]:
        delimiter = _header(self.head.removeprefix(_BOM).split(b"\n", 1)[0])[0]
        csv.field_size_limit(self.limit + 1)
        rows = csv.reader(self.lines, delimiter="\t" if self.task.media_type == TSV else delimiter)
        try:
            columns = [name.strip() for name in next(rows, [])]
        except (csv.Error, _TooLongError):
            columns = []
        plan, wanted = columns_of(self.task.source, columns)
        if not any(name.split(".", 1)[0] in wanted for name in plan.text):
            yield self._rest(no_text_column(columns, plan))
            return
        told = False
        places = [(columns.index(name), name) for name in wanted]
        for record in self._rows(rows, len(columns), places, plan):
            told = True
            yield record
        if self.stream.fault is not None:
            yield Record(None, None, None, self.task.media_type, fault=self.stream.fault)
        elif not told:
            yield Record(None, None, None, self.task.media_type, fault=Fault("empty_file", "0 rows", "1 row"))

    def _rows(
        self, rows: Iterator[list[str]], width: int, places: list[tuple[int, str]], plan: Plan
    ) -> Iterator[Record]:
        while True:
            self.lines.begin()
            if (lost := self.task.begin()) is not None:
                self.lines.pass_row()
                if self.lines.end == self.lines.start:
                    return
                yield self._open(lost)
                continue
            try:
                row = next(rows, None)
            except _TooLongError:
                yield self._rest(Fault("oversized_record", f"more than {self.limit}", f"{self.limit} bytes"))
                return
            except csv.Error as error:
                yield self._open(Fault("malformed_line", str(error)[:100], "a row of CSV"))
                continue
            if row is None:
                return
            if self.lines.ended and self.stream.fault is None:  # csv asks for one more line inside quotes alone
                yield self._open(Fault("malformed_line", "a quote that is never closed", "a row of CSV"))
                return
            if any(cell.strip() for cell in row):
                values: dict[str, Json] = {name: row[at] if at < len(row) else None for at, name in places}
                record = table_record(values, plan, self.lines.start, self.lines.end, self.limit)
                yield record._replace(detail=self._notes(len(row), width))

    def _open(self, fault: Fault) -> Record:
        """The row that is open, as it was read so far."""
        start, end, digest = self.lines.start, self.lines.end, self.lines.digest.hexdigest()
        return Record(start, end, digest, JSON_ROW, fault=fault, structured=MAPPED)

    def _notes(self, cells: int, width: int) -> str | None:
        notes = [] if cells == width else [f"{cells} cells in a row of {width} columns"]
        if self.lines.encoding != "utf-8":
            notes.append(f"read as {self.lines.encoding}")
        if self.lines.broken:
            notes.append(f"{self.lines.broken} invalid bytes replaced by U+FFFD")
        return "; ".join(notes) or None

    def _rest(self, fault: Fault) -> Record:
        """All from the open row on."""
        self.lines.pass_over()
        start, end, digest = self.lines.start, self.lines.end, self.lines.digest.hexdigest()
        return Record(start, end, digest, self.task.media_type, fault=self.stream.fault or fault)


def _declared(head: bytes) -> str | None:
    """The encoding that the head of a file seems to be in where it is not UTF-8: single rows are too short to tell."""
    found = decode(head)
    return None if found is None or found.encoding == "utf-8" else found.encoding
