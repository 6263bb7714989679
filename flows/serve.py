"""The schedule: `corpus serve` runs the flow `publish` on the interval or cron line of corpus.toml until stopped.

This process imports no Prefect. It looks after two children, Prefect's server and a runner (`prefect_runner.py`), and
ends both when it is told to stop.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).parent))  # the files beside this one, from wherever it is loaded

import prefect_environment
import psutil

from corpus.console import out
from corpus.errors import EnvironmentFaultError, HeldError, SettingsError
from corpus.run import Project, hold
from corpus.sections import Schedule

GRACE_SECONDS = 4.0
"""How long a run has to end by itself when the schedule is stopped; what it has done is remembered."""


class Stopped(BaseException):  # like KeyboardInterrupt, not an error
    """SIGTERM or SIGINT came."""

    def __init__(self, signum: int) -> None:
        self.exit_code = 0 if signum == signal.SIGTERM else 128 + signum
        super().__init__(signum)


def serve(project_dir: Path) -> int:
    """Run the flow on the project's schedule until SIGTERM (returns 0) or SIGINT (returns 130).

    Raises SettingsError where corpus.toml has no schedule, HeldError where another process serves it already, and
    EnvironmentFaultError where Prefect can't be started or its runner ends by itself.
    """
    project = Project.find(project_dir)
    rhythm = describe(project)
    prefect_environment.prepare(project.root)
    os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "ERROR"  # of the runner; the runs speak for themselves
    before = {signum: signal.signal(signum, _stop) for signum in (signal.SIGTERM, signal.SIGINT)}
    try:
        with _only_one(project), prefect_environment.server(project.root) as url:
            _run(project, rhythm, url)
    except Stopped as stopped:
        out.print("Stopped: the last release is as it was.")
        return stopped.exit_code
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
    raise EnvironmentFaultError(
        "Prefect's runner ended by itself", where=str(project.root), mend="the lines above say why; then start again"
    )


@contextmanager
def _only_one(project: Project) -> Iterator[None]:
    """Hold a lock of its own: two schedulers on one database would let every run start twice."""
    with ExitStack() as stack:
        try:
            stack.enter_context(hold(project.work / "prefect"))
        except HeldError as error:
            raise HeldError("the schedule is being served already", where=error.where, mend=error.mend) from error
        yield


def describe(project: Project) -> str:
    """The schedule in words; SettingsError where there is none."""
    schedule: Schedule = project.settings.schedule
    if schedule.interval:
        return f"every {schedule.interval}"
    if schedule.cron:
        return f"at {schedule.cron!r} ({schedule.timezone})"
    raise SettingsError(
        "there is no schedule",
        where=str(project.root / "corpus.toml"),
        mend='write [schedule] with interval = "6h", or with cron = "0 6 * * *" and timezone = "Europe/London"',
    )


def _stop(signum: int, _frame: FrameType | None) -> None:
    for other in (signal.SIGTERM, signal.SIGINT):  # a second signal must not interrupt the tidying up
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(signum)


def _run(project: Project, rhythm: str, url: str) -> None:
    """Run the runner until it ends or this process is told to stop; then nothing of it is left."""
    file = str(Path(__file__).with_name("prefect_runner.py").resolve())
    runner = subprocess.Popen(
        [sys.executable, file, str(project.root)], stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        page = url.removesuffix("/api")
        (project.work / "prefect" / "address").write_text(page)
        out.print(f"Serving {project.settings.name} {rhythm}. Prefect's page: {page} (Ctrl-C stops)", markup=False)
        runner.wait()
    finally:
        _end_session(runner)


def _end_session(leader: subprocess.Popen[bytes]) -> None:
    """End a child and all that it started: the runs, and their workers."""
    deadline = time.monotonic() + GRACE_SECONDS
    _signal(leader.pid, signal.SIGTERM)
    while _members(leader.pid) and time.monotonic() < deadline:
        leader.poll()  # reaps it
        time.sleep(0.05)
    _signal(leader.pid, signal.SIGKILL)
    leader.wait()


def _signal(group: int, signum: int) -> None:
    try:
        os.killpg(group, signum)
    except ProcessLookupError:
        return


def _members(group: int) -> list[int]:
    """The living processes of a process group."""
    found = []
    for process in psutil.process_iter(["status"]):
        try:
            if os.getpgid(process.pid) == group and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except ProcessLookupError:
            continue
    return found


if __name__ == "__main__":
    from corpus.cli import run

    sys.exit(run(["serve", *sys.argv[1:]]))
