"""How things stand: `corpus status` shows the last release, the schedule, who is at work, and the last runs.

It starts no server: it reads `releases.json`, the locks, and Prefect's database in `.corpus/prefect` as it lies there.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psutil
from rich.table import Table
from rich.text import Text

from corpus.console import out
from corpus.publish.releases import read_releases
from corpus.run import Project

RUNS = 10
"""Runs shown."""
ENDED = """
    SELECT run.name, run.state_name, run.start_time, run.end_time, state.message
    FROM flow_run AS run LEFT JOIN flow_run_state AS state ON state.id = run.state_id
    WHERE run.start_time IS NOT NULL ORDER BY run.start_time DESC LIMIT ?
"""
NEXT = "SELECT min(expected_start_time) FROM flow_run WHERE state_type = 'SCHEDULED' AND expected_start_time > ?"
STYLES = {"Published": "green", "Completed": "green", "Running": "cyan", "Failed": "red", "Crashed": "red"}


def status(project_dir: Path) -> int:
    """Print how the project stands; always 0."""
    project = Project.find(project_dir)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _lines(project):
        grid.add_row(name, Text(value))
    out.print(grid)
    _show_runs(project.work / "prefect" / "prefect.db", at_work=holder(project.work / "lock") is not None)
    return 0


def _lines(project: Project) -> Iterator[tuple[str, str]]:
    yield "project", f"{project.settings.name} in {project.root}"
    newest = read_releases(project.dist).newest
    if newest is None:
        yield "release", "none yet: `corpus publish` makes one"
    else:
        yield "release", f"{newest.version}, {newest.counts.get('articles', 0):,} articles, {newest.published_at}"
    schedule = project.settings.schedule
    yield "schedule", schedule.interval or (f"{schedule.cron} ({schedule.timezone})" if schedule.cron else "none")
    prefect = project.work / "prefect"
    if server := holder(prefect / "lock"):
        address = prefect / "address"
        page = f", Prefect's page: {address.read_text()}" if address.is_file() else ""
        yield "serving", f"process {server}{page}"
        yield "next run", _next_run(prefect / "prefect.db")
    else:
        yield "serving", "no: `corpus serve` runs the schedule"
    run = holder(project.work / "lock")
    yield "at work", f"a run in process {run}" if run else "nobody"
    refused = project.work / "refused" / "index.html"
    since = datetime.fromtimestamp(refused.stat().st_mtime, UTC) if refused.is_file() else None
    if since and (newest is None or since > datetime.fromisoformat(newest.published_at)):
        yield "refused", f"a run at {since:%Y-%m-%d %H:%M:%S} UTC: {refused}"


def holder(lock: Path) -> int | None:
    """The process that holds a lock of `corpus.run.hold`: the one that it names, if that still has the file open."""
    try:
        pid = int(lock.read_text())
        files = [file.path for file in psutil.Process(pid).open_files()]
    except (OSError, ValueError, psutil.Error):
        return None
    return pid if os.path.realpath(lock) in files else None


def _rows(database: Path, query: str, value: object) -> list[tuple[str | None, ...]]:
    """Rows of Prefect's database, none where it can't be read: its tables are Prefect's own and may change."""
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return list(connection.execute(query, (value,)))
    except sqlite3.Error:
        return []


def _next_run(database: Path) -> str:
    rows = _rows(database, NEXT, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}")
    return f"{str(rows[0][0])[:19]} UTC" if rows and rows[0][0] else "unknown"


def _show_runs(database: Path, *, at_work: bool) -> None:
    if os.environ.get("PREFECT_API_URL"):
        out.print(f"\nThe runs are in Prefect at {os.environ['PREFECT_API_URL']}", markup=False)
    runs = _rows(database, ENDED, RUNS)
    if not runs:
        return
    table = Table(title="Last runs of the flow", title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("run", "ended as", "seconds", "message"):
        table.add_column(column, overflow="fold", justify="right" if column == "seconds" else "left")
    for name, state, started, ended, message in runs:
        killed = state == "Running" and not at_work  # the next run will tell Prefect so
        said = "Crashed" if killed else state or ""
        first_line = "its process is gone" if killed else (message or "").strip().split("\n")[0]
        table.add_row(Text(name or ""), Text(said, STYLES.get(said, "")), _seconds(started, ended), Text(first_line))
    out.print()
    out.print(table)


def _seconds(started: str | None, ended: str | None) -> str:
    if not started or not ended:
        return ""
    return f"{(datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds():.1f}"


if __name__ == "__main__":
    from corpus.cli import run

    sys.exit(run(["status", *sys.argv[1:]]))
