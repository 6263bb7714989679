"""The whole `corpus publish` killed three times on its way, in the Prefect flow and with all of its process group."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from corpus.publish.manifest import read_manifest
from corpus.publish.releases import find_release, read_releases
from corpus.publish.verify import verify
from corpus.run import Project, hold, publish
from tests.end_to_end.flow_killing import POINTS, Killed, copied, in_family, kill, left, table
from tests.projects import ROOT, article, new_project, write
from tests.run.varying import new_settings

DOCS = ROOT / "docs" / "releases.md"


def whole(project: Project) -> str:
    """The digest of what a reader gets, after every number of it was checked."""
    folder = find_release(None, project.dist)
    assert verify(folder).faults == ()
    return read_manifest(folder).digest


def finished(project: Project, digest: str) -> None:
    """The new release is there, as if nothing had happened, and nothing else is."""
    assert [release.version for release in read_releases(project.dist).releases] == ["0.1.0", "0.2.0"]
    assert whole(project) == digest
    assert left(project) == ()


@pytest.mark.slow
@pytest.mark.timeout(1400)
def test_a_flow_killed_anywhere_leaves_the_old_release_whole_and_the_next_run_finishes_the_job(tmp_path: Path) -> None:
    first = {f"one/{n}.txt": article(n) for n in range(4)}
    project = new_project(tmp_path / "p", first, enabled="false", workers="1", batch_records="2")
    publish(project)
    old = whole(project)
    write(project.root, {f"two/{n}.txt": article(40 + n) for n in range(6)})
    uninterrupted = copied(project, tmp_path / "uninterrupted")
    publish(uninterrupted)
    new = whole(uninterrupted)
    assert new != old
    finished(uninterrupted, new)

    found: list[Killed] = []
    for point in POINTS:  # each run takes up what the killed one before it left
        new_settings(project.root, {"workers": "2" if point == "clean" else "1"})
        found.append(kill(point, project, tmp_path / "told.json"))
        assert whole(project) == old
        with hold(project.work):  # nobody has it any more
            pass
        if point != "commit":  # and so does a run that goes straight through
            once_more = copied(project, tmp_path / f"after-{point}")
            publish(once_more)
            finished(once_more, new)
    assert in_family([sys.executable, "-m", "corpus.cli", "publish", "--project", str(project.root)]) == 0
    finished(project, new)
    with closing(sqlite3.connect(project.work / "prefect" / "prefect.db")) as history:
        states = [state for (state,) in history.execute("SELECT state_type FROM flow_run ORDER BY start_time")]
    assert states == ["CRASHED"] * len(POINTS) + ["COMPLETED"]

    children = {one.point: one.children for one in found}
    assert children["clean"] >= 3, "Prefect's server and two workers had to end with it"
    assert min(children.values()) >= 1, "Prefect's server had to end with it"
    assert table(found) in DOCS.read_text(encoding="utf-8"), table(found)
