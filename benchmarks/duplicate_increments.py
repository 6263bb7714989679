"""What 1 % more, and 1 % less, costs: CPU-seconds of each stage beside those of the full run.

    python -m benchmarks.duplicate_increments CORPUS [--json OUT.json]

CORPUS is a folder with raw/*.jsonl. A project without annotation is made of 99 % of its lines and run up to the fates;
then the last 1 % comes as a file of its own, then it goes again. `same` says whether fates and derivations are those of
a project that never saw anything else. Gates and publishing are no part of this.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa

from corpus.run import Project
from corpus.run.publication import Publication
from corpus.template import init_project

STAGES = ("ingest", "clean", "dedup")
LINES = 10_000


@dataclass(frozen=True)
class Increment:
    """One run: what changed, documents, CPU-seconds of each stage, and whether its result is that of a fresh run."""

    change: str
    documents: int
    cpu_seconds: dict[str, float]
    same: bool

    @property
    def total(self) -> float:
        """CPU-seconds of all stages."""
        return sum(self.cpu_seconds.values())


def project_of(folder: Path, lines: list[str]) -> Project:
    """A project without annotation that holds these lines."""
    init_project(folder, "increments")
    for path in sorted((folder / "raw").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    toml = folder / "corpus.toml"
    toml.write_text(toml.read_text().replace("enabled = true", "enabled = false", 1))
    for start in range(0, len(lines), LINES):
        (folder / "raw" / f"part-{start:08}.jsonl").write_text("".join(lines[start : start + LINES]))
    return Project.find(folder)


def run(project: Project) -> tuple[dict[str, float], tuple[pa.Table, pa.Table]]:
    """CPU-seconds of each stage up to the fates, and the fates and derivations."""
    with Publication(project) as publication:
        seconds = {stage: publication.do(stage).cpu_seconds for stage in STAGES}
        state = publication._state
        assert state is not None
        return seconds, (state.folds.select(state.folds.column_names), state.derived)


def measure(corpus: Path, folder: Path) -> list[Increment]:
    """The full run, 1 % more, and 1 % less again."""
    lines = [line for path in sorted((corpus / "raw").glob("*.jsonl")) for line in path.read_text().splitlines(True)]
    most, rest = [line for at, line in enumerate(lines) if at % 100], lines[::100]
    project = project_of(folder / "grown", most)
    added = project.raw / "later.jsonl"
    seconds, before = run(project)
    found = [Increment("full", len(most), seconds, same=True)]
    added.write_text("".join(rest))
    more, after = run(project)
    fresh = project_of(folder / "fresh", most)
    (fresh.raw / "later.jsonl").write_text("".join(rest))
    _, whole = run(fresh)
    found.append(Increment("1 % more", len(lines), more, same=after[0].equals(whole[0]) and after[1].equals(whole[1])))
    added.unlink()
    less, again = run(project)
    found.append(Increment("1 % less", len(most), less, same=again[0].equals(before[0]) and again[1].equals(before[1])))
    return found


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(given.corpus, Path(folder))
    full = found[0]
    print(
        f"{'change':<10}{'documents':>11}" + "".join(f"{stage:>9}" for stage in STAGES) + f"{'total':>9}  of full  same"
    )
    for one in found:
        stages = "".join(f"{one.cpu_seconds[stage]:>9.2f}" for stage in STAGES)
        print(
            f"{one.change:<10}{one.documents:>11,}{stages}{one.total:>9.2f}{one.total / full.total:>9.1%}  {one.same}"
        )
        print(f"{'':<10}{'':>11}" + "".join(f"{one.cpu_seconds[s] / full.cpu_seconds[s]:>9.1%}" for s in STAGES))
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n")


if __name__ == "__main__":
    main()
