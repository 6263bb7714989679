"""What the report of a run, or of a release that is there already, is made from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from corpus.publish.changes import ArticleChanges
from corpus.publish.facts import ReleaseFacts
from corpus.report.facts import ReportFacts
from corpus.run.figures import StageFigures
from corpus.run.project import Project
from corpus.run.recording import history_of, lines_of_run, rows_of_run
from corpus.validate.verdict import Verdict


def facts_of_run(
    project: Project, tables: Path, *, parent: Path | None, facts: ReleaseFacts, verdict: Verdict,
    figures: Sequence[StageFigures], changes: ArticleChanges | None,
) -> ReportFacts:  # fmt: skip
    """The report of the staged tables; of a refused run where the verdict refuses."""
    version = None if verdict.refused else facts.version
    counts = {name: table.rows for name, table in facts.tables.items()}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    here = rows_of_run(version, now, lines_of_run(verdict, counts, facts.fates, facts.reasons))
    history = pa.concat_tables([history_of(project.dist, project.work), here])
    return ReportFacts(
        name=facts.name, title=facts.title or facts.name, version=version, tables=tables, verdict=verdict,
        figures=tuple(figures), settings=facts.config, parent=parent, versions=versions_of_release(facts),
        history=history, temporary=project.work, changes=changes,
    )  # fmt: skip


def versions_of_release(facts: ReleaseFacts) -> dict[str, str]:
    """Libraries, models and fingerprints by name."""
    return {**facts.libraries, **facts.models, **facts.code}
