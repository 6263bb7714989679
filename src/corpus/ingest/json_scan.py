"""Where the rows of a JSON document lie: a scan for brackets and quotes, which holds no value and checks none.

What each row holds, a real parser says; this only cuts, in one pass and constant memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_ANY = re.compile(rb'["{}\[\],]')
_DEEP = re.compile(rb'["{}\[\]]')
_STRING_END = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SPACE = b" \t\r\n"
ANY_KEY = "*"
KEY_BYTES = 1 << 16  # of a key that a path could name


class Span(NamedTuple):
    """Where a row lies, in bytes of the document; not `closed`: the document ends inside it."""

    start: int
    end: int
    closed: bool = True


class RowScanner:
    """Finds rows: the elements of the arrays at `path` (keys from the outside in, `*` any), or with None each value.

    Bytes go in by `feed`, in pieces of any size; `needed` is the place from which on they may still be asked for.
    """

    def __init__(self, path: tuple[str, ...] | None, start: int) -> None:
        self._path = path
        self._keys: list[bytes] = []  # of the objects that are open, as far as the path goes
        self._kinds: list[int] = []  # the brackets that are open, as far as the path goes
        self._depth = 0
        self._at = start
        self._ahead = b""  # what is not scanned yet: a string that goes on
        self._in_string: int | None = None  # where the open string's characters began
        self._row: int | None = None  # where the open row began
        self._expects_key = False
        self._limit = 0 if path is None else len(path) + 1

    @property
    def opened(self) -> int | None:
        """Where the row begins that is open."""
        return self._row

    def feed(self, data: bytes) -> Iterator[Span]:
        """The rows that end in these bytes."""
        buffer, base, at = self._ahead + data, self._at, 0
        while at < len(buffer):
            if self._in_string is not None:
                closing = _STRING_END.match(buffer, at)
                if closing is None:
                    break
                self._key(buffer[max(self._in_string - base, 0) : closing.end() - 1])
                self._in_string, at = None, closing.end()
                continue
            token = (_ANY if self._depth <= self._limit else _DEEP).search(buffer, at)
            stop = token.start() if token else len(buffer)
            self._begin(buffer, at, stop, base)
            if token is None:
                at = stop
                break
            at = token.end()
            yield from self._token(buffer[stop], base + stop)
        if self._in_string is not None and at < len(buffer):
            at = self._string_rest(buffer, at)
        self._ahead, self._at = buffer[at:], base + at

    def _string_rest(self, buffer: bytes, at: int) -> int:
        """Where to go on in a string that goes on: behind whole escapes; a key is kept from its beginning."""
        if self._expects_key and self._depth <= self._limit and len(buffer) - at < KEY_BYTES:
            return at
        self._expects_key = False
        rest = buffer[at:]
        return len(buffer) - (len(rest) - len(rest.rstrip(b"\\"))) % 2

    def end(self) -> Span | None:
        """The row that is open where the document ends."""
        if self._row is None:
            return None
        end = self._at + len(self._ahead)
        return Span(self._row, end, closed=self._path is None and self._depth == 0 and self._in_string is None)

    def _begin(self, buffer: bytes, start: int, stop: int, base: int) -> None:
        """A value that is no string, list or object begins at the first character that is no space."""
        if self._row is None and self._inside:
            lead = buffer[start:stop]
            solid = lead.lstrip(_SPACE)
            if solid:
                self._row = base + start + len(lead) - len(solid)

    @property
    def _inside(self) -> bool:
        """Whether rows lie directly here."""
        if self._path is None:
            return self._depth == 0
        if self._depth != self._limit or not self._kinds or self._kinds[-1] != 0x5B:
            return False
        return all(name in (ANY_KEY, _name(key)) for name, key in zip(self._path, self._keys, strict=False))

    def _token(self, token: int, place: int) -> Iterator[Span]:
        inside = self._inside
        if token == 0x22:
            self._in_string = place + 1
            if inside and self._row is None:
                self._row = place
        elif token in b"{[":
            if inside and self._row is None:
                self._row = place
            self._open(token)
        elif token == 0x2C:
            if inside and self._row is not None:
                yield self._close(place)
            self._expects_key = bool(self._kinds) and self._kinds[-1] == 0x7B
        else:
            if inside and self._path is not None and self._row is not None:
                yield self._close(place)
            self._shut()
            if self._path is None and self._depth == 0 and self._row is not None:
                yield self._close(place + 1)

    def _close(self, end: int) -> Span:
        assert self._row is not None
        span, self._row = Span(self._row, end), None
        return span

    def _open(self, token: int) -> None:
        self._depth += 1
        if self._depth <= self._limit:
            self._kinds.append(token)
            if token == 0x7B:
                self._keys.append(b"")
        self._expects_key = token == 0x7B

    def _shut(self) -> None:
        if self._depth and self._depth <= self._limit and self._kinds.pop() == 0x7B:
            self._keys.pop()
        self._depth = max(self._depth - 1, 0)
        self._expects_key = False

    def _key(self, string: bytes) -> None:
        if self._expects_key and self._keys and self._depth <= self._limit:
            self._keys[-1] = string
        self._expects_key = False


def _name(key: bytes) -> str:
    return key.decode("utf-8", "replace")
