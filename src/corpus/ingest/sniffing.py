"""What a file is: by its content first, by its name where the content says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from corpus.ingest.decoding import wide_encoding
from corpus.ingest.document import DocumentReader, HtmlReader, RefusingReader, by_suffix
from corpus.ingest.faults import Fault
from corpus.ingest.feed import FeedReader
from corpus.ingest.formats import (
    BINARY,
    COMPRESSION_SUFFIXES,
    CONTROLS,
    HEAD_BYTES,
    UNSUPPORTED,
    UNSUPPORTED_SUFFIXES,
)
from corpus.ingest.jsonl import JsonlReader
from corpus.ingest.markup import opening
from corpus.ingest.media import EMPTY, MARKDOWN, OCTETS, PLAIN, XML
from corpus.ingest.record import Head, Reader
from corpus.ingest.stream import Stream
from corpus.sections import Ingest

_TEXT = DocumentReader(by_suffix(PLAIN, MARKDOWN))
READERS: tuple[Reader, ...] = (FeedReader(), HtmlReader(), JsonlReader(), _TEXT)
"""The registry. The first reader that recognises the content wins, then the first that has the name's suffix."""


class Sniffed(NamedTuple):
    """The media type of a file's content, and the reader for it."""

    media_type: str
    reader: Reader


def sniff(stream: Stream, raw_path: str, settings: Ingest, readers: Sequence[Reader] = READERS) -> Sniffed:
    """The media type and reader of a stream that is at its start; what can't be read gets a reader that refuses it."""
    data = stream.peek(HEAD_BYTES)
    suffix = suffix_of(raw_path)
    if not data:
        return _refused(EMPTY, Fault("empty_file", "0 bytes", "1 byte"))
    controls = len(data) - len(data.translate(None, CONTROLS))
    if (kind := UNSUPPORTED.match(data)) is not None:
        return _unsupported(kind[0])
    kind = BINARY.match(data)
    if kind is not None and (kind[1] or controls):
        return _refused(kind[0], Fault("binary", kind[0], "text"))
    encoding = wide_encoding(data) if b"\0" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff") else None
    if encoding is not None:
        data = data.decode(encoding, "replace").removeprefix("\ufeff").encode("utf-8", "replace")
        controls = len(data) - len(data.translate(None, CONTROLS))
    share = round(controls / len(data), 4) if data else 0.0
    if share >= settings.binary_share:
        found = f"{share:.4f} control characters"
        return _refused(OCTETS, Fault("binary", found, f"{settings.binary_share:.4f}"))
    return _text(Head(data, suffix, len(stream.peek(HEAD_BYTES + 1)) <= HEAD_BYTES), readers)


def _text(head: Head, readers: Sequence[Reader]) -> Sniffed:
    for reader in readers:
        if (media_type := reader.recognise(head)) is not None:
            return Sniffed(media_type, reader)
    if opening(head.data).xml:
        return _unsupported(XML)
    for reader in readers:
        if head.suffix in reader.suffixes:
            return Sniffed(reader.suffixes[head.suffix], reader)
    if head.suffix in UNSUPPORTED_SUFFIXES:
        return _unsupported(UNSUPPORTED_SUFFIXES[head.suffix])
    return Sniffed(PLAIN, _TEXT)


def suffix_of(raw_path: str) -> str:
    """The last suffix of a path's name in lower case, with its dot, behind which a suffix of compression is cut."""
    name = raw_path.rsplit("/", 1)[-1].lower()
    if name.endswith(COMPRESSION_SUFFIXES):
        name = name.rsplit(".", 1)[0]
    stem, dot, last = name.rpartition(".")
    return dot + last if stem else ""


def _refused(media_type: str, fault: Fault) -> Sniffed:
    return Sniffed(media_type, RefusingReader(fault=fault))


def _unsupported(media_type: str) -> Sniffed:
    return _refused(media_type, Fault("unsupported_format", media_type, "a format with a reader"))
