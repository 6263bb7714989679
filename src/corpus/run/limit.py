"""The last resort against what never ends: the processor time after which a worker is ended, and found dead."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

Item = TypeVar("Item")
OUT_OF_TIME = signal.SIGPROF.name
WORKER = "LokyProcess"  # how loky calls its processes


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """End this process by SIGPROF once what is done here has taken so much processor time, inside of a library too.

    In the process that holds the run it does nothing.
    """
    if not _in_worker():
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def restarted(seconds: float) -> None:
    """Within `cpu_limit`, give what is done from here on so much processor time."""
    if _in_worker():
        signal.setitimer(signal.ITIMER_PROF, seconds)


@cache
def _in_worker() -> bool:
    return multiprocessing.current_process().name.startswith(WORKER)


def limited(items: Iterable[Item], seconds: float) -> Iterator[Item]:
    """The items, each of which may take so much processor time to come."""
    coming = iter(items)
    while True:
        with cpu_limit(seconds):
            try:
                item = next(coming)
            except StopIteration:
                return
        yield item
