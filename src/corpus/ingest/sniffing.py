"""What a stream holds: by its content first, by its name where the content says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from corpus.ingest.decoding import wide_encoding
from corpus.ingest.document import DocumentReader, HtmlReader, RefusingReader, by_suffix
from corpus.ingest.faults import Fault, ReaderFailedError
from corpus.ingest.formats import (
    BINARY,
    COMPRESSION_SUFFIXES,
    CONTROLS,
    HEAD_BYTES,
    UNSUPPORTED,
    UNSUPPORTED_SUFFIXES,
)
from corpus.ingest.markup import opening
from corpus.ingest.media import EMPTY, HTML, MARKDOWN, OCTETS, PLAIN, XML
from corpus.ingest.record import Head, Reader
from corpus.ingest.stream import Stream
from corpus.sections import Ingest

TEXT = DocumentReader(by_suffix(PLAIN, MARKDOWN))
_PAGE = HtmlReader()
_DOCUMENTS = {"text/html": HTML, "application/xhtml+xml": HTML, "text/plain": PLAIN, "text/markdown": MARKDOWN}


class Readers(NamedTuple):
    """Who is asked, in order: a project's own readers, those of formats that are no text, those of text."""

    own: tuple[Reader, ...]
    binary: tuple[Reader, ...]
    text: tuple[Reader, ...]


class Sniffed(NamedTuple):
    """The media type of a stream's content, and the reader for it."""

    media_type: str
    reader: Reader


def sniff(stream: Stream, name: str, settings: Ingest, readers: Readers) -> Sniffed:
    """The media type and reader of a stream that is at its start; what can't be read gets a reader that refuses it.

    `name` is the file's or member's. Content decides first: a project's own readers, then the formats that have magic
    numbers, then those of text; what none of them knows is told by its suffix.
    """
    raw = stream.peek(HEAD_BYTES)
    suffix = suffix_of(name)
    if not raw:
        return _refused(EMPTY, Fault("empty_file", "0 bytes", "1 byte"))
    head, controls = head_of(raw, suffix, len(stream.peek(HEAD_BYTES + 1)) <= HEAD_BYTES)
    try:
        found = _recognised(head, readers.own) or _named(suffix, readers.own) or _recognised(head, readers.binary)
    except ReaderFailedError as error:
        return _refused(OCTETS, Fault("reader_failed", str(error), "a media type or None"))
    if found is not None:
        return found
    if (fault := no_text(head, controls, settings)) is not None:
        return _refused(fault.value if "/" in fault.value else OCTETS, fault)
    if (found := _recognised(head, readers.text)) is not None:
        return found
    if opening(head.data).xml:
        return _unsupported(XML)
    if (found := _named(suffix, readers.text)) is not None:
        return found
    if suffix in UNSUPPORTED_SUFFIXES:
        return _unsupported(UNSUPPORTED_SUFFIXES[suffix])
    return Sniffed(PLAIN, TEXT)


def head_of(raw: bytes, suffix: str, whole: bool) -> tuple[Head, int]:
    """What readers look at, and how many control characters are in it."""
    data = raw
    controls = len(raw) - len(raw.translate(None, CONTROLS))  # none in UTF-8 or any superset of ASCII
    encoding = wide_encoding(raw) if controls or raw[:2] in (b"\xff\xfe", b"\xfe\xff") else None
    if encoding is not None:
        data = raw.decode(encoding, "replace").removeprefix("\ufeff").encode("utf-8", "replace")
    return Head(data, suffix, whole, raw), len(data) - len(data.translate(None, CONTROLS))


def no_text(head: Head, controls: int, settings: Ingest) -> Fault | None:
    """Why these bytes are no text that could be read, None where they may be one."""
    if (kind := UNSUPPORTED.match(head.raw)) is not None:
        return Fault("unsupported_format", kind[0], "a format with a reader")
    kind = BINARY.match(head.raw)
    if kind is not None and (kind[1] or controls):
        return Fault("binary", kind[0], "text")
    share = round(controls / len(head.data), 4) if head.data else 0.0
    if share >= settings.binary_share:
        return Fault("binary", f"{share:.4f} control characters", f"{settings.binary_share:.4f}")
    return None


def document_type(payload: bytes, declared: str | None, settings: Ingest) -> str | Fault:
    """The media type of a page or text that a transport (HTTP, MIME) declared as `declared`; a Fault if it is neither.

    Content goes first again: servers call pages text/plain, and error pages of theirs image/jpeg.
    """
    if not payload:
        return Fault("empty_file", "0 bytes", "1 byte")
    said = _DOCUMENTS.get(declared or "")
    head, controls = head_of(payload[:HEAD_BYTES], ".html" if said == HTML else "", len(payload) <= HEAD_BYTES)
    if (fault := no_text(head, controls, settings)) is not None:
        return fault
    if (known := _PAGE.recognise(head)) is not None:
        return known
    first = opening(head.data)
    if first.xml and first.element is not None:
        return Fault("unsupported_format", declared or XML, "a page or a text")
    if said is None and declared not in (None, OCTETS):
        return Fault("unsupported_format", str(declared), "a page or a text")
    return said or PLAIN


def suffix_of(name: str) -> str:
    """The last suffix of a path's name in lower case, with its dot, behind which a suffix of compression is cut."""
    name = name.rsplit("/", 1)[-1].lower()
    if name.endswith(COMPRESSION_SUFFIXES):
        name = name.rsplit(".", 1)[0]
    stem, dot, last = name.rpartition(".")
    return dot + last if stem else ""


def _recognised(head: Head, readers: Sequence[Reader]) -> Sniffed | None:
    for reader in readers:
        if (media_type := reader.recognise(head)) is not None:
            return Sniffed(media_type, reader)
    return None


def _named(suffix: str, readers: Sequence[Reader]) -> Sniffed | None:
    for reader in readers:
        if suffix in reader.suffixes:
            return Sniffed(reader.suffixes[suffix], reader)
    return None


def _refused(media_type: str, fault: Fault) -> Sniffed:
    return Sniffed(media_type, RefusingReader(fault=fault))


def _unsupported(media_type: str) -> Sniffed:
    return _refused(media_type, Fault("unsupported_format", media_type, "a format with a reader"))
