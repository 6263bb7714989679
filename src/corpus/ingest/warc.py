"""WARC files (ISO 28500): one record a response, its payload the body out of its HTTP codings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus.ingest.faults import Fault
from corpus.ingest.formats import HTTP_STATUSES, WARC_FATED, WARC_READ
from corpus.ingest.http import BLANK_LINE, Headers, decoded_body, parse_headers
from corpus.ingest.media import WARC
from corpus.ingest.origin import CHUNK
from corpus.ingest.record import Fields, Head, Record, Task
from corpus.ingest.sniffing import document_type
from corpus.ingest.stream import Stream

HTTP = "http"
_VERSIONS = ["WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17"]
_NEXT = re.compile(rb"(?<=\n)(?=WARC/[01]\.\d)")
_NEXT_BEHIND_BLANK = re.compile(rb"(?<=\n)\r?\n(?=WARC/[01]\.\d)")
_OVERLAP = 16  # bytes in which the beginning of a record can be told
_START = re.compile(rb"WARC/[01]\.\d")
_BETWEEN = b"\r\n"
_BLANK = (b"\r\n\r\n", b"\n\n")
_LENGTH = re.compile(r"\d{1,18}")
_PEEK = 8192  # bytes in which most headers end
_MALFORMED = "a WARC record"


class _Block(NamedTuple):
    """A record's header, and where its block begins and ends in the decompressed file."""

    headers: Headers
    start: int
    end: int

    def get(self, name: str) -> str:
        """A header's value, "" where there is none."""
        return self.headers.values.get(name, "")


@dataclass(frozen=True)
class WarcReader:
    """WARC 0.17 to 1.1, compressed by record or as a whole: responses, and what else carries content of its own."""

    suffixes: Mapping[str, str] = field(default_factory=dict)

    def recognise(self, head: Head) -> str | None:
        """A WARC, by the version in its first line."""
        return WARC if _START.match(head.raw.lstrip(_BETWEEN)) else None

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """A record for each response, resource, conversion and revisit; one for each stretch that is no WARC."""
        limit, told = task.settings.max_header_bytes, False
        while True:
            while (lead := stream.peek(_PEEK)) and not lead.strip(_BETWEEN):
                stream.read(len(lead))
            if not lead:
                break
            stream.read(len(lead) - len(lead.lstrip(_BETWEEN)))
            start = stream.position
            if (lost := task.begin()) is not None:
                yield _gap(stream, start, _NEXT)._replace(fault=lost)
                continue
            head = _until_blank(stream, limit)
            block = _block(stream, head)
            record = (
                _gap(stream, start, _NEXT if head else _NEXT_BEHIND_BLANK)
                if block is None
                else _record(block, stream, task)
            )
            if record is not None:
                told = record.fault is not None and record.fault is stream.fault
                yield record
        if stream.fault is not None and not told:
            yield Record(None, None, None, WARC, fault=stream.fault)


def _block(stream: Stream, head: bytes) -> _Block | None:
    """The record whose header is `head`, which is passed over; None where that is no such header."""
    headers = parse_headers(head, _VERSIONS) if _START.match(head) else None
    if headers is None or not _LENGTH.fullmatch(headers.values.get("content-length", "")):
        return None
    stream.read(len(head))
    return _Block(headers, stream.position, stream.position + int(headers.values["content-length"]))


def _until_blank(stream: Stream, limit: int) -> bytes:
    """The bytes up to the first blank line and with it, b"" where there is none within the limit."""
    head = stream.peek(min(_PEEK, limit))
    found = BLANK_LINE.search(head)
    if found is None and len(head) < limit:
        head = stream.peek(limit)
        found = BLANK_LINE.search(head)
    return head[: found.end()] if found else b""


def _gap(stream: Stream, start: int, following: re.Pattern[bytes]) -> Record:
    """All from here to where the next record seems to begin, as one record with a fault.

    Where no blank line is within a header's limit, no header can end before one: then only what follows one counts.
    """
    digest = hashlib.sha256()
    last = stream.read(1)
    while True:
        digest.update(last)
        ahead = stream.peek(_PEEK)
        if found := following.search(last + ahead):
            digest.update(stream.read(found.end() - 1))
            break
        if len(ahead) < _PEEK:
            digest.update(stream.read(len(ahead)))
            break
        digest.update(stream.read(_PEEK - _OVERLAP))
        last = stream.read(1)
    fault = stream.fault if stream.fault and not stream.peek(1) else Fault("malformed_warc", "no header", _MALFORMED)
    return Record(start, stream.position, digest.hexdigest(), WARC, fault=fault)


def _record(block: _Block, stream: Stream, task: Task) -> Record | None:
    """The record of this block, which is passed over; None where it holds no content of its own."""
    kind = block.get("warc-type").lower()
    if kind not in WARC_READ | WARC_FATED:
        digest = _passed(stream, block.end)
        return None if stream.position == block.end else _torn(block, block.start, stream, digest)
    http = kind in ("response", "revisit") and block.get("content-type").lower().startswith("application/http")
    headers, start = block.headers, block.start
    if http:
        room = min(block.end - block.start, task.settings.max_header_bytes)
        head = stream.peek(min(room, _PEEK))
        until = head if BLANK_LINE.search(head) else stream.peek(room)
        found = BLANK_LINE.search(until)
        lead = until[: found.end()] if found else until if len(until) == block.end - block.start else b""
        parsed = parse_headers(lead, ["HTTP/"]) if lead else None
        if parsed is not None:
            headers, start = parsed, block.start + len(lead)
            stream.read(len(lead))
    record = _content(block, headers, start, stream, task, http=http)
    return record._replace(own_id=block.get("warc-record-id") or None, structured=HTTP, fields=_fields(block, headers))


def _content(block: _Block, headers: Headers, start: int, stream: Stream, task: Task, *, http: bool) -> Record:
    settings, length = task.settings, block.end - start
    media_type = headers.media_type
    fault = _refusal(block, headers, http=http and headers is not block.headers)
    if fault is not None or length > settings.max_record_bytes:
        fault = fault or Fault("oversized_record", str(length), f"{settings.max_record_bytes} bytes")
        digest = _passed(stream, block.end)
        if stream.position < block.end:
            return _torn(block, start, stream, digest)
        return Record(start, block.end, digest, media_type, fault=fault)
    if (lost := task.begin(start)) is not None:
        return Record(start, block.end, _passed(stream, block.end), media_type, fault=lost)
    encoded = stream.read(length)
    if len(encoded) < length:
        return _torn(block, start, stream, hashlib.sha256(encoded).hexdigest())
    if not _ends(stream):
        fault = Fault(
            "malformed_warc", f"Content-Length {block.end - block.start}", "a length at which the record ends"
        )
        return Record(start, block.end, hashlib.sha256(encoded).hexdigest(), media_type, fault=fault)
    body = decoded_body(encoded, headers, settings, stream.budget) if headers is not block.headers else None
    payload = encoded if body is None else body.data
    if body is not None and body.fault is not None:
        digest = hashlib.sha256(encoded).hexdigest()
        return Record(start, block.end, digest, media_type, fault=body.fault)
    record = Record(start, block.end, hashlib.sha256(payload).hexdigest(), media_type)
    return _judged(record, payload, headers, task)


def _ends(stream: Stream) -> bool:
    """Whether a record ends here: with a blank line, with the next one, or with the file."""
    ahead = stream.peek(_PEEK)  # as many as are looked at next: a small read of what is compressed costs as much
    return ahead.startswith(_BLANK) or not ahead.strip(_BETWEEN) or _START.match(ahead.lstrip(_BETWEEN)) is not None


def _judged(record: Record, payload: bytes, headers: Headers, task: Task) -> Record:
    kind = document_type(payload, headers.media_type, task.settings)
    if isinstance(kind, Fault):
        return record._replace(fault=kind)
    return record._replace(media_type=kind, payload=payload, charset=headers.charset)


def _refusal(block: _Block, headers: Headers, *, http: bool) -> Fault | None:
    """Why a record is not read, however whole it is."""
    kind = block.get("warc-type").lower()
    if kind == "revisit":
        of = block.get("warc-refers-to-target-uri") or block.get("warc-target-uri") or "not named"
        return Fault("revisit", of[:500], "a stored body", "unchanged since a capture that is stored elsewhere")
    if kind == "continuation" or block.get("warc-segment-number"):
        return Fault("segmented_record", block.get("warc-segment-number")[:20] or "1", "a record in one piece")
    if block.get("warc-target-uri").strip("<>").lower().startswith(("dns:", "urn:")):
        scheme = block.get("warc-target-uri").strip("<>").split(":", 1)[0]
        return Fault("archive_metadata", scheme, "an address of the web")
    if http and headers.code not in HTTP_STATUSES:
        return Fault("http_status", str(headers.code), " or ".join(map(str, sorted(HTTP_STATUSES))))
    return None


def _passed(stream: Stream, end: int) -> str:
    """Pass over what comes before `end`; the digest of that."""
    digest = hashlib.sha256()
    while stream.position < end and (piece := stream.read(min(CHUNK, end - stream.position))):
        digest.update(piece)
    return digest.hexdigest()


def _torn(block: _Block, start: int, stream: Stream, digest: str) -> Record:
    """A record that the file breaks off in."""
    found = f"{max(stream.position - block.start, 0)} of {block.end - block.start} bytes"
    fault = stream.fault or Fault("truncated_record", found, "a record that is whole")
    if stream.position <= start:
        return Record(None, None, None, WARC, fault=fault)
    return Record(start, stream.position, digest, WARC, fault=fault)


def _fields(block: _Block, headers: Headers) -> Fields:
    return Fields(
        headers=list(headers.kept) if headers is not block.headers else None,
        url=block.get("warc-target-uri").strip("<>") or None,
        retrieved_at=block.get("warc-date") or None,
    )
