"""Tar files as folders, read front to back in one pass and bounded memory."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corpus.ingest.archive import fated, members_of, outside, too_deep, within
from corpus.ingest.document import RefusingReader
from corpus.ingest.faults import Fault
from corpus.ingest.media import TAR
from corpus.ingest.origin import CHUNK, PartOrigin
from corpus.ingest.record import Head, Record, Task, rest
from corpus.ingest.stream import Stream

_MAGIC_AT, _MAGIC = 257, b"ustar"
_BLOCK = tarfile.BLOCKSIZE
_KINDS = {
    tarfile.SYMTYPE: "symbolic link", tarfile.LNKTYPE: "hard link", tarfile.CHRTYPE: "character device",
    tarfile.BLKTYPE: "block device", tarfile.FIFOTYPE: "named pipe", tarfile.GNUTYPE_SPARSE: "sparse file",
}  # fmt: skip
_BROKEN = (tarfile.TarError, ValueError, OverflowError, OSError, EOFError, LookupError, RuntimeError)
_DIGITS = re.compile(rb"[0-9]{256}")
"""No header has such a number, and tarfile's search for one takes quadratic time (CVE-2024-6232)."""


class _HeaderLimitError(Exception):
    """A header asks for more bytes than one may have."""


@dataclass(frozen=True)
class TarReader:
    """Every member of a tar (POSIX ustar and pax, GNU, and the older ones by their checksum) as a file in a folder."""

    suffixes: Mapping[str, str] = field(default_factory=dict)

    def recognise(self, head: Head) -> str | None:
        """A tar, by its magic number; one of before 1988 has none, but a checksum, which counts with the suffix."""
        block = head.raw[:_BLOCK]
        if block[_MAGIC_AT : _MAGIC_AT + len(_MAGIC)] == _MAGIC:
            return TAR
        if head.suffix != ".tar" or len(block) < _BLOCK:
            return None
        try:
            tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            return None
        return TAR

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """The records of all members, in order."""
        if (fault := too_deep(task)) is not None:
            yield from RefusingReader(fault=fault).read(stream, task)
            return
        file = _Forward(stream, task.settings.max_header_bytes)
        count = 0
        archive: tarfile.TarFile | None = None
        while True:
            start = stream.position
            file.begin()
            try:
                if archive is None:
                    archive = tarfile.TarFile(fileobj=file, mode="r", errors="surrogateescape", encoding="utf-8")
                member = archive.next()
            except _HeaderLimitError:
                fault = Fault("header_limit", "more", f"{task.settings.max_header_bytes} bytes")
                yield rest(stream, start, file.digest, fault, TAR)
                return
            except _BROKEN as error:
                yield rest(stream, start, file.digest, _broken(stream, error), TAR)
                return
            if member is None:
                yield from _ending(stream, start, file)
                return
            archive.members = []  # type: ignore[attr-defined]  # or it would keep every header
            count += 1
            if count > task.settings.max_members:
                fault = Fault("member_limit", f"more than {count - 1}", f"{task.settings.max_members} members")
                yield rest(stream, start, file.digest, fault, TAR)
                return
            yield from _member(stream, member, task)
            if member.isreg() and stream.position < member.offset_data + member.size:
                return  # it broke off in this member, which says so


def _broken(stream: Stream, error: Exception) -> Fault:
    return stream.fault or Fault("corrupt_archive", type(error).__name__, "a tar's header")


def _ending(stream: Stream, start: int, file: _Forward) -> Iterator[Record]:
    """What lies behind the last member: zeros, else something that is no member."""
    zeros = not file.seen.strip(b"\0")
    while zeros and (chunk := stream.peek(CHUNK)) and not chunk.strip(b"\0"):
        stream.read(len(chunk))
        file.digest.update(chunk)
    if stream.fault is not None or not zeros or stream.peek(1):
        fault = Fault("corrupt_archive", "bytes behind the last member", "zeros")
        yield rest(stream, start, file.digest, fault, TAR)


def _member(stream: Stream, member: tarfile.TarInfo, task: Task) -> Iterator[Record]:
    if member.isdir():
        return
    name = member.name
    regular = member.type in tarfile.REGULAR_TYPES and member.type != tarfile.GNUTYPE_SPARSE and not member.issparse()
    lost = task.begin()
    fault = outside(name) or lost
    if not regular:
        kind = _KINDS.get(member.type, "sparse file" if member.issparse() else "unknown type")
        fault = fault or Fault("member_not_a_file", kind, "a regular file")
    size = max(member.size, 0) if regular else 0
    stream.skip(member.offset_data - stream.position)
    origin = PartOrigin(stream, size)
    if fault is not None:
        yield fated(name, fault)
    elif not size:
        yield within(name, Record(0, 0, hashlib.sha256().hexdigest(), None, fault=_EMPTY))
    else:
        yield from members_of(stream, name, origin, task)
    while origin.read1(CHUNK):  # what the member's reader left
        pass


_EMPTY = Fault("empty_file", "0 bytes", "1 byte")


class _Forward(io.RawIOBase):
    """A stream as a file for tarfile, which reads headers from it and jumps ahead; it never goes back."""

    def __init__(self, stream: Stream, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self.begin()

    def begin(self) -> None:
        """A header begins: what is read from here on counts for it."""
        self.digest, self._count, self.seen = hashlib.sha256(), 0, b""

    def read(self, size: int = -1) -> bytes:
        if size < 0 or self._count + size > self._limit:
            raise _HeaderLimitError
        data = self._stream.read(size)
        if size > _BLOCK and _DIGITS.search(data):
            raise _HeaderLimitError
        self._count += len(data)
        self.digest.update(data)
        self.seen = data
        return data

    def tell(self) -> int:
        return self._stream.position

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002 - tarfile counts from the start only
        while (lacking := offset - self._stream.position) > 0 and (piece := self._stream.read(min(lacking, CHUNK))):
            self.digest.update(piece)
        return self._stream.position
