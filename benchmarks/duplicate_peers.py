"""Duplicates: ours beside datasketch, rensa, FastSketchLSH, gaoya, text-dedup's method and datatrove, in one run.

    python -m benchmarks.duplicate_peers CORPUS [CORPUS ...] [--peer NAME ...] [--json OUT.json]

CORPUS is a folder that `benchmarks.known_duplicates` wrote. Each finder runs in a process of its own, one after the
other, on texts that are in memory; the peers in the environment of peers/duplicates.lock (see peers/duplicates_run.py
for how each is set up). Scores are pairwise against the components of all pairs with a true Jaccard similarity of at
least 0.8. `docs/s` counts documents per CPU-second until there are clusters; `flags/s` until a peer has said all that
its own fastest way says, which may be less than a cluster. Ours also decides versions, revisions, contained articles
and what each removed record was folded into.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.duplicates import measure, pairs
from benchmarks.peers.environment import python_of

PEERS = ("datasketch", "rensa", "rensa + numba", "fastsketchlsh", "gaoya", "text-dedup", "datatrove")
OURS = "corpus"


@dataclass(frozen=True)
class Result:
    """One finder on one corpus: CPU-seconds until clusters and until its own answer, bytes, and scores of all pairs."""

    finder: str
    documents: int
    clustered_seconds: float
    own_seconds: float
    peak_bytes: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def ours(corpus: Path) -> Result:
    """This project's `sign` and `fold`."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        f = pool.apply(measure, (corpus,))
    seconds = f.sign_seconds + f.fold_seconds
    return Result(OURS, f.documents, seconds, seconds, f.peak_bytes, f.precision, f.recall)


def peer(name: str, corpus: Path) -> Result:
    """One of the others. SystemExit with its own last words where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        labels = Path(folder) / "labels.npy"
        script = Path(__file__).parent / "peers" / "duplicates_run.py"
        command: list[Path | str] = [python_of("duplicates"), script, name, corpus, labels]
        said = subprocess.run(command, check=False, capture_output=True, text=True)
        if said.returncode:
            raise SystemExit(f"{name} failed:\n{said.stderr[-2000:]}")
        found = np.load(labels)
    facts = json.loads(said.stdout.splitlines()[-1])
    true = pq.read_table(corpus / "truth.parquet").sort_by("record")["cluster"].to_numpy()
    both = pairs(true, found)
    return Result(
        name, len(true), facts["clustered_seconds"], facts["cpu_seconds"], facts["peak_bytes"],
        both / max(1.0, pairs(found)), both / max(1.0, pairs(true)),
    )  # fmt: skip


def show(result: Result) -> str:
    """A line of the table."""
    rates = (result.documents / seconds for seconds in (result.clustered_seconds, result.own_seconds))
    scores = (result.precision, result.recall, result.f1)
    return (
        f"{result.documents:>9,} {result.finder:<14}"
        + "".join(f"{score:>11.4f}" for score in scores)
        + "".join(f"{rate:>11,.0f}" for rate in rates)
        + f"{result.peak_bytes / 1e6:>11,.0f}"
    )


def main() -> None:
    """Run all, print the table and keep the results as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--peer", action="append", choices=PEERS)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    names = ("precision", "recall", "F1", "docs/s", "flags/s", "peak MB")
    print(f"{'documents':>9} {'finder':<14}" + "".join(f"{name:>11}" for name in names))
    results: list[Result] = []
    for corpus in given.corpus:
        for name in (OURS, *(given.peer or PEERS)):
            results.append(ours(corpus) if name == OURS else peer(name, corpus))
            print(show(results[-1]), flush=True)
    if given.json:
        given.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
