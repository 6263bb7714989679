"""What a run knows so far: handed from stage to stage, never stored as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

import pyarrow as pa

from corpus.removal.matching import Retracted
from corpus.removal.rules import Rule
from corpus.run.figures import Meter, StageFigures
from corpus.run.inventory import Inventory
from corpus.run.memo import Memo, Selection
from corpus.run.project import Project
from corpus.run.workers import Done, Workers
from corpus.settings import Settings
from corpus.shards import ARROW, PARQUET

MAPPED = ("dedup.sign", "dedup.narrow")
"""Steps of whose rows a few are wanted now and then: their shards are mapped into memory."""
COPIES = {"dedup.narrow": "clean.extract"}
"""What is a copy of another step's rows, and stands or falls with them."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class Listener(Protocol):
    """Whoever shows progress: a progress bar, Prefect, nobody."""

    def started(self, stage: str, total: int | None) -> None:
        """A stage begins; `total` units of work where known."""

    def advanced(self, stage: str, done: int) -> None:
        """`done` more units are done."""

    def finished(self, figures: StageFigures) -> None:
        """A stage is done."""


class Silence:
    """A listener that shows nothing."""

    def started(self, stage: str, total: int | None) -> None:
        """Nothing."""

    def advanced(self, stage: str, done: int) -> None:
        """Nothing."""

    def finished(self, figures: StageFigures) -> None:
        """Nothing."""


@dataclass
class State:
    """One run: what was set up, then what each stage added.

    `inputs`: every record that ingest found (narrow). `judged`: `clean`'s verdict on each document. `going`: records
    that go on, sorted by record id, with `documents` their places. `folds`: `dedup`'s decision on each of them.
    `retracted`: what was taken out of all these since.
    """

    project: Project
    workers: Workers
    listener: Listener
    fingerprints: dict[str, str]
    inventory: Inventory
    meter: Meter = field(default_factory=lambda: Meter("none"))
    inputs: pa.Table = None
    spools: list[tuple[Path, int]] = field(default_factory=list)
    memo: Memo = None  # type: ignore[assignment]  # documents; set by ingest, which must know what is cleaned
    judged: pa.Table = None
    going: pa.Table = None
    documents: Selection = None  # type: ignore[assignment]  # places of `going` in `memo`; set by clean
    folds: pa.Table = None
    derived: pa.Table = None
    annotations: Memo | None = None
    annotated: pa.Table = None  # record_id, key of the published records' annotations
    entities: pa.Table = None
    named: pa.Table = None
    targets: pa.Table = None
    rules: tuple[Rule, ...] = ()
    retracted: Retracted = field(default_factory=Retracted)

    @property
    def settings(self) -> Settings:
        """The project's settings."""
        return self.project.settings

    @property
    def scratch(self) -> Path:
        """A folder for this run's temporary files; emptied when the next run begins."""
        return self.project.work / "scratch"

    def memo_of(self, step: str, schema: pa.Schema) -> Memo:
        """What is remembered of a step, under its present fingerprint."""
        suffix = ARROW if step in MAPPED else PARQUET
        return Memo(self.project.cache / step / self.fingerprints[COPIES.get(step, step)], schema, suffix)

    def each(
        self,
        function: Callable[[Task], Result],
        tasks: Iterable[Task],
        *,
        risky: bool = False,
        alone: bool = False,
    ) -> Iterable[Done[Task, Result]]:
        """Run tasks on the workers and count what they cost; `risky` ones may kill the process that they run in,
        `alone` ones are few, and run in this."""
        for done in self.workers.map(function, tasks, risky=risky, alone=alone):
            self.meter.worker_cpu += done.cpu_seconds
            self.meter.worker_peak = max(self.meter.worker_peak, done.peak_bytes)
            yield done
