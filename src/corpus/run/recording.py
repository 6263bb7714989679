"""The history of a project: written when a release is committed or refused, made again from the releases if missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from corpus.errors import ProjectError
from corpus.publish.facts import GateLine
from corpus.publish.manifest import read_manifest
from corpus.publish.releases import Release, read_releases
from corpus.validate.history import (
    Line,
    figure_lines,
    gate_lines,
    history_rows,
    known_versions,
    read_history,
    write_history,
)
from corpus.validate.verdict import GateResult, Verdict


def history_of(dist: Path, work: Path) -> pa.Table:
    """The whole history (`corpus.validate.history.SCHEMA`), releases that it lacks added from `dist` first.

    Of a release that was pruned only what `releases.json` says of it comes back.
    """
    known = known_versions(work)
    for release in read_releases(dist).releases:
        if release.version not in known:
            write_history(work, release.version, release.published_at, _lines_of(dist, release))
    return read_history(work)


def lines_of_run(
    verdict: Verdict, counts: Mapping[str, int], fates: Mapping[str, int], reasons: Mapping[str, int]
) -> list[Line]:
    """What a run adds to the history, as lines for `rows_of_run` and `record_run`."""
    return [*figure_lines(counts, fates, reasons), *gate_lines(verdict.gates)]


def rows_of_run(version: str | None, at: str, lines: Iterable[Line]) -> pa.Table:
    """The same as rows of the history, for a report that is drawn before the release is committed."""
    return history_rows(version, at, lines)


def record_run(work: Path, version: str | None, at: str, lines: Iterable[Line]) -> None:
    """Put a run into the history; `version` None: it was refused at `at` (UTC, ISO 8601)."""
    write_history(work, version, at, lines)


def _lines_of(dist: Path, release: Release) -> Iterator[Line]:
    """What a release says of itself."""
    if release.folder is None:
        yield from figure_lines(release.counts, {}, {})
        return
    try:
        manifest = read_manifest(dist / release.folder)
    except ProjectError:  # damaged: `corpus verify` says so; its counts are known without it
        yield from figure_lines(release.counts, {}, {})
        return
    yield from figure_lines(release.counts, manifest.fates, manifest.reasons)
    yield from gate_lines(results_of(manifest.gates))


def results_of(gates: Iterable[GateLine]) -> tuple[GateResult, ...]:
    """Gates as a release's manifest lists them; what they advised is not there."""
    return tuple(_result(gate) for gate in gates)


def _result(line: GateLine) -> GateResult:
    return GateResult(
        line.name, line.table, "expectation", "warning" if line.severity == "warning" else "critical", line.passed,
        line.rows_evaluated, line.observed, line.threshold, failing_rows=line.failing_rows, column=line.column,
        accepted=line.accepted,
    )  # fmt: skip
