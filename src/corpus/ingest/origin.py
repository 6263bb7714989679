"""Where a stream's bytes come from: an open file, bytes in memory, a part of another stream, a member of a zip."""

from __future__ import annotations

import os
import zipfile
import zlib
from typing import IO, Protocol

from corpus.ingest.faults import Fault, unreadable

CHUNK = 1 << 20  # bytes asked of an origin at once

_BROKEN_MEMBER = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError)


class Origin(Protocol):
    """What gives a stream its bytes. `size` is what they take up where they lie (compressed, where they are)."""

    size: int
    expands: bool  # gives more bytes than `size`, so that they count towards the limits on expansion

    def read1(self, size: int, /) -> bytes:
        """At most `size` bytes, b"" at the end, or where it can't go on: then `trouble` says why."""

    def trouble(self) -> Fault | None:
        """Why there is no more, None at the true end. Raises TransientReadError where trying again may help."""

    def descriptor(self) -> int | None:
        """The descriptor of the whole file that this is, for those who must jump about in it; else None."""


class Source(Protocol):
    """A stream, as far as a part of it needs one."""

    fault: Fault | None

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, b"" at the end, of which `fault` then says whether the stream broke off."""


class FileOrigin:
    """An open file."""

    expands = False

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size
        self._error: OSError | None = None

    def read1(self, size: int, /) -> bytes:
        """As Origin has it."""
        if self._error is not None:
            return b""
        try:
            return os.read(self._descriptor, size)
        except OSError as error:  # kept, since a decompressor would report a torn stream in its place
            self._error = error
            return b""

    def trouble(self) -> Fault | None:
        """As Origin has it."""
        return None if self._error is None else unreadable(self._error)

    def descriptor(self) -> int | None:
        """As Origin has it."""
        return self._descriptor


class BytesOrigin:
    """Bytes in memory: the body of an HTTP response."""

    expands = False

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self.size = data, 0, len(data)

    def read1(self, size: int, /) -> bytes:
        """As Origin has it."""
        given = self._data[self._at : self._at + size]
        self._at += len(given)
        return given

    def trouble(self) -> Fault | None:
        """As Origin has it."""
        return None

    def descriptor(self) -> int | None:
        """As Origin has it."""
        return None


class PartOrigin:
    """The next `size` bytes of another stream: a member of a tar."""

    expands = False

    def __init__(self, stream: Source, size: int) -> None:
        self._stream, self._left, self.size = stream, size, size
        self._short = False

    def read1(self, size: int, /) -> bytes:
        """As Origin has it."""
        given = self._stream.read(min(size, self._left, CHUNK))
        self._left -= len(given)
        self._short = self._left > 0 and not given
        return given

    def trouble(self) -> Fault | None:
        """As Origin has it."""
        if not self._short:
            return None
        found = f"{self.size - self._left} of {self.size} bytes"
        return self._stream.fault or Fault("truncated_archive", found, "members that are whole")

    def descriptor(self) -> int | None:
        """As Origin has it."""
        return None


class ZipOrigin:
    """A member of a zip, decompressed by zipfile as it is read."""

    expands = True

    def __init__(self, member: IO[bytes], size: int) -> None:
        self._member, self.size = member, size
        self._fault: Fault | None = None

    def read1(self, size: int, /) -> bytes:
        """As Origin has it."""
        if self._fault is not None:
            return b""
        try:
            return self._member.read(min(size, CHUNK))
        except _BROKEN_MEMBER as error:
            self._fault = Fault("corrupt_archive", type(error).__name__, "a member that can be read")
        return b""

    def trouble(self) -> Fault | None:
        """As Origin has it."""
        return self._fault

    def descriptor(self) -> int | None:
        """As Origin has it."""
        return None
