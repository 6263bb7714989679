"""The report that never leaves the machine: that of a release, with the texts that were not published."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from corpus.errors import CorpusError
from corpus.ingest.payload import payload_of
from corpus.publish.disk import named_faults
from corpus.publish.manifest import RUN, STAGE_FIELDS, Manifest, read_manifest
from corpus.report.facts import ReportFacts, Withheld
from corpus.report.site import INDEX, write_report
from corpus.run.figures import StageFigures
from corpus.run.project import Project
from corpus.run.recording import history_of, results_of
from corpus.run.remembered import remembered_text
from corpus.validate.verdict import Verdict

FOLDER = "report-local"
BEGINNING = 4_000
"""Bytes shown of a record without an extracted text."""


def write_local_report(project: Project, release: Path) -> Path:
    """Write the report of a release with texts of records that it leaves out into `.corpus/report-local/`; its first
    page. What the machine no longer remembers, and raw/ no longer holds, is said to be gone."""
    manifest = read_manifest(release)
    folder = project.work / FOLDER / manifest.version
    with named_faults(folder):
        shutil.rmtree(folder, ignore_errors=True)
        write_report(folder, _facts(project, release, manifest))
    return folder / INDEX


def _facts(project: Project, release: Path, manifest: Manifest) -> ReportFacts:
    parent = release.parent / f"{manifest.name}-v{manifest.parent}" if manifest.parent else None
    return ReportFacts(
        name=manifest.name, title=project.settings.title or manifest.name, version=manifest.version, tables=release,
        verdict=Verdict(results_of(manifest.gates)), figures=_figures(release), settings=manifest.config,
        parent=parent if parent is not None and parent.is_dir() else None,
        versions={**manifest.libraries, **manifest.models, **manifest.code},
        history=history_of(project.dist, project.work), temporary=project.work,
        withheld=lambda row: _withheld(project, row),
    )  # fmt: skip


def _figures(release: Path) -> tuple[StageFigures, ...]:
    """What the run cost, as `run.json` says it; nothing where that can't be read."""
    try:
        stages = json.loads((release / RUN).read_text(encoding="utf-8"))["stages"]
        return tuple(StageFigures(**{name: stage[name] for name in STAGE_FIELDS}) for stage in stages)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _withheld(project: Project, row: Mapping[str, object]) -> Withheld:
    """The text of a record that is not published: as extracted, else the beginning of its bytes, else why there is
    none.

    A retracted record's is never looked for.
    """
    text = remembered_text(project.cache, str(row["record_id"]), str(row["sha256"]))
    if text is not None:
        return Withheld("extracted text", text)
    try:
        payload = payload_of(project.raw, row, project.settings.source)
    except CorpusError as error:
        return Withheld(f"no text: {error.message}", "")
    return Withheld("no text was extracted; the beginning of its bytes", payload[:BEGINNING].decode("utf-8", "replace"))
