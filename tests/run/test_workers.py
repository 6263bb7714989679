"""Tasks on worker processes."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from corpus.run.limit import cpu_limit, limited
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


def die_in_several_ways(n: int) -> int:
    if n == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if n == 17:
        os.kill(os.getpid(), signal.SIGSEGV)
    if n == 39:
        with cpu_limit(0.2):
            while True:
                pass
    return os.getpid()


@pytest.mark.slow
def test_each_death_costs_its_own_task_and_the_others_go_on_together() -> None:
    with open_workers(2) as workers:
        list(workers.map(square, range(4)))  # the first one kills while the others are still handed over
        done = {d.task: d for d in workers.map(die_in_several_ways, range(40))}
    assert {n for n, d in done.items() if d.died} == {0, 17, 39}
    assert [n for n, d in done.items() if d.out_of_time] == [39]
    assert len({d.result for d in done.values() if not d.died}) < 12  # no worker of its own for each that was lost


def test_time_is_limited_in_workers_alone() -> None:
    with cpu_limit(1e-6):
        assert sum(range(10**5))
    assert list(limited(iter("ab"), 1e-6)) == ["a", "b"]


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
