"""Zstandard (RFC 8878): by Arrow, or with the dictionary that stands at the head of a .warc.zst."""

from __future__ import annotations

import struct
from typing import IO, cast

import pyarrow as pa
import zstandard

DICTIONARY = (
    b"\x5d\x2a\x4d\x18"  # of a skippable frame: https://iipc.github.io/warc-specifications/specifications/warc-zstd/
)
FRAME = b"\x28\xb5\x2f\xfd"
MAX_DICTIONARY = 64 << 20  # bytes, as it is stored and as it is used
_ARROW_CHUNK = 1 << 16  # Arrow gives nothing of a read in which the stream breaks off, so its reads are small
_FED = 1 << 10  # compressed bytes taken at once; a block of four bytes may give 128 KiB


class Zstd:
    """Decompressed bytes in the manner of the standard library's files.

    Raises EOFError where the last frame is not whole, OSError where what is there is none.
    """

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._plain: pa.CompressedInputStream | None = None
        self._frames: _Frames | None = None

    def read1(self, size: int, /) -> bytes:
        """At most `size` bytes, b"" at the end."""
        if self._plain is None and self._frames is None:
            self._begin()
        if self._frames is not None:
            return self._frames.read1(size)
        return cast(bytes, self._plain.read(min(size, _ARROW_CHUNK)))  # type: ignore[union-attr]

    def _begin(self) -> None:
        head = _exactly(self._raw, 8)
        if head[:4] == DICTIONARY:
            self._frames = _Frames(self._raw, _dictionary(self._raw, struct.unpack("<I", head[4:])[0]))
        else:
            self._raw.push_back(head)  # type: ignore[attr-defined] # a stream's own raw bytes
            self._plain = pa.CompressedInputStream(pa.PythonFile(self._raw, mode="r"), "zstd")


class _Frames:
    """Frame after frame, all with one dictionary."""

    def __init__(self, raw: IO[bytes], dictionary: zstandard.ZstdCompressionDict) -> None:
        self._raw = raw
        self._decompressor = zstandard.ZstdDecompressor(dict_data=dictionary)
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._fed, self._given, self._at = b"", b"", 0

    def read1(self, size: int) -> bytes:
        while self._at == len(self._given):
            self._fed = self._fed or self._raw.read(_FED)
            if not self._fed:
                if self._frame is not None:
                    raise EOFError
                return b""
            self._frame = self._frame or self._decompressor.decompressobj()
            try:
                self._given, self._at = self._frame.decompress(self._fed), 0
            except zstandard.ZstdError as error:
                raise OSError(str(error)) from error
            self._fed = b""
            if self._frame.eof:
                self._fed, self._frame = self._frame.unused_data, None
        given = self._given[self._at : self._at + size]
        self._at += len(given)
        return given


def _dictionary(raw: IO[bytes], size: int) -> zstandard.ZstdCompressionDict:
    """The dictionary in a skippable frame of so many bytes, which may be compressed itself."""
    if size > MAX_DICTIONARY:
        raise OSError("a dictionary beyond all measure")
    data = _exactly(raw, size)
    try:
        if data.startswith(FRAME):
            given = zstandard.ZstdDecompressor().stream_reader(data).read(MAX_DICTIONARY + 1)
            if len(given) > MAX_DICTIONARY:
                raise OSError("a dictionary beyond all measure")
            data = given
        return zstandard.ZstdCompressionDict(data)
    except zstandard.ZstdError as error:
        raise OSError(str(error)) from error


def _exactly(raw: IO[bytes], size: int) -> bytes:
    pieces, left = [], size
    while left and (piece := raw.read(left)):
        pieces.append(piece)
        left -= len(piece)
    if left:
        raise EOFError
    return b"".join(pieces)
