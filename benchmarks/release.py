"""Releases: how fast one is written and verified beside plain pyarrow, and how much of it an upload can reuse.

    python -m benchmarks.release [--limit N] [--annotated N] [--made N ...]

Publishes news of text/ in a temporary project (N articles of each source), then, each time upon that release, 1 % and
10 % new articles: as they come, so that some displace an old one, and only such as displace none (`release_cases`).
The same with annotations, on fewer articles, since names take their time. Then releases of made articles as long as
those of the web, to show what grows with the corpus (`release_made`). Reuse is what a content-addressed store like
Xet need not be sent again (`chunking`); beside it the bytes of files that are hard links to the parent's.

In the same run, on the first release's own rows: our writer (digests, sizes, checks, Parquet) beside
`pyarrow.parquet.write_table` with the same compression; `verify` beside reading every column with pyarrow. MB are
millions of bytes of values before encoding; seconds are processor seconds of one process.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.chunking import parquet_bytes, reuse
from benchmarks.release_cases import NEW, cases, first_release
from benchmarks.release_made import make, written
from corpus.publish.count import table_files
from corpus.publish.manifest import read_manifest
from corpus.publish.verify import verify
from corpus.publish.write import ZSTD_LEVEL, TableWriter
from corpus.sections import Publish
from corpus.tables import TABLES


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


def said(label: str, new: int, gone: int, older: Path, newer: Path) -> None:
    """Print one case: what is new and gone, and what of the newer release's bytes is reused, by table."""
    found, size = reuse(older, newer), parquet_bytes(newer)
    print(
        f"{label}, {new:,} new, {gone} gone: {found.chunks:.1%} reused as chunks, {found.linked:.1%} as linked files; ",
        end="",
    )
    print(f"{size / 1e6:.1f} MB, {size * (1 - found.chunks) / 1e6:.2f} MB to send", flush=True)
    print("   " + ", ".join(f"{name} {value:.0%}" for name, value in sorted(found.tables.items())), flush=True)


def follow_news(root: Path, limit: int, *, annotate: bool) -> Path:
    """Publish news and what follows it, and print each case; the first release."""
    older, later = first_release(root, limit, annotate=annotate)
    articles, size = read_manifest(older).tables["articles"].rows, parquet_bytes(older)
    print(f"{articles:,} articles {'with' if annotate else 'without'} annotations, {size / 1e6:.1f} MB of Parquet")
    for case in cases(root, later, older):
        said(
            f"{case.share:.0%}{' displacing' if case.displacing else ' added'}",
            case.new,
            case.gone,
            case.older,
            case.newer,
        )
    return older


def follow_made(root: Path, articles: int) -> None:
    """Write made releases, and print each case."""
    for share in NEW:
        made = make(articles, share)
        older = written(made.first, root / "older")
        print(f"{articles:,} made articles, {parquet_bytes(older) / 1e6:.1f} MB of Parquet")
        said(f"{share:.0%} added", made.new, 0, older, written(made.added, root / "added", older))
        for where, tables in made.displaced.items():
            newer = written(tables, root / where, older)
            said(f"{share:.0%} displacing {where}", made.new, made.gone, older, newer)
        shutil.rmtree(root)


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=25_000, help="articles of each source")
    parser.add_argument("--annotated", type=int, default=1_500, help="the same, with mentions and entities; 0: none")
    parser.add_argument("--made", type=int, nargs="*", default=[2_500, 10_000, 40_000], help="sizes of made releases")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for articles in asked.made:
            follow_made(Path(temporary) / "made", articles)
        older = follow_news(Path(temporary) / "news", asked.limit, annotate=False)
        for name, speed in speeds(older, Path(temporary)).items():
            print(f"{name:16} {speed:8.1f} MB/s", flush=True)
        if asked.annotated:
            follow_news(Path(temporary) / "annotated", asked.annotated, annotate=True)


if __name__ == "__main__":
    main()
