"""Files that are one document: plain text, Markdown, HTML; and those that are refused as they stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from typing_extensions import override

from corpus.ingest.faults import Fault
from corpus.ingest.formats import SUFFIXES
from corpus.ingest.markup import is_fragment, is_page, opening
from corpus.ingest.media import HTML, MARKDOWN, PLAIN
from corpus.ingest.record import Head, Record, Task
from corpus.ingest.stream import Stream
from corpus.sections import Ingest


@dataclass(frozen=True)
class DocumentReader:
    """One file, one record: the payload is the whole of its decompressed bytes. Only names tell such files apart."""

    suffixes: Mapping[str, str] = field(default_factory=dict)

    def recognise(self, head: Head) -> str | None:  # noqa: ARG002 - what every reader has
        """None: nothing in plain text or Markdown proves what it is."""
        return None

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """The one record."""
        yield whole(stream, task.media_type, task.settings)


@dataclass(frozen=True)
class HtmlReader(DocumentReader):
    """Web pages, whole or in part, however they are called; but Markdown may begin with an element of HTML."""

    suffixes: Mapping[str, str] = field(default_factory=lambda: by_suffix(HTML))

    @override
    def recognise(self, head: Head) -> str | None:
        first = opening(head.data)
        if is_page(first) or (is_fragment(first) and head.suffix not in SUFFIXES[MARKDOWN]):
            return HTML
        return PLAIN if head.suffix in self.suffixes and b"<" not in head.data else None


@dataclass(frozen=True)
class RefusingReader(DocumentReader):
    """A file that no reader takes: it is read to its end for its digest, and gets its fate."""

    fault: Fault = field(kw_only=True)

    @override
    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        record = whole(stream, task.media_type, task.settings, keep=False)
        yield record if record.fault else record._replace(fault=self.fault)


def by_suffix(*media_types: str) -> dict[str, str]:
    """The suffixes that speak for these media types."""
    return {suffix: media_type for media_type in media_types for suffix in sorted(SUFFIXES[media_type])}


def whole(stream: Stream, media_type: str, settings: Ingest, *, keep: bool = True) -> Record:
    """The stream as one record, read and digested in one pass; `keep` its bytes, up to `ingest.max_record_bytes`."""
    limit = settings.max_record_bytes if keep else -1
    pieces: list[bytes] = []
    digest = hashlib.sha256()
    while chunk := stream.read():
        digest.update(chunk)
        if stream.position <= limit:
            pieces.append(chunk)
        else:
            pieces.clear()
    end = stream.position
    if stream.fault is not None:
        if not end:
            return Record(None, None, None, media_type, fault=stream.fault)
        return Record(0, end, digest.hexdigest(), media_type, fault=stream.fault)
    if keep and end > limit:
        fault = Fault("oversized_record", str(end), f"{limit} bytes")
        return Record(0, end, digest.hexdigest(), media_type, fault=fault)
    return Record(0, end, digest.hexdigest(), media_type, payload=b"".join(pieces) if keep else None)
