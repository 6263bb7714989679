"""Tasks on worker processes, by loky: a worker that dies is noticed, and `__main__` is not imported again in each."""

from __future__ import annotations

import signal
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

import loky
from loky.process_executor import TerminatedWorkerError

from corpus.run.figures import peak, reset_peak
from corpus.run.limit import OUT_OF_TIME

BEGUN = 2  # tasks besides one a worker that a pool may have begun: loky hands one over ahead

# loky replaces a worker that has grown by 300 MB, and warns of it: that is wanted, and no news for the user.
warnings.filterwarnings("ignore", message="A worker was restarted", category=UserWarning)

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Done(Generic[Task, Result]):
    """One task's result, or None where its worker died; with what it cost there.

    `out_of_time`: it was ended because it took too much processor time.
    """

    task: Task
    result: Result | None
    cpu_seconds: float
    peak_bytes: int
    died: bool = False
    out_of_time: bool = False

    @property
    def rule(self) -> str:
        """Why its worker was lost, if it was."""
        return "time_limit" if self.out_of_time else "worker_died"


def _ignore_interrupts() -> None:
    """Ctrl-C reaches the whole process group; the parent alone decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """What is started here inherits a blocked SIGINT: a worker that is still importing would print a traceback at it.

    This thread hears an interrupt of the meantime at the end.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _measured(function: Callable[[Task], Result], task: Task) -> tuple[Result, float, int]:
    reset_peak()
    start = time.process_time()
    result = function(task)
    return result, time.process_time() - start, peak()


def _dead(task: Task, error: BaseException | None) -> Done[Task, Result]:
    return Done(task, None, 0.0, 0, died=True, out_of_time=OUT_OF_TIME in str(error))


class Workers:
    """A pool that starts with its first second task: a single one runs in this process, unless it may end it.

    `isolate`: what reads raw bytes (`risky` tasks) never runs in this process, for it may kill the one that it runs in.
    """

    def __init__(self, count: int, *, isolate: bool = True) -> None:
        self.count, self.isolate = count or loky.cpu_count(), isolate
        self._pool: loky.ProcessPoolExecutor | None = None
        self._size = 0

    def map(
        self, function: Callable[[Task], Result], tasks: Iterable[Task], *, risky: bool = False, alone: bool = False
    ) -> Iterator[Done[Task, Result]]:
        """Run a module-level function on each task and yield what is done, in order of completion; `alone`: here.

        A task whose worker died comes back with `died`; the pool is made anew for the others.
        """
        waiting = list(tasks)
        if alone or not waiting or ((len(waiting) == 1 or self.count == 1) and not (risky and self.isolate)):
            for task in waiting:
                yield Done(task, function(task), 0.0, 0)  # what it costs is this process's own
            return
        while waiting:
            waiting = yield from self._round(function, waiting)

    def _round(
        self, function: Callable[[Task], Result], waiting: list[Task]
    ) -> Generator[Done[Task, Result], None, list[Task]]:
        """Run tasks until all are done or a worker dies; what still waits is returned, without the one that killed.

        The pool dies with its worker. The tasks that it had begun are tried alone, one of which kills again; at least
        one is done in each round.
        """
        size = min(self.count, len(waiting))
        futures = self._submitted(size, function, waiting)
        lost = list(range(len(futures), len(waiting)))
        places = {future: place for place, future in enumerate(futures)}
        for future in loky.as_completed(futures):
            try:
                yield Done(waiting[places[future]], *future.result())
            except TerminatedWorkerError:
                lost.append(places[future])
        left = [waiting[place] for place in sorted(lost)]
        if not left:
            return []
        self.stop()
        if len(waiting) == 1:
            yield _dead(left[0], futures[0].exception())
            return []
        for tried, task in enumerate(left[: size + BEGUN], 1):
            try:
                (retried,) = self._submitted(1, function, [task])
                yield Done(task, *retried.result())
            except TerminatedWorkerError as error:
                yield _dead(task, error)
                self.stop()
                return left[tried:]
        self.stop()
        return left[size + BEGUN :]

    def _submitted(
        self, size: int, function: Callable[[Task], Result], tasks: list[Task]
    ) -> list[Future[tuple[Result, float, int]]]:
        """The tasks as futures; fewer where a worker died before all were handed over."""
        pool, futures = self._start(size), []
        with _interrupts_held_back():
            for task in tasks:
                try:
                    futures.append(pool.submit(_measured, function, task))
                except TerminatedWorkerError:
                    if not futures:
                        raise
                    break
        return futures

    def _start(self, size: int) -> loky.ProcessPoolExecutor:
        """The pool, of so many processes at least."""
        if self._size < size:
            self.stop()
        if self._pool is None:
            self._pool = loky.ProcessPoolExecutor(max_workers=size, initializer=_ignore_interrupts)
            self._size = size
        return self._pool

    def stop(self) -> None:
        """End the worker processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, kill_workers=True)
            self._pool, self._size = None, 0


@contextmanager
def open_workers(count: int, *, isolate: bool = True) -> Iterator[Workers]:
    """Workers (0: as many as there are cores) that are gone at the end, however it comes."""
    workers = Workers(count, isolate=isolate)
    try:
        yield workers
    finally:
        workers.stop()
