"""MHTML (RFC 2557): a page that a browser saved with all that it shows; the record is the page itself."""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from corpus.ingest.document import whole
from corpus.ingest.faults import Fault
from corpus.ingest.media import MHTML
from corpus.ingest.record import Fields, Head, Record, Task
from corpus.ingest.sniffing import document_type
from corpus.ingest.stream import Stream
from corpus.ingest.warc import HTTP

_RELATED = re.compile(rb"^content-type\s*+:\s*+multipart/related", re.IGNORECASE | re.MULTILINE)
_FIRST = re.compile(rb"[A-Za-z][A-Za-z-]{0,60}:")
_TYPES = re.compile(rb"^content-type\s*+:[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE | re.MULTILINE)
_TYPE_BYTES = 8192  # of one Content-Type: the email package takes quadratic time for its parameters
_WEB = ("http:", "https:")
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)


@dataclass(frozen=True)
class MhtmlReader:
    """A saved page: its root part is the record, the pictures and styles beside it are none."""

    suffixes: Mapping[str, str] = field(default_factory=lambda: {".mhtml": MHTML, ".mht": MHTML})

    def recognise(self, head: Head) -> str | None:
        """A MIME message whose header says multipart/related."""
        if not _FIRST.match(head.raw):
            return None
        header = re.split(rb"\r?\n\r?\n", head.raw, maxsplit=1)[0]
        return MHTML if _RELATED.search(header) else None

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """The one record."""
        file = whole(stream, MHTML, task.settings)
        if file.fault is not None or file.payload is None:
            yield file
            return
        if (lost := task.begin()) is not None:
            yield file._replace(payload=None, fault=lost)
            return
        found = _root(file.payload)
        if isinstance(found, Fault):
            yield file._replace(payload=None, fault=found)
            return
        message, part = found
        try:
            yield _record(file.payload, message, part, task)
        except _BROKEN as error:
            fault = Fault("malformed_mhtml", type(error).__name__, "a part that can be read")
            yield file._replace(payload=None, fault=fault)


def _root(data: bytes) -> tuple[Message, Message] | Fault:
    """The message, and its part that is the page: the one that `start` names, else the first page."""
    if any(len(found[0]) > _TYPE_BYTES for found in _TYPES.finditer(data)):
        return Fault("header_limit", "more", f"{_TYPE_BYTES} bytes")
    try:
        message = email.message_from_bytes(data)
        parts = [part for part in message.walk() if not part.is_multipart()]
        start = message.get_param("start")
        pages = [part for part in parts if part.get_content_type() in _PAGES and part is not message]
        named = [part for part in pages if isinstance(start, str) and str(part.get("Content-ID", "")).strip() == start]
        markup = [part for part in pages if part.get_content_type() != "text/plain"]  # RFC 2046, 5.1.4: the richer one
        chosen = next(iter(named or markup or pages), None)
    except _BROKEN as error:
        return Fault("malformed_mhtml", type(error).__name__, "a MIME message")
    return (
        Fault("malformed_mhtml", f"{len(parts)} parts, none a page", "a page") if chosen is None else (message, chosen)
    )


def _record(data: bytes, message: Message, part: Message, task: Task) -> Record:
    encoded = str(part.get_payload()).encode("ascii", "surrogateescape")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    at = data.find(encoded)
    alone = bool(encoded) and at >= 0 and data.find(encoded, at + 1) < 0
    place = (at, at + len(encoded)) if alone else (0, len(data))
    kind = document_type(payload, part.get_content_type(), task.settings)
    record = Record(
        *place, hashlib.sha256(payload).hexdigest(), MHTML,
        charset=part.get_content_charset(), structured=HTTP, fields=_fields(message, part),
    )  # fmt: skip
    if isinstance(kind, Fault):
        return record._replace(fault=kind)
    return record._replace(media_type=kind, payload=payload)


def _fields(message: Message, part: Message) -> Fields:
    base = _address(message, "Snapshot-Content-Location") or _address(message, "Content-Location")
    url = urljoin(base, _address(part, "Content-Location"))  # RFC 2557, 5
    if not url.startswith(_WEB):
        url = base
    try:
        retrieved_at = parsedate_to_datetime(str(message.get("Date"))).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        retrieved_at = None
    return Fields(url=url if url.startswith(_WEB) else None, retrieved_at=retrieved_at)


def _address(message: Message, name: str) -> str:
    """The address in a header, which may be folded, or written as encoded words (RFC 2047)."""
    written = str(message.get(name) or "")[:_TYPE_BYTES]
    try:
        written = str(make_header(decode_header(written)))
    except (MessageError, *_BROKEN):
        pass  # it is no encoded word then
    return "".join(written.split())
