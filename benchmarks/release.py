"""Releases: how fast one is written and verified beside plain pyarrow, and how much of it an upload can reuse.

    python -m benchmarks.release [--limit N] [--annotate]

Publishes news of text/ in a temporary project (N articles of each source), then the same with 1 % and with 10 % new
articles. In the same run, on the first release's own rows: our writer (digests, sizes, checks, Parquet) beside
`pyarrow.parquet.write_table` with the same compression; `verify` beside reading every column with pyarrow. MB are
millions of bytes of values before encoding; seconds are processor seconds of one process.

Reuse is what a content-addressed store with Xet's chunking need not be sent again: chunks by a rolling Gear hash
(Xia et al. 2016), 64 KiB on average, 8 KiB at least, 128 KiB at most, as the Xet specification has them. Beside it the
bytes of files that are hard links to the parent's. The figures are in docs/releases.md; below about 5 MB of Parquet a
few changed chunks are much of a release.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.data import write_news
from corpus.publish.count import table_files
from corpus.publish.manifest import read_manifest
from corpus.publish.verify import verify
from corpus.publish.write import ZSTD_LEVEL, TableWriter
from corpus.run import Project, publish
from corpus.sections import Publish
from corpus.tables import TABLES
from corpus.template import init_project

SMALLEST, LARGEST, MASK = 8 * 1024, 128 * 1024, np.uint64(0xFFFF << 48)
GEAR = np.random.default_rng(2016).integers(0, 2**64, 256, np.uint64)
NEW = (0.01, 0.10)


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def cuts(data: npt.NDArray[np.uint8], gear: npt.NDArray[np.uint64], mask: np.uint64) -> npt.NDArray[np.int64]:
    """The ends of the chunks of some bytes."""
    found = np.empty(len(data) // SMALLEST + 2, np.int64)
    count, start, state = 0, 0, np.uint64(0)
    for at in range(len(data)):
        state = (state << np.uint64(1)) + gear[data[at]]
        size = at + 1 - start
        if (size >= SMALLEST and (state & mask) == 0) or size >= LARGEST:
            found[count] = at + 1
            count, start, state = count + 1, at + 1, np.uint64(0)
    if start < len(data):
        found[count] = len(data)
        count += 1
    return found[:count]


def chunks(release: Path) -> dict[str, dict[bytes, int]]:
    """Of each table: the chunks of its files by their hash, with their sizes."""
    found: dict[str, dict[bytes, int]] = {}
    for path in sorted(release.glob("*/*.parquet")):
        data = path.read_bytes()
        start = 0
        for end in cuts(np.frombuffer(data, np.uint8), GEAR, MASK).tolist():
            found.setdefault(path.parent.name, {})[hashlib.sha256(data[start:end]).digest()] = end - start
            start = end
    return found


def reuse(older: Path, newer: Path) -> tuple[float, float, dict[str, float]]:
    """The share of the newer release's Parquet bytes that are there already: as chunks, as linked files; by table."""
    known = {key for table in chunks(older).values() for key in table}
    now = chunks(newer)
    sizes = {name: sum(table.values()) for name, table in now.items()}
    shared = {name: sum(size for key, size in table.items() if key in known) for name, table in now.items()}
    files = [path for path in newer.glob("*/*.parquet") if path.stat().st_nlink > 1]
    linked = sum(path.stat().st_size for path in files)
    total = sum(sizes.values())
    return sum(shared.values()) / total, linked / total, {name: shared[name] / sizes[name] for name in sizes}


def seconds(what: Callable[[], object]) -> float:
    """Processor seconds of a call, the second time: compiled and imported by then."""
    what()
    start = time.process_time()
    what()
    return time.process_time() - start


def speeds(release: Path, scratch: Path) -> dict[str, float]:
    """MB a second of our writer, of pyarrow's, of `verify` and of reading with pyarrow, on one release's rows."""
    tables = {name: pa.concat_tables(pq.ParquetFile(f).read() for f in table_files(release, name)) for name in TABLES}
    megabytes = sum(entry.num_bytes for entry in read_manifest(release).tables.values()) / 1e6

    def ours() -> None:
        folder = scratch / "ours"
        shutil.rmtree(folder, ignore_errors=True)
        for name, rows in tables.items():
            writer = TableWriter(TABLES[name], folder, Publish())
            writer.write(rows)
            writer.close()

    def plain() -> None:
        for name, rows in tables.items():
            pq.write_table(rows, scratch / f"{name}.parquet", compression="zstd", compression_level=ZSTD_LEVEL)

    def read() -> None:
        for name in tables:
            for path in table_files(release, name):
                pq.ParquetFile(path).read()

    return {
        "write, ours": megabytes / seconds(ours), "write, pyarrow": megabytes / seconds(plain),
        "verify": megabytes / seconds(lambda: verify(release)),
        "verify --quick": megabytes / seconds(lambda: verify(release, quick=True)),
        "read, pyarrow": megabytes / seconds(read),
    }  # fmt: skip


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=3000, help="articles of each source")
    parser.add_argument("--annotate", action="store_true", help="with mentions, entities and links")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "p"
        init_project(root, "news")
        shutil.rmtree(root / "raw")
        (root / "raw").mkdir()
        if not asked.annotate:
            toml = root / "corpus.toml"
            toml.write_text(toml.read_text().replace("enabled = true", "enabled = false"))
        write_news(root / "raw", asked.limit)
        later = _held_back(root / "raw")
        older = publish(Project.find(root)).folder
        articles = read_manifest(older).tables["articles"].rows
        size = sum(path.stat().st_size for path in older.glob("*/*.parquet"))
        print(f"{articles:,} articles, {size / 1e6:.1f} MB of Parquet")
        for share in NEW:
            lines = later[: round(articles * share)]
            (root / "raw" / "later.jsonl").write_text("".join(lines), encoding="utf-8")
            newer = publish(Project.find(root)).folder
            chunked, linked, tables = reuse(older, newer)
            print(
                f"{share:.0%} new: {chunked:.1%} of the bytes reused as chunks, {linked:.1%} as linked files; tables:"
            )
            print("   " + ", ".join(f"{name} {value:.0%}" for name, value in sorted(tables.items())))
        for name, speed in speeds(older, Path(temporary)).items():
            print(f"{name:16} {speed:8.1f} MB/s")


def _held_back(raw: Path) -> list[str]:
    """Takes the last eighth of each file's lines out of it; they come later."""
    found: list[str] = []
    for path in sorted(raw.glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        keep = len(lines) * 7 // 8
        path.write_text("".join(lines[:keep]), encoding="utf-8")
        found += lines[keep:]
    return [line for line in sorted(found, key=lambda one: hashlib.sha256(one.encode()).digest()) if json.loads(line)]


if __name__ == "__main__":
    main()
