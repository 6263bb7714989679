"""Raw bytes as a stream of decompressed bytes that knows its place and never hides why it ended."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from corpus.ingest.faults import Fault
from corpus.ingest.formats import COMPRESSION, HEAD_BYTES
from corpus.ingest.origin import CHUNK, FileOrigin, Origin
from corpus.ingest.packed import Streams
from corpus.ingest.zstd import Zstd
from corpus.sections import Ingest

_OPEN = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
"""A file that became a link or a named pipe since the walk is not followed, nor waited for."""

_CORRUPT = (zlib.error, lzma.LZMAError, OSError, ValueError)


class _Bytes(Protocol):
    """What gives bytes: the origin itself, or a decompressor around it."""

    def read1(self, size: int, /) -> bytes:
        """At most `size` bytes, b"" at the end."""


@dataclass
class Budget:
    """Bytes that may still come out of decompression, over all layers and members of one raw file."""

    left: int


class Stream:
    """The decompressed bytes of an origin.

    `position` counts the bytes given out. A stream ends with b"", and `fault` then says whether that is the origin's
    own end (None) or it broke off: truncated or corrupt compression, a limit on expansion, an error of the system.
    Raises TransientReadError where trying again may help; nothing else.
    """

    def __init__(self, origin: Origin, settings: Ingest, budget: Budget | None = None) -> None:
        self.position = 0
        self.fault: Fault | None = None
        self.budget = budget or Budget(settings.max_expanded_bytes)
        self._settings = settings
        self._origin = origin
        self._raw = _Raw(origin)
        self._source: _Bytes = origin
        self._ahead, self._at = b"", 0
        self._produced = 0
        self._ended = False
        self._limit = self._allowed(origin.size) if origin.expands else None
        self.compression: str | None = None
        self.sought = False  # it was jumped about in, and can't be read on
        head = self.peek(HEAD_BYTES)
        found = COMPRESSION.match(head)
        if found is not None and self.fault is None:
            self._inflate(found[0], head)

    def _allowed(self, size: int) -> int:
        return max(size * self._settings.max_expansion, self._settings.expansion_floor_bytes)

    def _inflate(self, kind: str, head: bytes) -> None:
        self.compression = kind
        self._limit = self._allowed(self._origin.size)
        self._raw.push_back(head)
        self._source = _DECOMPRESSORS[kind](self._raw)
        self._ahead, self._at, self._produced, self._ended = b"", 0, 0, False

    def peek(self, size: int) -> bytes:
        """The next `size` bytes (fewer only at the end), without moving on."""
        lacking = size - (len(self._ahead) - self._at)
        if lacking > 0 and not self._ended:
            pieces = [self._ahead[self._at :]]
            while lacking > 0 and (more := self._more(lacking)):
                pieces.append(more)
                lacking -= len(more)
            self._ahead, self._at = b"".join(pieces), 0
        return self._ahead[self._at : self._at + size]

    def read(self, size: int = CHUNK) -> bytes:
        """The next `size` bytes (fewer only at the end, b"" behind it)."""
        given = self.peek(size)
        self._at += len(given)  # what is given stays in place: many small reads of much that is peeked at cost little
        if self._at == len(self._ahead):
            self._ahead, self._at = b"", 0
        self.position += len(given)
        return given

    def skip(self, size: int) -> int:
        """Pass over so many bytes; returns how many there were."""
        passed = 0
        while passed < size and (piece := self.read(min(size - passed, CHUNK))):
            passed += len(piece)
        return passed

    def _more(self, size: int) -> bytes:
        if self._ended:
            return b""
        room = None if self._limit is None else min(self._limit - self._produced, self.budget.left)
        more = b""
        try:
            more = self._source.read1(max(min(size, room), 1) if room is not None else size)  # is there one too many?
        except EOFError:
            self.fault = self._broken("truncated_compression")
        except _CORRUPT as error:
            truncated = "Truncated" in str(error)  # so says Arrow, for want of a type
            self.fault = self._broken("truncated_compression" if truncated else "corrupt_compression")
        if not more and (trouble := self._origin.trouble()) is not None:
            self.fault = trouble
        if room is not None:
            more = self._within(more, room)
        self._produced += len(more)
        self._ended = not more or self.fault is not None
        return more

    def _within(self, more: bytes, room: int) -> bytes:
        if len(more) > room:
            allowed = self._produced + room
            self.fault = Fault("expansion_limit", f"more than {allowed}", f"{allowed} bytes")
            more = more[:room]
        self.budget.left -= len(more)
        return more

    def _broken(self, rule: str) -> Fault:
        return Fault(rule, f"readable for {self._produced} bytes", "readable to its end")

    @contextmanager
    def seekable(self) -> Iterator[IO[bytes]]:
        """The whole stream, of which nothing is read yet, as a file to jump about in.

        A file as it lies is opened again; what is compressed or inside an archive goes to a temporary file first, as
        far as the limits on expansion let it.
        """
        self.sought = True
        descriptor = self._origin.descriptor() if self.compression is None else None
        if descriptor is not None:
            with open(os.dup(descriptor), "rb") as file:  # noqa: PTH123 - a descriptor has no path
                file.seek(0)
                yield file
            return
        with tempfile.TemporaryFile() as file:
            while chunk := self.read():
                file.write(chunk)
            file.seek(0)
            yield cast(IO[bytes], file)


class _Raw(io.RawIOBase):
    """An origin as the unbuffered file that decompressors read from."""

    def __init__(self, origin: Origin) -> None:
        self._origin, self._back = origin, b""

    def push_back(self, head: bytes) -> None:
        """Give these bytes again first."""
        self._back = head + self._back

    def readable(self) -> bool:
        return True

    def read1(self, size: int) -> bytes:
        if self._back:
            given, self._back = self._back[:size], self._back[size:]
            return given
        return self._origin.read1(size)

    def read(self, size: int = -1) -> bytes:
        return self.read1(CHUNK if size < 0 else size)


_DECOMPRESSORS: dict[str, Callable[[_Raw], _Bytes]] = {
    "gzip": lambda raw: gzip.GzipFile(fileobj=raw, mode="rb"),
    "bzip2": lambda raw: Streams(cast(IO[bytes], raw), bz2.BZ2Decompressor),
    "xz": lambda raw: Streams(cast(IO[bytes], raw), lzma.LZMADecompressor),
    "zstd": lambda raw: Zstd(cast(IO[bytes], raw)),
}


@contextmanager
def descriptor_of(path: Path) -> Iterator[int]:
    """An open descriptor of the file; raises OSError as the system gives it."""
    descriptor = os.open(path, _OPEN)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def stream_of(descriptor: int, settings: Ingest) -> Stream:
    """The stream of an open file."""
    return Stream(FileOrigin(descriptor), settings)
