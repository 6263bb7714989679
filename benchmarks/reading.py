"""How fast a WARC is read and in how much memory, beside fastwarc's plain iteration in the same run.

    python -m benchmarks.reading --megabytes 200

Two files, one ten times as large as the other, show that memory does not grow with the file. fastwarc frames records
and decompresses; `ingest` also takes bodies out of their codings, digests them, judges what they are and gives ids.
"""

from __future__ import annotations

import argparse
import gzip
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

WORDS = (
    "harbour", "council", "bridge", "ferry", "repair", "engineer", "winter", "report", "market", "quarter", "river",
)  # fmt: skip

DISTINCT = 200  # megabytes of different records; a larger file repeats them


class Cost(NamedTuple):
    """CPU-seconds, records, and the highest resident memory of a process that did nothing else, in bytes."""

    seconds: float
    records: int
    peak_bytes: int


def made(path: Path, megabytes: float, seed: int) -> int:
    """Write a WARC.gz (a gzip member a record) with so many megabytes of records; returns how many bytes they have."""
    chance, size, number = random.Random(seed), 0, 0
    with path.open("wb") as file:
        while size < min(megabytes, DISTINCT) * 1e6:
            body = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(500, 8000)))
            page = f"<!doctype html><html><title>Page {number}</title><body><p>{body}</p></body></html>".encode()
            http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032x}>\r\n"
                "WARC-Date: 2026-01-02T03:04:05Z\r\n"
                f"WARC-Target-URI: https://news.example/{number}\r\n"
                "Content-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(http)}\r\n\r\n"
            )
            record = head.encode() + http + b"\r\n\r\n"
            file.write(gzip.compress(record, 6, mtime=0))
            size, number = size + len(record), number + 1
    return _again(path, size, megabytes)


def _again(path: Path, size: int, megabytes: float) -> int:
    """The same members once more, until there are so many megabytes."""
    members, written = path.read_bytes(), size
    with path.open("ab") as file:
        while written < megabytes * 1e6:
            file.write(members)
            written += size
    return written


def ours(path: Path) -> int:
    """Read as `ingest` does."""
    from corpus.ingest import read, walk
    from corpus.sections import Ingest, Source

    (found,) = [one for one in walk(path.parent) if one.path == path]
    return sum(batch.num_rows for batch in read(found, Source(path="**", name="bench"), Ingest()))


def fastwarc(path: Path) -> int:
    """Iterate with fastwarc, and read each body."""
    from fastwarc.warc import ArchiveIterator

    return sum(1 for record in ArchiveIterator(str(path), parse_http=True) if record.reader.read() is not None)


def cost(reader: Callable[[Path], int], path: Path, small: Path) -> Cost:
    """What a reader costs in a process of its own, in which it has read a small file before."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_cost, (reader, path, small))


def _cost(reader: Callable[[Path], int], path: Path, small: Path) -> Cost:
    reader(small)  # imports
    start = time.process_time()
    records = reader(path)
    seconds = time.process_time() - start
    return Cost(seconds, records, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=50, help="of records in the larger file")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{'':24}{'MB':>8}{'records':>9}{'CPU-s':>8}{'MB/CPU-s':>10}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.warc.gz"
        made(small, 0.1, options.seed)
        for share in (0.1, 1.0):
            path = Path(folder) / f"{share}" / "crawl.warc.gz"
            path.parent.mkdir()
            size = made(path, options.megabytes * share, options.seed)
            for name, reader in (("corpus.ingest.read", ours), ("fastwarc, iterated", fastwarc)):
                found = cost(reader, path, small)
                rate = size / 1e6 / found.seconds
                print(
                    f"{name:24}{size / 1e6:8.0f}{found.records:9}{found.seconds:8.2f}{rate:10.0f}"
                    f"{found.peak_bytes / 1e6:9.0f}"
                )


if __name__ == "__main__":
    main()
