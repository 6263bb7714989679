"""bzip2 and xz, whose files may be several streams, one behind the other."""

from __future__ import annotations

import bz2
import lzma
from collections.abc import Callable
from typing import IO

_FED = 1 << 16  # compressed bytes taken at once
_Decompressor = bz2.BZ2Decompressor | lzma.LZMADecompressor


class Streams:
    """Decompressed bytes in the manner of the standard library's files, which pass over what is no stream in silence.

    Raises EOFError where the last stream is not whole, OSError or LZMAError where what is there is none. NULs behind a
    stream are padding (the .xz format, 2.2).
    """

    def __init__(self, raw: IO[bytes], new: Callable[[], _Decompressor]) -> None:
        self._raw, self._new = raw, new
        self._current: _Decompressor | None = None
        self._fed = b""

    def read1(self, size: int, /) -> bytes:
        """At most `size` bytes, b"" at the end."""
        while True:
            if self._current is None:
                self._fed = self._fed.lstrip(b"\0") or self._raw.read(_FED)
                if not self._fed:
                    return b""
                if not self._fed.strip(b"\0"):
                    continue
                self._current = self._new()
            if self._current.needs_input and not self._fed:
                self._fed = self._raw.read(_FED)
                if not self._fed:
                    raise EOFError
            given = self._current.decompress(self._fed, size)
            self._fed = b""
            if self._current.eof:
                self._fed, self._current = self._current.unused_data, None
            if given:
                return given
