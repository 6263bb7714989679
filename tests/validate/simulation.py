"""Runs the gates on change over an archive's releases, one after the other, with the history that grows meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from corpus.sections import Validate
from corpus.tables import TABLES
from corpus.validate.change import change_gates
from corpus.validate.failing import Failing
from corpus.validate.gates import _surroundings
from corpus.validate.history import SCHEMA, gate_lines, history_rows
from corpus.validate.verdict import GateContext, GateResult
from corpus.validate.views import Database, database
from tests.validate.healthy import Archive


class Releases:
    """The releases of an archive, judged; a refused one is not published, so the next is held against the last good."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive, self.folder = archive, folder
        self.history: pa.Table = SCHEMA.empty_table()
        self.last: Path | None = None
        self._number = 0

    def judge(self, opened: Database) -> list[GateResult]:
        """The gates on change of the archive as it stands."""
        self._number += 1
        self.staged = self.archive.stage(self.folder / str(self._number))
        for name in TABLES:
            opened.view(name, sorted((self.staged / name).glob("*.parquet")))
        context = GateContext(
            raw_paths=(), expectations=self.folder, previous=self.last, settings=Validate(), annotated=True,
            n_inputs=0, failing=self.folder / "failing", history=self.history,
        )  # fmt: skip
        _surroundings(context, opened)
        return list(change_gates(context, opened, Failing(context.failing, opened)))

    def publish(self, gates: list[GateResult]) -> None:
        """Make what was judged last the release that the next is held against."""
        rows = history_rows(f"0.{self._number}.0", "2024-05-01T00:00:00Z", gate_lines(gates))
        self.history = pa.concat_tables([self.history, rows])
        self.last = self.staged


def refusing(gates: list[GateResult]) -> list[str]:
    """Critical gates that failed, with what they saw."""
    return [f"{g.name}: {g.observed}" for g in gates if not g.passed and g.severity == "critical"]


def healthy_releases(
    releases: Releases, count: int, opened: Database, grow: Callable[[], None]
) -> Iterator[tuple[int, list[str]]]:
    """`count` releases after a first one; of each, what refuses it."""
    for _ in range(7):
        grow()
    releases.publish(releases.judge(opened))
    for number in range(count):
        grow()
        gates = releases.judge(opened)
        refused = refusing(gates)
        if not refused:
            releases.publish(gates)
        yield number, refused


def run_healthy(seed: int, count: int, folder: Path) -> tuple[Releases, list[list[str]]]:
    """The releases of a seed, and what refused each of those that were refused."""
    archive = Archive(seed)
    releases = Releases(archive, folder)
    with database(folder) as opened:
        found = [refused for _, refused in healthy_releases(releases, count, opened, archive.grow) if refused]
    return releases, found
