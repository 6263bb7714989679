"""Kills the whole `corpus publish`, flow and all, at a point of a stage; run as a process by `test_flow_killing`.

`python -m tests.end_to_end.flow_killing POINT PROJECT` is `corpus publish --project PROJECT`, which dies at that point.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from corpus.publish.releases import INDEX, find_release, read_releases
from corpus.run import Project
from tests.projects import ROOT

MARK = "CORPUS_TEST_FAMILY"
"""A variable by which all processes that come of one command are known, in whatever session they are."""
STANDING = frozenset({"cache", "history", "lock", "plan.json", "prefect", "scratch"})
"""What `.corpus` keeps between runs."""
POINTS = {
    "clean": "`clean` has some batches done and others with its worker processes",
    "gates": "`validate` has all tables staged and reloaded, and is asking the gates",
    "commit": "`publish` has renamed the release's folder, and not yet replaced `releases.json`",
}


@dataclass(frozen=True)
class Killed:
    """One kill of the flow: what a reader got afterwards, whole, what lay about, how many children had to end too."""

    point: str
    seen: str
    left: tuple[str, ...]
    children: int


def kill(point: str, project: Project, told: Path) -> Killed:
    """Run `corpus publish` in a session of its own until it dies by SIGKILL at the point."""
    command = [sys.executable, "-m", "tests.end_to_end.flow_killing", point, str(project.root), str(told)]
    code = in_family(command)
    assert code == -signal.SIGKILL, code
    return Killed(point, find_release(None, project.dist).name.rpartition("-v")[2], left(project), _children(told))


def in_family(command: list[str]) -> int:
    """The exit code of a command; AssertionError where a process that came of it, in any session, stays behind."""
    mark = uuid.uuid4().hex
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT")}
    child = subprocess.Popen(command, cwd=ROOT, env={**environment, MARK: mark}, start_new_session=True)
    code = child.wait()
    deadline = time.monotonic() + 60  # the server ends by itself, in its own time
    while found := family(mark):
        assert time.monotonic() < deadline, f"still there: {found}"
        time.sleep(0.2)
    return code


def family(mark: str) -> list[str]:
    """The command lines of living processes with that mark."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark:
                found.append(" ".join(process.cmdline()))
        except psutil.Error:  # it ended meanwhile, is a zombie, or is another user's
            continue
    return found


def left(project: Project) -> tuple[str, ...]:
    """What is neither a listed release nor kept between runs."""
    listed = {release.folder for release in read_releases(project.dist).releases} | {INDEX}
    stray = [f"dist/{path.name}" for path in project.dist.iterdir() if path.name not in listed]
    work = [f".corpus/{_without_pid(path.name)}" for path in project.work.iterdir() if path.name not in STANDING]
    halves = [".corpus/cache/*.tmp" for _ in project.cache.rglob("*.tmp")][:1]
    return tuple(sorted(stray + work + halves))


def table(found: list[Killed]) -> str:
    """The kills as a Markdown table."""
    lines = ["| killed while | a reader sees, whole | left until the next run |", "|---|---|---|"]
    for one in found:
        names = ", ".join(f"`{name}`" for name in one.left) or "nothing"
        lines.append(f"| {POINTS[one.point]} | {one.seen} | {names} |")
    return "\n".join(lines) + "\n"


def copied(project: Project, root: Path) -> Project:
    """The project as it lies there, once more."""
    shutil.copytree(project.root, root, ignore=shutil.ignore_patterns("prefect"))
    return Project.find(root)


def _without_pid(name: str) -> str:
    return name.rstrip("0123456789").rstrip(".") if INDEX in name else name


def _children(told: Path) -> int:
    return int(json.loads(told.read_text()))


def _arm(point: str, die: Callable[[], None]) -> None:
    """Put the kill where the point is."""
    if point == "clean":
        from corpus.console import Bars

        advanced = Bars.advanced

        def advancing(self: Bars, stage: str, done: int) -> None:
            advanced(self, stage, done)
            if stage == "clean":
                die()

        Bars.advanced = advancing  # type: ignore[method-assign]
    elif point == "gates":
        from corpus.validate import gates

        gates.expectation_gates = lambda *_: die()  # type: ignore[assignment,return-value]
    else:
        from corpus.publish import commit

        fsync = commit.fsync

        def syncing(path: Path) -> None:
            if path.parent.name == "dist":
                die()
            fsync(path)

        commit.fsync = syncing


if __name__ == "__main__":
    from corpus.cli import run

    def _die() -> None:
        Path(sys.argv[3]).write_text(json.dumps(len(psutil.Process().children(recursive=True))))
        assert os.getpgrp() == os.getpid(), "this would kill whoever started it"
        os.killpg(os.getpgrp(), signal.SIGKILL)
        time.sleep(60)

    _arm(sys.argv[1], _die)
    sys.exit(run(["publish", "--project", sys.argv[2]]))
