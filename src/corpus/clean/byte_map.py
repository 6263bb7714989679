"""From a code point of a decoded payload to the byte that it begins at, in any encoding."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from corpus.clean.decode import Decoded

SINGLE_BYTE = re.compile(
    r"^(cp125\d|cp874|iso8859[-_]\d+|iso-8859-\d+|koi8[-_][ru]|latin-1|mac-\w+|cp437|cp85\d|cp866)$"
)
STATEFUL = ("iso2022", "hz")  # encodings whose bytes mean what the last shift before them says
FIRST = -64  # a byte of UTF-8, read with a sign, that begins a code point: at least this
PART = 1 << 16  # bytes of which the places of all code points are held at once

Marks = npt.NDArray[np.bool_]


class ByteMap:
    """Code point of a decoded payload -> byte of the payload."""

    def __init__(self, payload: bytes, decoded: Decoded) -> None:
        is_ascii = decoded.encoding == "utf-8" and payload.isascii()
        self._starts = None if is_ascii else _starts(payload, decoded)
        self._known = is_ascii or self._starts is not None
        self._n_chars = len(decoded.text)
        self._stateful = (payload, decoded) if decoded.encoding.startswith(STATEFUL) else None

    def bytes_of(self, start: int, end: int) -> tuple[int, int] | None:
        """The bytes of the code points `start` to `end` (exclusive), None where the encoding doesn't tell."""
        if not self._known or not 0 <= start < end <= self._n_chars:
            return None
        first, last = (start, end) if self._starts is None else (self._starts.byte(start), self._starts.byte(end))
        if self._stateful is not None:  # bytes whose shift stands before them don't say by themselves what they are
            payload, decoded = self._stateful
            if payload[first:last].decode(decoded.encoding, "replace") != decoded.text[start:end]:
                return None
        return first, last


class _Marked:
    """The bytes at which code points begin, as one mark for each byte: eight times less than their places."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        counts = (int(np.count_nonzero(marks[at : at + PART])) for at in range(0, len(marks), PART))
        self._before = list(accumulate(counts, initial=0))  # code points before each part
        self._part, self._places = -1, np.empty(0, np.int64)  # the one that was asked for last

    def __len__(self) -> int:
        return self._before[-1]

    def byte(self, number: int) -> int:
        """The first byte of a code point; behind the last one, the payload's end."""
        if number == len(self):
            return len(self._marks)
        part = bisect_right(self._before, number) - 1
        if part != self._part:
            self._part, self._places = part, np.flatnonzero(self._marks[part * PART : (part + 1) * PART])
        return part * PART + int(self._places[number - self._before[part]])


class _Listed:
    """The bytes at which code points begin, one by one: where several may begin at one."""

    def __init__(self, places: npt.NDArray[np.int64], end: int) -> None:
        self._places, self._end = places, end

    def __len__(self) -> int:
        return len(self._places)

    def byte(self, number: int) -> int:
        """The first byte of a code point; behind the last one, the payload's end."""
        return int(self._places[number]) if number < len(self) else self._end


def _starts(payload: bytes, decoded: Decoded) -> _Marked | _Listed | None:
    """Where the code points begin; None where it can't be told."""
    found: _Marked | _Listed | None
    if decoded.encoding.startswith(STATEFUL):
        found = _Listed(_by_decoding_on(payload, decoded), len(payload))
    elif (marks := _marks(payload, decoded)) is not None:
        found = _Marked(marks)
    else:
        places = _by_encoding_back(payload, decoded)
        found = _Listed(places, len(payload)) if places is not None else None
    return found if found is not None and len(found) == len(decoded.text) else None


def _marks(payload: bytes, decoded: Decoded) -> Marks | None:
    """Whether a code point begins at each byte; None where the bytes alone don't tell."""
    data, encoding = np.frombuffer(payload, np.uint8), decoded.encoding
    if encoding == "utf-8":
        starts = data.view(np.int8) >= FIRST
    elif encoding.startswith("utf-16"):
        starts = np.zeros(len(data), bool)
        high = data[decoded.offset + (1 if encoding.endswith("le") else 0) :: 2]
        starts[decoded.offset :: 2][: len(high)] = (high & 0xFC) != 0xDC
    elif encoding.startswith("utf-32"):
        starts = np.zeros(len(data), bool)
        starts[decoded.offset :: 4] = True
    elif SINGLE_BYTE.match(encoding):
        starts = np.ones(len(data), bool)
    else:
        return None
    starts[: decoded.offset] = False
    for start, end in decoded.broken:
        starts[start:end] = False
        starts[start] = True  # one U+FFFD for each
    return starts


def _by_decoding_on(payload: bytes, decoded: Decoded) -> npt.NDArray[np.int64]:
    """For encodings that shift: which byte ends each code point. A shift belongs to the one that comes after it."""
    decoder = codecs.getincrementaldecoder(decoded.encoding)()
    ends = [decoded.offset]
    for at in range(decoded.offset, len(payload)):
        ends += [at + 1] * len(decoder.decode(payload[at : at + 1]))
    return np.array(ends[:-1], np.int64)


def _by_encoding_back(payload: bytes, decoded: Decoded) -> npt.NDArray[np.int64] | None:
    """For multi-byte encodings: encode each code point again, and believe it only if the whole comes out the same."""
    try:
        known = {char: char.encode(decoded.encoding) for char in set(decoded.text)}
    except UnicodeEncodeError:
        return None
    parts = list(map(known.__getitem__, decoded.text))
    if payload[: decoded.offset] + b"".join(parts) != payload:
        return None
    sizes = np.fromiter(map(len, parts), np.int64, len(parts))
    return decoded.offset + np.cumsum(sizes) - sizes
