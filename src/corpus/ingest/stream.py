"""One raw file as a stream of decompressed bytes that knows its place and never hides why it ended."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, cast

import pyarrow as pa

from corpus.ingest.faults import Fault, unreadable
from corpus.ingest.formats import COMPRESSION, HEAD_BYTES
from corpus.sections import Ingest

CHUNK = 1 << 20  # bytes asked of the file at once
_ZSTD_CHUNK = 1 << 16  # Arrow gives nothing of a read in which the stream breaks off, so its reads are small

_OPEN = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
"""A file that became a link or a named pipe since the walk is not followed, nor waited for."""

_CORRUPT = (zlib.error, lzma.LZMAError, OSError, ValueError)


class _Bytes(Protocol):
    """What gives bytes: the file itself, or a decompressor around it."""

    def read1(self, size: int, /) -> bytes:
        """At most `size` bytes, b"" at the end."""


class Stream:
    """The decompressed bytes of an open file.

    `position` counts the bytes given out. A stream ends with b"", and `fault` then says whether that is the file's own
    end (None) or it broke off: truncated or corrupt compression, the limit on expansion, an error of the system.
    Raises TransientReadError where trying again may help; nothing else.
    """

    def __init__(self, descriptor: int, settings: Ingest) -> None:
        self.position = 0
        self.fault: Fault | None = None
        self._raw = _File(descriptor)
        self._source: _Bytes = self._raw
        self._ahead = b""
        self._produced = 0
        self._ended = False
        self._limit: int | None = None
        self.compression: str | None = None
        head = self.peek(HEAD_BYTES)
        found = COMPRESSION.match(head)
        if found is not None:
            self._inflate(found[0], head, settings)

    def _inflate(self, kind: str, head: bytes, settings: Ingest) -> None:
        self.compression = kind
        allowed = max(self._raw.size * settings.max_expansion, settings.expansion_floor_bytes)
        self._limit = min(allowed, settings.max_file_bytes)
        self._raw.push_back(head)
        self._source = _DECOMPRESSORS[kind](self._raw)
        self._ahead, self._produced, self._ended = b"", 0, False

    def peek(self, size: int) -> bytes:
        """The next `size` bytes (fewer only at the end), without moving on."""
        if len(self._ahead) < size and not self._ended:
            pieces, lacking = [self._ahead], size - len(self._ahead)
            while lacking and (more := self._more(lacking)):
                pieces.append(more)
                lacking -= len(more)
            self._ahead = b"".join(pieces)
        return self._ahead[:size]

    def read(self, size: int = CHUNK) -> bytes:
        """The next `size` bytes (fewer only at the end, b"" behind it)."""
        given = self.peek(size)
        self._ahead = self._ahead[size:]
        self.position += len(given)
        return given

    def _more(self, size: int) -> bytes:
        if self._ended:
            return b""
        if self._limit is not None and self._produced >= self._limit:
            size = 1  # is there more? then it is too much
        more = b""
        try:
            more = self._source.read1(size)
        except EOFError:
            self.fault = self._broken("truncated_compression")
        except _CORRUPT as error:
            truncated = "Truncated" in str(error)  # so says Arrow, for want of a type
            self.fault = self._broken("truncated_compression" if truncated else "corrupt_compression")
        if self._raw.error is not None and not more:
            self.fault = unreadable(self._raw.error)
        if self._limit is not None and self._produced + len(more) > self._limit:
            self.fault = Fault("expansion_limit", f"more than {self._limit}", f"{self._limit} bytes")
            more = more[: self._limit - self._produced]
        self._produced += len(more)
        self._ended = not more or self.fault is not None
        return more

    def _broken(self, rule: str) -> Fault:
        return Fault(rule, f"readable for {self._produced} bytes", "readable to its end")


class _File(io.RawIOBase):
    """A descriptor as the unbuffered file that decompressors read from; keeps the error that it met."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._back = b""
        self.size = os.fstat(descriptor).st_size
        self.error: OSError | None = None

    def push_back(self, head: bytes) -> None:
        """Give these bytes again first."""
        self._back = head

    def readable(self) -> bool:
        return True

    def read1(self, size: int) -> bytes:
        if self._back:
            given, self._back = self._back[:size], self._back[size:]
            return given
        if self.error is not None:
            return b""
        try:
            return os.read(self._descriptor, size)
        except OSError as error:  # kept, since a decompressor would report a torn stream in its place
            self.error = error
            return b""

    def read(self, size: int = -1) -> bytes:
        return self.read1(CHUNK if size < 0 else size)


class _Zstd:
    """Arrow's zstd decompressor in the manner of the standard library's files."""

    def __init__(self, raw: _File) -> None:
        self._stream = pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd")

    def read1(self, size: int, /) -> bytes:
        return cast(bytes, self._stream.read(min(size, _ZSTD_CHUNK)))


_DECOMPRESSORS: dict[str, Callable[[_File], _Bytes]] = {
    "gzip": lambda raw: gzip.GzipFile(fileobj=raw, mode="rb"),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,  # type: ignore[dict-item] # asks for more of a file than it uses
    "zstd": _Zstd,
}


@contextmanager
def descriptor_of(path: Path) -> Iterator[int]:
    """An open descriptor of the file; raises OSError as the system gives it."""
    descriptor = os.open(path, _OPEN)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
