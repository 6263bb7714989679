"""What one huge record costs: a line of a gigabyte as text, JSON Lines, HTML, and one document of JSON, through a run.

    python -m benchmarks.gigabyte --megabytes 1000

Each file goes through ingest and clean as `corpus publish` runs them, with the settings of a new project, beside one
small article; then once more with `max_record_bytes` above its size where `--whole` is given. Printed: its fate, the
processor time, and the highest resident memory of this process and of the largest worker.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

WORDS = b"The council of Selwick met on Monday and mended the roof of the library before the winter came. "
PIECE = WORDS * 10_000
SMALL = "Roof mended\n\n" + (WORDS.decode() * 4).strip() + "\n"


class Outcome(NamedTuple):
    """What became of the file's records, and what the run cost: CPU-seconds, bytes."""

    fates: tuple[str, ...]
    seconds: float
    peak_bytes: int
    worker_bytes: int


def _line(size: int, before: bytes = b"", after: bytes = b"") -> Iterator[bytes]:
    yield before
    for _ in range(size // len(PIECE)):
        yield PIECE
    yield after


SHAPES: dict[str, tuple[str, Callable[[int], Iterator[bytes]]]] = {
    "text, one line": ("a.txt", _line),
    "JSON Lines, one line": ("a.jsonl", lambda size: _line(size, b'{"text": "', b'"}\n{"text": "' + PIECE + b'"}\n')),
    "HTML, one line": ("a.html", lambda size: _line(size, b"<html><body><p>", b"</p></body></html>")),
    "JSON, one object": ("a.json", lambda size: _line(size, b'{"id": 1, "text": "', b'"}')),
    "JSON, an array": ("b.json", lambda size: _line(size, b'[{"text": "x"}, {"text": "', b'"}, {"text": "y"}]')),
}  # fmt: skip


def _run(folder: str, largest: int | None) -> Outcome:
    """In a process of its own: ingest and clean, and the ledger's rows of the huge file."""
    from corpus.run import Project, Publication

    root = Path(folder)
    toml = root / "corpus.toml"
    if largest is not None:
        toml.write_text(toml.read_text().replace("max_record_bytes = 67_108_864", f"max_record_bytes = {largest}"))
    start, fates, worker, seconds = time.process_time(), [], 0, 0.0
    with Publication(Project.find(root)) as run:
        for stage in ("ingest", "clean"):
            figures = run.do(stage)
            worker = max(worker, figures.peak_bytes)
            seconds += figures.cpu_seconds
        state = run._state
        assert state is not None
        rows = state.inputs.select(["raw_path", "fate", "reasons", "record_id"]).to_pylist()
        judged = {row["record_id"]: row for row in state.judged.select(["record_id", "fate", "reasons"]).to_pylist()}
    for row in rows:
        if row["raw_path"] != "small.txt":
            last = row if row["fate"] else judged[row["record_id"]]
            rules = "".join(f": {reason['rule']}" for reason in last["reasons"][:1])
            fates.append(f"{last['fate'] or 'goes on'}{rules}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Outcome(tuple(sorted(fates)), max(seconds, time.process_time() - start), own, worker)


def outcome(shape: str, size: int, largest: int | None = None) -> Outcome:
    """What becomes of a file of that shape and so many bytes; `largest`: `max_record_bytes`, None for the default."""
    from corpus.template import init_project

    name, pieces = SHAPES[shape]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        init_project(root, "gigabyte")
        shutil.rmtree(root / "raw")
        (root / "raw").mkdir()
        (root / "raw" / "small.txt").write_text(SMALL)
        with (root / "raw" / name).open("wb") as file:
            for piece in pieces(size):
                file.write(piece)
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:  # which may have workers of its own
            return pool.submit(_run, str(root), largest).result()


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=100, help="of the line")
    parser.add_argument("--shape", choices=list(SHAPES), help="only this one")
    parser.add_argument("--whole", action="store_true", help="with max_record_bytes above the file's size")
    options = parser.parse_args()
    size = options.megabytes * 1_000_000
    print(f"{'':22}{'MB':>6}{'CPU-s':>7}{'own MB':>8}{'worker MB':>11}  fates")
    for shape in [options.shape] if options.shape else list(SHAPES):
        found = outcome(shape, size, 2 * size if options.whole else None)
        print(
            f"{shape:22}{options.megabytes:6}{found.seconds:7.1f}{found.peak_bytes / 1e6:8.0f}"
            f"{found.worker_bytes / 1e6:11.0f}  {', '.join(found.fates)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
