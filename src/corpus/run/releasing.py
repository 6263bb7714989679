"""From staged tables to a release: reload, gates, card, Croissant, report, manifest, commit. Or a refusal."""

from __future__ import annotations

import os
import platform
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus import __version__
from corpus.errors import RefusedError
from corpus.publish.card import check_card, write_card
from corpus.publish.changes import ArticleChanges, article_changes, change_counts
from corpus.publish.commit import commit
from corpus.publish.count import Counted
from corpus.publish.croissant import write_croissant
from corpus.publish.facts import Changes, GateLine, ReleaseFacts, RunFigures, TableChange
from corpus.publish.glance import glance
from corpus.publish.manifest import Manifest, entries, read_manifest, write_manifest, write_run
from corpus.publish.numbering import Change, next_version, version_after
from corpus.publish.releases import Release
from corpus.publish.reload import reload_tables
from corpus.report.facts import ReportFacts
from corpus.report.funnel import read_funnel
from corpus.report.site import write_report
from corpus.run.figures import StageFigures
from corpus.run.fingerprint import digest, versions_of
from corpus.run.plan import NOT_PLANNED, remember
from corpus.run.recording import history_of, lines_of_run, record_run
from corpus.run.reporting import facts_of_run
from corpus.run.retracting import retracted_paths
from corpus.run.staging import Staged, publishable, stage_tables
from corpus.run.state import State
from corpus.validate import GateContext, Verdict, inventory, validate
from corpus.validate.accepting import in_force, read_acceptances

LIBRARIES = (
    "pyarrow", "datasets", "great-expectations", "duckdb", "trafilatura", "lxml", "ftfy", "py3langid", "spacy", "numba",
    "numpy", "prefect",
)  # fmt: skip
SHOWN = 5
"""Gates that the message of a refusal names; the report has all of them."""


@dataclass(frozen=True)
class Released:
    """The release that a run ended with; `new`: it was made by this run."""

    version: str
    folder: Path
    new: bool


class Releasing:
    """The last two stages. `plan` is what the run was made from; `last` the release before."""

    def __init__(self, state: State, plan: str, last: Release | None, stable: bool, rewrite: bool) -> None:
        self.state = state
        self._plan, self._last, self._stable, self._rewrite = plan, last, stable, rewrite
        self._started_at = _now()
        self._acceptances = read_acceptances(state.project.acceptances)  # a broken line is said before the work
        self._staged: Staged | None = None
        self._verdict: Verdict | None = None
        self._counted: Mapping[str, Counted] = {}

    @property
    def _parent(self) -> Path | None:
        if self._last is None or self._last.folder is None:
            return None
        return self.state.project.dist / self._last.folder

    def validate(self, figures: Sequence[StageFigures]) -> None:
        """Stage the tables, load them as their users will, and ask the gates. RefusedError where one refuses."""
        state = self.state
        state.listener.started("validate", None)
        full, staged = self._stage()
        self._staged = staged
        self._counted = reload_tables(staged.folder, staged.tables, state.project.work)
        state.meter.rows_in = sum(table.rows for table in staged.tables.values())
        state.meter.rows_out = state.meter.rows_in
        self._verdict = validate(full.folder, self._context(full))  # gates judge whole texts
        if self._verdict.refused:
            raise self._refuse(self._verdict, figures)

    def publish(self, figures: Sequence[StageFigures]) -> Released:
        """Commit the staged release, or throw it away where it is the last one again."""
        state, staged, verdict = self.state, self._staged, self._verdict
        if staged is None or verdict is None or verdict.refused:
            raise RuntimeError("nothing that passed the gates is staged")
        state.listener.started("publish", None)
        parent = read_manifest(self._parent) if self._parent else None
        version = version_after(parent, entries(staged.tables), rewrite=self._rewrite, stable=self._stable)
        state.meter.rows_in = state.meter.rows_out = staged.tables["articles"].rows
        if version is None:
            assert self._last is not None and self._parent is not None
            shutil.rmtree(staged.folder.parent)
            remember(state.project, self._plan, self._last.version, self._last.manifest_sha256)
            return Released(self._last.version, self._parent, new=False)
        found = self._compared(staged)
        facts = self._facts(staged, verdict, version, parent, found)
        write_card(staged.folder, facts)
        write_croissant(staged.folder, facts)
        write_report(staged.folder / "report", self._report(facts, verdict, figures, found))
        published_at = _now()
        done = [*figures, state.meter.read()]
        host: dict[str, str | int] = {
            "cpu_count": os.cpu_count() or 0,
            "machine": platform.machine(),
            "system": platform.system(),
        }
        write_run(staged.folder, RunFigures(self._started_at, published_at, done, host))
        manifest_sha256 = write_manifest(staged.folder, facts)
        check_card(staged.folder, self._counted)
        counts = {name: table.rows for name, table in staged.tables.items()}
        release = Release(
            version, self._last.version if self._last else None, published_at, facts.digest, manifest_sha256,
            counts, facts.folder,
        )  # fmt: skip
        folder = commit(staged.folder, state.project.dist, state.project.work, release)
        record_run(state.project.work, version, published_at, lines_of_run(verdict, counts, facts.fates, facts.reasons))
        remember(state.project, self._plan, version, manifest_sha256)
        shutil.rmtree(staged.folder.parent, ignore_errors=True)
        return Released(version, folder, new=True)

    def _stage(self) -> tuple[Staged, Staged]:
        """All tables, and what of them is published, under the version that they will have: almost always one try,
        since rows that changed make a MINOR version; where it comes out otherwise they are written again."""
        last = self._last.version if self._last else None
        version = next_version(last, Change.MINOR, stable=self._stable)
        assert version is not None
        full = stage_tables(self.state, self._parent, version)
        staged = publishable(self.state, full, self._parent)
        parent = read_manifest(self._parent) if self._parent else None
        right = version_after(parent, entries(staged.tables), rewrite=self._rewrite, stable=self._stable)
        if right not in (None, version):
            full = stage_tables(self.state, self._parent, right)
            staged = publishable(self.state, full, self._parent)
        return full, staged

    def _context(self, staged: Staged) -> GateContext:
        project = self.state.project
        return GateContext(
            raw_paths=inventory(project.raw),
            expectations=project.expectations,
            previous=self._parent,
            settings=project.settings.gates,
            annotated=project.settings.annotate.enabled,
            n_inputs=self.state.inputs.num_rows,
            failing=project.work / "failing",
            retracted_paths=retracted_paths(self.state, self._parent),
            history=history_of(project.dist, project.work),
            acceptances=in_force(self._acceptances, self._last.version if self._last else None, self._started_at[:10]),
            written={name: table.rows for name, table in staged.tables.items()},
        )

    def _refuse(self, verdict: Verdict, figures: Sequence[StageFigures]) -> RefusedError:
        """Keep the report in `.corpus/refused/`, throw the tables away, and say what refused and how to mend it."""
        assert self._staged is not None
        folder = self.state.project.work / "refused"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        parent = read_manifest(self._parent) if self._parent else None
        found = self._compared(self._staged)
        facts = self._facts(self._staged, verdict, self._staged.version, parent, found)
        write_report(folder, self._report(facts, verdict, figures, found))
        counts = {name: table.rows for name, table in self._staged.tables.items()}
        lines = lines_of_run(verdict, counts, facts.fates, facts.reasons)
        record_run(self.state.project.work, None, _now(), lines)
        shutil.rmtree(self._staged.folder.parent, ignore_errors=True)
        said = []
        for gate in verdict.failures[:SHOWN]:
            ids = f" [{', '.join(gate.examples)}]" if gate.examples else ""
            said.append(f"{gate.name}: found {gate.observed}, expected {gate.threshold}{ids}. {gate.cause} {gate.mend}")
        more = f" … and {len(verdict.failures) - SHOWN} more" if len(verdict.failures) > SHOWN else ""
        return RefusedError(
            f"{len(verdict.failures)} of {len(verdict.gates)} gates refuse this release:\n  "
            + "\n  ".join(line.strip() for line in said)
            + more,
            mend=f"look at {folder / 'index.html'} and the rows in {self.state.project.work / 'failing'}; "
            "the last release is as it was",
        )

    def _compared(self, staged: Staged) -> ArticleChanges | None:
        """The articles beside the parent's, once for card, manifest and report: it reads what the two do not share."""
        return article_changes(self._parent, staged.folder) if self._parent else None

    def _report(
        self, facts: ReleaseFacts, verdict: Verdict, figures: Sequence[StageFigures], found: ArticleChanges | None
    ) -> ReportFacts:  # fmt: skip
        assert self._staged is not None
        return facts_of_run(
            self.state.project, self._staged.folder, parent=self._parent, facts=facts, verdict=verdict, figures=figures,
            changes=found,
        )  # fmt: skip

    def _facts(
        self, staged: Staged, verdict: Verdict, version: str, parent: Manifest | None, found: ArticleChanges | None
    ) -> ReleaseFacts:
        state, settings = self.state, self.state.settings
        fates, reasons = ledger_counts(staged.folder)
        models = {settings.annotate.model: _version(settings.annotate.model)} if settings.annotate.enabled else {}
        return ReleaseFacts(
            name=settings.name, title=settings.title, description=settings.description, version=version,
            parent=parent.version if parent else None, license=settings.license, language=settings.language,
            homepage=settings.homepage, maintainer=settings.maintainer, tables=staged.tables, fates=fates,
            reasons=reasons, gates=_lines(verdict),
            code={"corpus": __version__, **state.fingerprints}, config=_config(state), libraries=_libraries(),
            models=models,
            platform={
                "machine": platform.machine(), "python": platform.python_version(),
                "libraries": digest(*(line for name in LIBRARIES for line in versions_of(name))),
            },
            inventory_digest=state.inventory.digest,
            changes=changes(staged, parent, found), text=settings.publish.text,
            glance=glance(staged.folder), funnel=read_funnel(staged.folder),
        )  # fmt: skip


def _lines(verdict: Verdict) -> tuple[GateLine, ...]:
    return tuple(
        GateLine(
            g.name, g.passed, g.severity, g.rows_evaluated, g.observed, g.threshold, g.table, g.column, g.failing_rows,
            g.accepted,
        )
        for g in verdict.gates
    )  # fmt: skip


def _config(state: State) -> dict[str, object]:
    """The settings that a release is a function of."""
    return dict(state.settings.model_dump(mode="json", exclude=NOT_PLANNED, by_alias=True))


def _libraries() -> dict[str, str]:
    return {name: _version(name) for name in LIBRARIES}


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def ledger_counts(folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Records by fate, and by rule of their reasons (one with three reasons counts in each)."""
    fates: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for path in sorted((folder / "records").glob("*.parquet")):
        table = pq.ParquetFile(path).read(columns=["fate", "reasons"])
        fates.update(table["fate"].to_pylist())
        rules.update(pc.struct_field(pc.list_flatten(table["reasons"]), "rule").to_pylist())
    return dict(sorted(fates.items())), dict(sorted(rules.items()))


def changes(staged: Staged, parent: Manifest | None, articles: ArticleChanges | None) -> Changes | None:
    """What changed since the parent release, `articles` among it; None for the first."""
    if parent is None or articles is None:
        return None
    tables = []
    for name, entry in entries(staged.tables).items():
        before = parent.tables.get(name)
        same = before is not None and before.digest == entry.digest
        tables.append(TableChange(name, before.rows if before else 0, entry.rows, same))
    return Changes(
        len(articles.added), len(articles.removed), len(articles.changed), tuple(tables), change_counts(articles)
    )
