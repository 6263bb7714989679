"""Lines of UTF-16 and UTF-32, as bytes: a line feed there is a unit of two or four, at a multiple of its width."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.ingest.formats import HEAD_BYTES
from corpus.ingest.stream import Stream


def wide_lines(stream: Stream, encoding: str, limit: int) -> Iterator[bytes]:
    """The rest of the stream's lines with their line feeds; one longer than `limit` bytes comes in pieces."""
    feed = "\n".encode(encoding)
    held = b""
    looked = 0
    while chunk := stream.read(HEAD_BYTES):
        held += chunk
        start = 0
        while (at := held.find(feed, max(looked, start))) >= 0:
            looked = at + 1
            if (at - start) % len(feed) == 0:
                yield held[start : at + len(feed)]
                start = looked = at + len(feed)
        held = held[start:]
        looked = max(0, len(held) - len(feed) + 1)
        if len(held) > limit:
            whole_units = len(held) - len(held) % len(feed)
            yield held[:whole_units]
            held, looked = held[whole_units:], 0
    if held:
        yield held


def without_mark(stream: Stream, encoding: str) -> None:
    """Pass over a byte order mark."""
    mark = "\ufeff".encode(encoding)
    if stream.peek(len(mark)) == mark:
        stream.read(len(mark))
