"""What 1 % more, and 1 % less, costs: CPU-seconds of each stage beside those of the full run.

    python -m benchmarks.duplicate_increments CORPUS [--whole] [--json OUT.json]

CORPUS is a folder with raw/*.jsonl. A project is made of 99 % of its lines and run up to the fates, without annotation
(`--whole`: all stages, with it); then the last 1 % comes as a file of its own, then it goes again. `same` says whether
fates and derivations are those of a run that remembers nothing of duplicates. A small project is run before, so that
kernels are loaded: what that costs a process once is printed as the fixed cost.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa

from corpus.run import Project
from corpus.run.publication import Publication
from corpus.run.steps import STAGES
from corpus.template import init_project

UP_TO_FATES = STAGES[:3]
LINES = 10_000
WARM_UP = 400
"""Lines of the project that is run first."""

Rows = tuple[pa.Table, pa.Table]


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


def project_of(folder: Path, lines: list[str], *, annotated: bool = False) -> Project:
    """A project that holds these lines."""
    init_project(folder, "increments")
    for path in sorted((folder / "raw").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    toml = folder / "corpus.toml"
    if not annotated:
        toml.write_text(toml.read_text().replace("enabled = true", "enabled = false", 1))
    for start in range(0, len(lines), LINES):
        (folder / "raw" / f"part-{start:08}.jsonl").write_text("".join(lines[start : start + LINES]))
    return Project.find(folder)


def run(project: Project, stages: tuple[str, ...] = UP_TO_FATES) -> tuple[dict[str, float], Rows]:
    """CPU-seconds of each stage, and the fates and derivations."""
    with Publication(project) as publication:
        seconds, found = {}, None
        for stage in stages:
            seconds[stage] = publication.do(stage).cpu_seconds
            if stage == UP_TO_FATES[-1]:
                state = publication._state
                assert state is not None
                found = (state.folds.select(state.folds.column_names), state.derived)
        assert found is not None
        return seconds, found


def fresh(project: Project) -> Rows:
    """The fates and derivations where nothing of duplicates is remembered."""
    for folder in project.cache.glob("dedup.*"):
        shutil.rmtree(folder)
    return run(project)[1]


def _same(one: Rows, other: Rows) -> bool:
    return all(mine.equals(theirs) for mine, theirs in zip(one, other, strict=True))


def warm_up(folder: Path, lines: list[str], stages: tuple[str, ...]) -> dict[str, float]:
    """What each stage of two small runs costs, the second with an article more: mostly loading."""
    project = project_of(folder, lines[:WARM_UP], annotated=len(stages) > len(UP_TO_FATES))
    first, _ = run(project, stages)
    (project.raw / "later.jsonl").write_text(lines[WARM_UP] if len(lines) > WARM_UP else lines[-1])
    second, _ = run(project, stages)
    return {stage: first[stage] + second[stage] for stage in stages}


def measure(corpus: Path, folder: Path, stages: tuple[str, ...]) -> tuple[dict[str, float], list[Increment]]:
    """The fixed cost; then the full run, 1 % more, and 1 % less again."""
    lines = [line for path in sorted((corpus / "raw").glob("*.jsonl")) for line in path.read_text().splitlines(True)]
    most, rest = [line for at, line in enumerate(lines) if at % 100], lines[::100]
    fixed = warm_up(folder / "small", most, stages)
    project = project_of(folder / "grown", most, annotated=len(stages) > len(UP_TO_FATES))
    added = project.raw / "later.jsonl"
    seconds, before = run(project, stages)
    found = [Increment("full", len(most), seconds, same=True)]
    added.write_text("".join(rest))
    more, after = run(project, stages)
    added.unlink()
    less, again = run(project, stages)
    found.append(Increment("1 % less", len(most), less, same=_same(again, before)))
    added.write_text("".join(rest))
    found.insert(1, Increment("1 % more", len(lines), more, same=_same(after, fresh(project))))
    return fixed, found


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--whole", action="store_true", help="all stages, with annotation")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    stages = STAGES if given.whole else UP_TO_FATES
    with tempfile.TemporaryDirectory() as folder:
        fixed, found = measure(given.corpus, Path(folder), stages)
    full = found[0]
    print(f"{'change':<10}{'documents':>11}" + "".join(f"{s:>9}" for s in stages) + f"{'total':>9}  of full  same")
    for one in found:
        parts = "".join(f"{one.cpu_seconds[stage]:>9.2f}" for stage in stages)
        print(f"{one.change:<10}{one.documents:>11,}{parts}{one.total:>9.2f}{one.total / full.total:>9.1%}  {one.same}")
        print(f"{'':<10}{'':>11}" + "".join(f"{one.cpu_seconds[s] / full.cpu_seconds[s]:>9.1%}" for s in stages))
    parts = "".join(f"{fixed[stage]:>9.2f}" for stage in stages)
    print(f"{'fixed':<10}{'':>11}{parts}{sum(fixed.values()):>9.2f}  once a process, in no other line")
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n")


if __name__ == "__main__":
    main()
