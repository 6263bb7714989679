"""Zip files as folders, WACZ among them."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from corpus.ingest.archive import fated, members_of, outside, too_deep, whole_file
from corpus.ingest.document import RefusingReader
from corpus.ingest.faults import Fault
from corpus.ingest.formats import DOCUMENT_MEMBERS, DOCUMENT_SUFFIXES, WACZ_ARCHIVE, WACZ_MARKERS, WACZ_WARC
from corpus.ingest.media import WACZ, ZIP
from corpus.ingest.origin import ZipOrigin
from corpus.ingest.record import Head, Record, Task
from corpus.ingest.stream import Stream

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_NAME_AT = 30  # bytes of a local file header before the name (APPNOTE 4.3.7)
_END = b"PK\x05\x06"  # of the central directory (4.3.16): counts at 10, its size at 12
_END_BYTES = 22 + 0xFFFF  # the longest end record, with its comment
_END64 = b"PK\x06\x06"  # the same in zip64 (4.3.14): count at 32, size at 40
_ENTRY_BYTES = 46 + 0xFFFF  # the longest name of a member in the directory
_MEAN_ENTRY_BYTES = 1024  # of a directory within limits, on average: a path name is shorter
_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    UnicodeError,
    ValueError,
    OSError,
    struct.error,
    OverflowError,
    IndexError,
)
_HEADER_BYTES = 30  # of a member's own header, without its name
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_UNREADABLE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, struct.error)


@dataclass(frozen=True)
class ZipReader:
    """Every member of a zip as a file in a folder; of a WACZ the WARCs, since all else in it speaks of them."""

    suffixes: Mapping[str, str] = field(default_factory=dict)

    def recognise(self, head: Head) -> str | None:
        """A zip, by its magic number; with a suffix like .docx the document that it is."""
        return DOCUMENT_SUFFIXES.get(head.suffix, ZIP) if head.raw.startswith(_MAGIC) else None

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """The records of all members, in the order of the directory."""
        head = stream.peek(_NAME_AT + 64)
        if task.media_type != ZIP or head[_NAME_AT:].startswith(DOCUMENT_MEMBERS):
            kind = task.media_type if task.media_type != ZIP else "a document in a zip"
            fault = Fault("unsupported_format", kind, "a format with a reader")
            yield from RefusingReader(fault=fault).read(stream, task)
            return
        with stream.seekable() as file:
            fault_ = stream.fault or too_deep(task) or _directory_fault(file, task)
            if fault_ is not None:
                yield whole_file(file, ZIP, fault_)
                return
            try:
                archive = zipfile.ZipFile(file)
            except _BROKEN as error:
                yield whole_file(file, ZIP, Fault("corrupt_archive", type(error).__name__, "a zip's directory"))
                return
            yield from _members(archive, stream, task)


def _members(archive: zipfile.ZipFile, stream: Stream, task: Task) -> Iterator[Record]:
    members = archive.infolist()
    wacz = any(member.filename.startswith(WACZ_MARKERS) for member in members) and any(
        member.filename.startswith(WACZ_ARCHIVE) and WACZ_WARC in member.filename for member in members
    )
    overlapping = _overlapping(members)
    for place, member in enumerate(members):
        if member.filename.endswith("/"):
            continue
        name = _name(member)
        lost = task.begin()
        if fault := outside(name) or _member_fault(member, place in overlapping) or lost:
            yield fated(name, fault)
        elif wacz and not member.filename.startswith(WACZ_ARCHIVE):
            yield fated(name, Fault("archive_metadata", WACZ, "a WARC below archive/"))
        else:
            yield from _member(archive, member, name, stream, task)


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, stream: Stream, task: Task
) -> Iterator[Record]:
    try:
        opened = archive.open(member)
    except NotImplementedError:
        yield fated(name, Fault("unsupported_format", f"zip method {member.compress_type}", "deflate, bzip2 or lzma"))
        return
    except _UNREADABLE as error:
        yield fated(name, Fault("corrupt_archive", type(error).__name__, "a member that can be read"))
        return
    with opened:
        yield from members_of(stream, name, ZipOrigin(opened, member.compress_size), task)


def _overlapping(members: Sequence[zipfile.ZipInfo]) -> set[int]:
    """Members, by their place in the directory, that begin within another: so a small file makes any number of bytes
    (Fifield 2019, "A better zip bomb")."""
    found: set[int] = set()
    end = 0
    for place in sorted(range(len(members)), key=lambda place: (members[place].header_offset, place)):
        member = members[place]
        if member.filename.endswith("/"):
            continue
        if member.header_offset < end:
            found.add(place)
        end = max(end, member.header_offset + _HEADER_BYTES + member.compress_size)
    return found


def _member_fault(member: zipfile.ZipInfo, overlaps: bool) -> Fault | None:
    if overlaps:
        return Fault("corrupt_archive", "a member within another", "members apart")
    if member.flag_bits & _ENCRYPTED:
        return Fault("encrypted_member", "encrypted", "readable without a password")
    kind = member.external_attr >> 28  # of Unix, where the zip was made there: 8 a file, 10 a link, 0 not said
    if member.create_system == 3 and kind not in (0, 8):
        return Fault("member_not_a_file", f"Unix type {kind}", "a regular file")
    return None


def _name(member: zipfile.ZipInfo) -> str:
    """The name; zips without the flag for UTF-8 mostly are UTF-8 all the same, and code page 437 else."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def _directory_fault(file: IO[bytes], task: Task) -> Fault | None:
    """The fault of a directory that zipfile would need too much memory for, told before it is read."""
    limit = task.settings.max_members
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        return None  # zipfile says what is wrong
    count, directory = struct.unpack_from("<HL", tail, at + 10)
    big = tail.rfind(_END64, 0, at)
    if big >= 0 and len(tail) >= big + 48:
        count, directory = struct.unpack_from("<QQ", tail, big + 32)
    if count > limit or directory > limit * _MEAN_ENTRY_BYTES + _ENTRY_BYTES:
        return Fault("member_limit", f"{count} members in a directory of {directory} bytes", f"{limit} members")
    return None
