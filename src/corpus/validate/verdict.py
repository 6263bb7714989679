"""What the gates are told, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pyarrow as pa

from corpus.sections import Validate

Severity = Literal["critical", "warning"]
Kind = Literal["files", "suite", "rows", "ledger", "change", "expectation", "relation"]


@dataclass(frozen=True)
class Acceptance:
    """One gate that a person lets through, once: in the release made upon `after` (None: the first), if that is made
    on `until` (a date, UTC) at the latest."""

    gate: str
    reason: str
    until: str
    after: str | None

    def holds(self, parent: str | None, day: str) -> bool:
        """Whether it is in force for a release upon `parent` that is made on `day` (ISO 8601)."""
        return self.after == parent and day <= self.until


@dataclass(frozen=True)
class GateContext:
    """What the gates hold the staged tables against.

    `raw_paths`: every path of a walk of its own (`corpus.validate.inventory`); `expectations`: the folder of suites;
    `previous`: the last release's folder, None for the first; `settings`: the section `[validate]`; `annotated`:
    whether `[annotate] enabled`; `n_inputs`: records that ingest reported; `failing`: the folder that failing rows are
    written to (None: nowhere); `retracted_paths`: raw paths whose records standing retractions have taken out;
    `history`: the project's (`corpus.validate.history.SCHEMA`), from which limits on change are learned; `acceptances`:
    those in force; `written`: rows of each table as counted when it was written (a table not in it: unknown).
    """

    raw_paths: Iterable[str]
    expectations: Path
    previous: Path | None
    settings: Validate
    annotated: bool
    n_inputs: int
    failing: Path | None
    retracted_paths: Iterable[str] = ()
    history: pa.Table | None = None
    acceptances: Iterable[Acceptance] = ()
    written: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """What a gate on change measured in one scope (a host, a folder, a language …; None: the whole release).

    `value` is a share or a distance from 0 to 1, `limit` the largest that is let through, `rows` what it was taken
    over.
    """

    scope: str | None
    value: float
    limit: float
    rows: int


@dataclass(frozen=True)
class GateResult:
    """One gate: what it looked at, what it saw, what it allows, and where it failed why and what to do.

    `rows_evaluated` counts the rows (of `columns` and `types`: columns; of walks: paths) that the rule applies to;
    `failing_rows` those that break it; `examples` are ids of at most five of them. `column`: the column that it is
    about, where it is about one. `acceptable`: whether `corpus accept` may let it through. `accepted`: why it was let
    through although it failed, with the date until which that holds; empty where it was not.
    """

    name: str
    table: str
    kind: Kind
    severity: Severity
    passed: bool
    rows_evaluated: int
    observed: str
    threshold: str
    failing_rows: int = 0
    examples: tuple[str, ...] = ()
    cause: str = ""
    mend: str = ""
    column: str = ""
    measures: tuple[Measure, ...] = ()
    acceptable: bool = False
    accepted: str = ""


@dataclass(frozen=True)
class Verdict:
    """All gates, in the order in which they were asked."""

    gates: tuple[GateResult, ...]

    @property
    def failures(self) -> tuple[GateResult, ...]:
        """Critical gates that failed and that nobody accepted: each of them refuses the release."""
        return tuple(g for g in self.gates if not g.passed and g.severity == "critical" and not g.accepted)

    @property
    def accepted(self) -> tuple[GateResult, ...]:
        """Gates that failed and were let through by `corpus accept`."""
        return tuple(g for g in self.gates if g.accepted)

    @property
    def warnings(self) -> tuple[GateResult, ...]:
        """Gates that failed and only report it."""
        return tuple(g for g in self.gates if not g.passed and g.severity == "warning")

    @property
    def refused(self) -> bool:
        """Whether the release must not be published; no gate at all is no proof, and refuses as well."""
        return bool(self.failures) or not self.gates
