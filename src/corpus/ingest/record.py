"""What a reader makes of a file: records, and the shape that every reader has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, Protocol

from corpus.ingest.faults import Fault
from corpus.ingest.progress import Progress
from corpus.ingest.stream import Stream
from corpus.sections import Ingest, Source


class Digest(Protocol):
    """A running SHA-256."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""

    def hexdigest(self) -> str:
        """The digest so far, in lower-case hexadecimal."""


class Fields(NamedTuple):
    """What a structured record says of itself, as written: the children of working.FIELDS in their order."""

    url: str | None = None
    title: str | None = None
    authors: list[str] | None = None
    published_at: str | None = None
    modified_at: str | None = None
    retrieved_at: str | None = None
    site_name: str | None = None
    language: str | None = None
    section: str | None = None
    description: str | None = None
    keywords: list[str] | None = None
    headers: list[str] | None = None


class Row(NamedTuple):
    """What a structured record holds: its own id, its text with that text's media type, its fields.

    `text` is None where there is no field for it; `holds` then says what there is, and `wanted` what would have done.
    """

    own_id: str | None
    text: str | None
    text_type: str | None
    fields: Fields
    holds: str = ""
    wanted: str = ""


class Record(NamedTuple):
    """One raw record. Bytes count in the decompressed file, or in `member` where the file is an archive.

    A record with a `fault` ends here and carries no payload; one without goes on to `clean`.
    """

    byte_start: int | None
    byte_end: int | None
    sha256: str | None
    media_type: str | None
    payload: bytes | None = None
    fault: Fault | None = None
    own_id: str | None = None
    charset: str | None = None
    structured: str | None = None
    fields: Fields | None = None
    content: str | None = None
    content_type: str | None = None
    detail: str | None = None
    member: str | None = None


class Head(NamedTuple):
    """What readers recognise a file by: its first bytes as UTF-8 or an ASCII superset, and its name's last suffix.

    `whole`: there is no more to the file. `raw`: the first bytes as they are.
    """

    data: bytes
    suffix: str
    whole: bool
    raw: bytes


class Task(NamedTuple):
    """What a reader is told besides the bytes: what they were found to be, whose they are, and the limits.

    `inner` reads a member of an archive, by its stream and name, with the reader that is right for it; `depth` counts
    the archives around these bytes. `begin` is to be called before a record is taken apart, with the place where it
    starts if that is known: it answers with a fault where that killed the process before, which is then all that the
    record is.
    """

    media_type: str
    source: Source
    settings: Ingest
    inner: Callable[[Stream, str, Task], Iterator[Record]]
    depth: int = 0
    begin: Callable[..., Fault | None] = Progress().begin


class Reader(Protocol):
    """Reads the files of one format: a new format is a new reader in the registry, and nothing else."""

    @property
    def suffixes(self) -> Mapping[str, str]:
        """Suffixes of names (lower case, with their dot) that count where no content is recognised: -> media type."""

    def recognise(self, head: Head) -> str | None:
        """The media type, where the content alone shows this format; None where it does not."""

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """Every record of the stream, in order, in memory that does not grow with the file.

        Each byte that could hold an article belongs to a record: where the stream or the format breaks off, the rest
        is a record with a fault (see `rest`).
        """


Place = tuple[int | None, int | None, str, str]
"""Where a record is, and what: byte_start, byte_end (None: it has no bytes of its own), sha256, media_type."""


def structured(
    place: Place, payload: bytes, row: Row, *, origin: str, detail: str | None, charset: str | None = None
) -> Record:
    """A record that says itself what is what (`origin`: mapped or feed), or its fault where it holds no text."""
    record = Record(*place, None, None, row.own_id, charset, origin, row.fields, detail=detail)
    if row.text is None:
        return record._replace(fault=Fault("no_text_field", row.holds, row.wanted))
    if not row.text.strip():
        return record._replace(fault=Fault("empty_text", "0 characters", "1 character"))
    return record._replace(payload=payload, content=row.text, content_type=row.text_type)


def rest(stream: Stream, start: int, digest: Digest, fault: Fault, media_type: str | None) -> Record:
    """All from `start` to the end as one record with a fault; `digest` covers what was read of that already.

    Where the stream itself breaks off, that is the fault.
    """
    while chunk := stream.read():
        digest.update(chunk)
    fault = stream.fault or fault
    if stream.position == start:
        return Record(None, None, None, media_type, fault=fault)
    return Record(start, stream.position, digest.hexdigest(), media_type, fault=fault)
