"""What a stored HTTP response says and holds: status, headers, and its body out of transfer and content codings."""

from __future__ import annotations

import io
import re
import zlib
from typing import NamedTuple

import brotli
from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from corpus.ingest.faults import Fault
from corpus.ingest.formats import KEPT_CHARS, KEPT_HEADERS, KEPT_LINES
from corpus.ingest.origin import BytesOrigin
from corpus.ingest.stream import Budget, Stream
from corpus.sections import Ingest

BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_CHARSET = re.compile(r"charset\s{0,8}=\s{0,8}[\"']?([\w.:+-]{1,64})", re.IGNORECASE)
_STATUS = re.compile(r"[\d.]{0,8}\s{0,8}\b(\d{3})\b")  # behind HTTP/: a version and the code
_WRAPPED = frozenset({"gzip", "x-gzip", "zstd"})  # told by their magic numbers
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]{1,127}/[\w!#$&^.+-]{1,127}")
_PIECE = 1 << 16


class Headers(NamedTuple):
    """A status line's rest, the headers by name in lower case (the first of each name), and those that `clean` reads.

    The latter as "name: value", each as often as it is there.
    """

    status: str
    values: dict[str, str]
    kept: tuple[str, ...] = ()

    @property
    def code(self) -> int | None:
        """The HTTP status code."""
        found = _STATUS.match(self.status)
        return int(found[1]) if found else None

    @property
    def media_type(self) -> str | None:
        """The Content-Type without its parameters, in lower case."""
        found = _MEDIA_TYPE.match(self.values.get("content-type", "").strip())
        return found[0].lower() if found else None

    @property
    def charset(self) -> str | None:
        """The Content-Type's charset."""
        found = _CHARSET.search(self.values.get("content-type", ""))
        return found[1].lower() if found else None


class Body(NamedTuple):
    """A body out of its codings, or the fault that it met."""

    data: bytes
    fault: Fault | None = None


def parse_headers(block: bytes, protocols: list[str]) -> Headers | None:
    """The headers in `block`, whose first line names one of `protocols`; None where it does not."""
    try:
        parsed = StatusAndHeadersParser(protocols).parse(io.BytesIO(block))
    except (StatusAndHeadersParserException, EOFError, ValueError, IndexError, AttributeError):
        return None
    values: dict[str, str] = {}
    kept: list[str] = []
    for name, value in parsed.headers:
        values.setdefault(name.lower(), value.strip())
        if name.lower() in KEPT_HEADERS and len(kept) < KEPT_LINES:
            kept.append(f"{name.lower()}: {value.strip()[:KEPT_CHARS]}")
    return Headers(parsed.statusline or "", values, tuple(kept))


def decoded_body(body: bytes, headers: Headers, settings: Ingest, budget: Budget) -> Body:
    """The body as the server meant it (RFC 9110 8.4, RFC 9112 7).

    Crawlers often store a body decoded and keep the header that speaks of the coding: what is not so coded is taken as
    it stands. The limits on expansion and on a record's bytes hold.
    """
    if "chunked" in headers.values.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    codings = [name.strip().lower() for name in headers.values.get("content-encoding", "").split(",")]
    found = Body(body)
    for coding in reversed(codings[:4]):
        if found.fault is None and coding in _WRAPPED:
            found = _unwrapped(found.data, settings, budget)
        elif found.fault is None and coding in ("deflate", "br"):
            found = _inflated(found.data, coding, settings, budget)
    return found


def _dechunked(body: bytes) -> bytes:
    reader = ChunkedDataReader(io.BytesIO(body), decomp_type=None)
    pieces = []
    while piece := reader.read(_PIECE):
        pieces.append(piece)
    return b"".join(pieces)


def _unwrapped(body: bytes, settings: Ingest, budget: Budget) -> Body:
    stream = Stream(BytesOrigin(body), settings, budget)
    if stream.compression is None:
        return Body(body)
    pieces = []
    while stream.position <= settings.max_record_bytes and (piece := stream.read()):
        pieces.append(piece)
    return _within(b"".join(pieces), stream.fault, settings)


def _inflated(body: bytes, coding: str, settings: Ingest, budget: Budget) -> Body:
    allowed = min(max(len(body) * settings.max_expansion, settings.expansion_floor_bytes), budget.left)
    limit = min(allowed, settings.max_record_bytes) + 1
    data = _brotli(body, limit) if coding == "br" else _deflate(body, limit)
    if data is None:
        return Body(body)
    budget.left -= min(len(data), budget.left)
    if allowed < len(data) <= settings.max_record_bytes:
        return Body(b"", Fault("expansion_limit", f"more than {allowed}", f"{allowed} bytes"))
    return _within(data, None, settings)


def _within(data: bytes, fault: Fault | None, settings: Ingest) -> Body:
    if len(data) > settings.max_record_bytes:
        limit = settings.max_record_bytes
        return Body(b"", Fault("oversized_record", f"more than {limit}", f"{limit} bytes"))
    return Body(data, fault)


def _deflate(body: bytes, limit: int) -> bytes | None:
    """zlib's format or, as some servers send it, bare deflate; None where it is neither."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(bits).decompress(body, limit) or None
        except zlib.error:
            continue
    return None


def _brotli(body: bytes, limit: int) -> bytes | None:
    decompressor = brotli.Decompressor()
    pieces, size, data = [], 0, body
    try:
        while size < limit:
            piece = decompressor.process(data, output_buffer_limit=min(limit - size, _PIECE))
            data = b""
            if not piece and (decompressor.is_finished() or decompressor.can_accept_more_data()):
                break
            pieces.append(piece)
            size += len(piece)
    except brotli.error:
        return None
    return b"".join(pieces)[:limit] or None
