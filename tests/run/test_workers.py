"""Tasks on worker processes."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from corpus.run.workers import open_workers


def square(n: int) -> int:
    return n * n


def die_at_three(n: int) -> int:
    if n == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return n


def fail(n: int) -> int:
    raise ValueError(f"no {n}")


def test_results_come_from_other_processes_and_a_single_task_from_this_one() -> None:
    with open_workers(2) as workers:
        assert sorted(done.result for done in workers.map(square, range(5))) == [0, 1, 4, 9, 16]
        assert {done.result for done in workers.map(os.getpgid, [0])} == {os.getpgid(0)}


def test_a_worker_that_dies_costs_one_task() -> None:
    with open_workers(2) as workers:
        done = {d.task: d for d in workers.map(die_at_three, range(6))}
    assert done[3].died
    assert {n: d.result for n, d in done.items() if not d.died} == {n: n for n in range(6) if n != 3}


def test_an_exception_in_a_worker_comes_out_as_it_is() -> None:
    with open_workers(2) as workers, pytest.raises(ValueError, match="no"):
        list(workers.map(fail, range(3)))


@pytest.mark.parametrize("count", [1, 2])
def test_a_risky_task_never_runs_in_this_process_though_it_is_the_only_one(count: int) -> None:
    with open_workers(count) as workers:
        (done,) = workers.map(die_at_three, [3], risky=True)
        assert done.died
        (here,) = workers.map(os.getpgid, [0], risky=False)
        assert here.result == os.getpgid(0)
    with open_workers(count, isolate=False) as workers:
        (done,) = workers.map(square, [3], risky=True)
        assert done.result == 9


def test_an_interrupt_never_reaches_a_worker_however_early_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a Ctrl-C does to a process that is still importing: every worker gets one before its first line of ours.
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "if 'loky.backend.popen_loky_posix' in ' '.join(sys.orig_argv):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with open_workers(2) as workers:
        assert sorted(done.result for done in workers.map(square, range(3))) == [0, 1, 4]
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before  # this process hears its own again
