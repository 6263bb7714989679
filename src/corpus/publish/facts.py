"""What a release says of itself: the one source of card, Croissant and manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from corpus.publish.digest import release_digest
from corpus.publish.glance import Glance
from corpus.publish.write import WrittenTable
from corpus.report.funnel import Funnel


@dataclass(frozen=True)
class GateLine:
    """One gate's outcome: its name, whether it passed, its severity, how many rows it looked at, what it saw and what
    it allows; `accepted`: why it was let through although it failed (reason and date), else empty."""

    name: str
    passed: bool
    severity: str
    rows_evaluated: int
    observed: str = ""
    threshold: str = ""
    table: str = ""
    column: str = ""
    failing_rows: int = 0
    accepted: str = ""


@dataclass(frozen=True)
class TableChange:
    """Rows of a table in the parent release and in this one, and whether its logical digest is the same."""

    table: str
    rows_before: int
    rows_now: int
    same: bool


@dataclass(frozen=True)
class Changes:
    """What changed since the parent: articles by id, each table's rows, and how many articles were removed or changed
    in which way (`ways`, in words)."""

    added: int
    removed: int
    changed: int
    tables: tuple[TableChange, ...]
    ways: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ReleaseFacts:
    """All that card, Croissant and manifest say. No time and no fact of the machine's state: those go into run.json.

    `license` is an SPDX id or `other`; `language` ISO 639-1 codes; `fates` and `reasons` count records of the ledger (a
    record with three reasons counts in each); `code` names what the rows depend on (package version, fingerprints);
    `config` the settings' values; `platform` the CPU family and lock file that the digests hold for; `limits` are
    sentences for the card; `glance` and `funnel` are the figures that card and report share.
    """

    name: str
    title: str
    description: str
    version: str
    parent: str | None
    license: str
    language: tuple[str, ...]
    homepage: str
    maintainer: str
    tables: Mapping[str, WrittenTable]
    fates: Mapping[str, int]
    reasons: Mapping[str, int]
    gates: tuple[GateLine, ...]
    code: Mapping[str, str]
    config: Mapping[str, object]
    libraries: Mapping[str, str]
    models: Mapping[str, str]
    platform: Mapping[str, str]
    inventory_digest: str
    limits: tuple[str, ...] = ()
    changes: Changes | None = None
    text: str = "full"
    glance: Glance | None = None
    funnel: Funnel | None = None

    @property
    def digest(self) -> str:
        """The release's logical digest."""
        return release_digest({name: table.digest for name, table in self.tables.items()})

    @property
    def folder(self) -> str:
        """The release folder's name below `dist/<name>`."""
        return f"{self.name}-v{self.version}"


class StageLine(Protocol):
    """What one stage of a run cost; times in seconds, `peak_bytes` resident memory of its largest process."""

    @property
    def name(self) -> str:
        """The stage."""

    @property
    def rows_in(self) -> int:
        """Records that came in."""

    @property
    def rows_out(self) -> int:
        """Records that went on."""

    @property
    def reused(self) -> int:
        """Records whose result was remembered."""

    @property
    def seconds(self) -> float:
        """Time on the wall."""

    @property
    def cpu_seconds(self) -> float:
        """Processor time of all processes."""

    @property
    def peak_bytes(self) -> int:
        """Peak memory."""


@dataclass(frozen=True)
class RunFigures:
    """What varies from run to run: times (UTC, ISO 8601), facts of the host, and what each stage cost."""

    started_at: str
    published_at: str
    stages: Sequence[StageLine]
    host: Mapping[str, str | int] = field(default_factory=dict)
