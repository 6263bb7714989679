"""JSON Lines: one record a line, split on line feeds, in memory bounded by the longest line that is allowed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

from corpus.ingest.decoding import wide_encoding
from corpus.ingest.document import by_suffix
from corpus.ingest.faults import Fault
from corpus.ingest.formats import HEAD_BYTES
from corpus.ingest.json_values import MAPPED, json_record, wide_json_record
from corpus.ingest.media import JSON_LINES, JSON_ROW
from corpus.ingest.record import Head, Record, Task, rest
from corpus.ingest.stream import Stream
from corpus.ingest.wide_lines import wide_lines, without_mark

_BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line without its end: where its payload is in the decompressed file, and its bytes.

    Of a line over `ingest.max_record_bytes` there is only the digest; `fault` is set where the line is not whole.
    """

    start: int
    end: int
    data: bytes | None
    sha256: str
    fault: Fault | None = None


@dataclass(frozen=True)
class JsonlReader:
    """Rows of JSON objects: a file so named, or whose first two lines (or only one) are whole objects."""

    suffixes: Mapping[str, str] = field(default_factory=lambda: by_suffix(JSON_LINES))

    def recognise(self, head: Head) -> str | None:
        """JSON Lines, where the first two lines (or the only one) are whole objects."""
        if not head.data.removeprefix(_BOM).lstrip().startswith(b"{"):
            return None
        lines = head.data.removeprefix(_BOM).split(b"\n")
        if not head.whole:
            lines.pop()
        first = [line for line in lines if line.strip()][:2]
        return JSON_LINES if (len(first) == 2 or head.whole) and first and all(map(_is_object, first)) else None

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """A record for each line that is not blank."""
        if (encoding := wide_encoding(stream.peek(HEAD_BYTES))) is not None:
            yield from _wide(stream, encoding, task)
            return
        if (blank := _past_blanks(stream)) is not None:
            fault = stream.fault or Fault("empty_file", "0 lines", "1 line")
            yield Record(0, stream.position, blank, task.media_type, fault=fault)
            return
        fault_told = False
        for line in lines_of(stream, task.settings.max_record_bytes):
            fault_told = line.fault is not None and line.fault is stream.fault
            if line.fault is not None or line.data is None:
                yield Record(line.start, line.end, line.sha256, JSON_ROW, fault=line.fault, structured=MAPPED)
            elif (lost := task.begin(line.start)) is not None:
                yield Record(line.start, line.end, line.sha256, JSON_ROW, fault=lost, structured=MAPPED)
            else:
                yield json_record((line.start, line.end, line.sha256, JSON_ROW), line.data, task.source)
        if stream.fault is not None and not fault_told:
            yield rest(stream, stream.position, hashlib.sha256(), stream.fault, JSON_ROW)


def _wide(stream: Stream, encoding: str, task: Task) -> Iterator[Record]:
    """The records of a file in UTF-16 or UTF-32, each payload in its own bytes."""
    limit, told = task.settings.max_record_bytes, False
    without_mark(stream, encoding)
    start = stream.position
    for line in wide_lines(stream, encoding, limit):
        text = line.decode(encoding, "replace")
        data = line[: len(text.rstrip("\r\n").encode(encoding, "surrogatepass"))]
        place = (start, start + len(data), hashlib.sha256(data).hexdigest(), JSON_ROW)
        start += len(line)
        if len(data) > limit:
            fault = Fault("oversized_record", f"more than {limit}", f"{limit} bytes")
            yield rest(stream, place[0], hashlib.sha256(line), fault, JSON_ROW)
            return
        if not text.strip():
            continue
        told = True
        if (lost := task.begin(place[0])) is not None:
            yield Record(*place, fault=lost, structured=MAPPED)
        else:
            yield wide_json_record(place, data, encoding, task.source)
    if stream.fault is not None or not told:
        fault = stream.fault or Fault("empty_file", "0 lines", "1 line")
        yield Record(None, None, None, task.media_type, fault=fault)


def _past_blanks(stream: Stream) -> str | None:
    """Pass over the byte order mark and blank blocks; the digest of all that, where there is nothing else."""
    digest = hashlib.sha256()
    if stream.peek(len(_BOM)) == _BOM:
        digest.update(stream.read(len(_BOM)))
    while (block := stream.peek(HEAD_BYTES)).isspace():
        digest.update(stream.read(len(block)))
    return None if block else digest.hexdigest()


def lines_of(stream: Stream, limit: int) -> Iterator[Line]:
    """The rest of the stream's lines that are not blank, without their line feed and the carriage return before it."""
    start, held = stream.position, list[bytes]()
    chunk = stream.read()
    while chunk:
        *whole_lines, last = chunk.split(b"\n")
        if whole_lines:
            whole_lines[0] = b"".join([*held, whole_lines[0]])
            held = []
        held.append(last)
        for data in whole_lines:
            if line := _line(start, data, limit):
                yield line
            start += len(data) + 1
        chunk = b""
        if stream.position - start > limit + len(b"\r"):
            line, start, chunk = _oversized(stream, start, b"".join(held), limit)
            held = []
            if line:
                yield line
        chunk = chunk or stream.read()
    if line := _line(start, b"".join(held), limit):
        yield line if stream.fault is None else line._replace(data=None, fault=stream.fault)


def _line(start: int, data: bytes, limit: int) -> Line | None:
    if data.endswith(b"\r"):
        data = data[:-1]
    if not data or data.isspace():
        return None
    end, digest = start + len(data), hashlib.sha256(data).hexdigest()
    if len(data) > limit:
        return Line(start, end, None, digest, _too_long(len(data), limit))
    return Line(start, end, data, digest)


def _too_long(length: int, limit: int) -> Fault:
    return Fault("oversized_record", str(length), f"{limit} bytes")


def _oversized(stream: Stream, start: int, piece: bytes, limit: int) -> tuple[Line | None, int, bytes]:
    """Pass over a line that is too long, keeping its digest; then where the next one starts, and its first bytes."""
    digest, end, waiting, ended, after, blank = hashlib.sha256(), start, b"", b"", b"", True
    while piece and not ended:
        body, ended, after = piece.partition(b"\n")
        body = waiting + body
        waiting = b"\r" if body.endswith(b"\r") else b""  # perhaps of the line's end
        body = body.removesuffix(waiting)
        blank = blank and not body.strip()
        digest.update(body)
        end += len(body)
        piece = b"" if ended else stream.read()
    fault = stream.fault if stream.fault is not None and not ended else _too_long(end - start, limit)
    line = None if blank else Line(start, end, None, digest.hexdigest(), fault)
    return line, end + len(waiting) + len(ended), after


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False
