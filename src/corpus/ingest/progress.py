"""How far the reading of a file has come: steps, told before each, so that the one that kills can be passed over."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

from corpus.ingest.faults import Fault


class Progress:
    """Counts the steps of reading one file, which are the same ones in the same order each time that it is read.

    A step is to look for the next record, or to take one apart. `tell` hears of each before it is done. `lost`: the
    steps in which the process died before, which are passed over, each with its fault; from the `limit`-th of them on
    the rest of the file is passed over too.
    """

    def __init__(
        self,
        lost: Mapping[int, Fault] | None = None,
        limit: int = sys.maxsize,
        tell: Callable[[int], None] | None = None,
    ) -> None:
        self._lost = dict(sorted((lost or {}).items()))
        self._tell = tell
        self._first = min(self._lost, default=sys.maxsize)
        self._last = list(self._lost)[limit - 1] if len(self._lost) >= limit else sys.maxsize
        self._step = 0

    def restart(self) -> None:
        """The file is read from its start."""
        self._step = 0

    def begin(self, start: int | None = None) -> Fault | None:  # noqa: ARG002 - see `Only`
        """A step begins; the fault that takes the place of its record where it is to be passed over.

        `start`: where the record lies, if it is known.
        """
        self._step += 1
        if self._tell is not None:
            self._tell(self._step)
        return None if self._step < self._first else self._fault()

    def _fault(self) -> Fault | None:
        if (fault := self._lost.get(self._step)) is not None:
            return fault
        if self._step < self._last:
            return None
        times = len(self._lost)
        words = f"The process that read this file was lost {times} times: nothing was read from here on."
        return replace(self._lost[self._last], value=str(times), threshold=f"{times - 1} times", detail=words)

    @property
    def stuck(self) -> bool:
        """Whether the process died in the very step that is begun."""
        return self._step in self._lost


class Only(Progress):
    """To read one record again: those that lie elsewhere are not taken apart, for one of them may kill."""

    def __init__(self, wanted: int | None) -> None:
        super().__init__()
        self._wanted = wanted

    def begin(self, start: int | None = None) -> Fault | None:
        """A fault for each record that is not the one that is wanted."""
        return None if self._wanted is None or start is None or start == self._wanted else ELSEWHERE


ELSEWHERE = Fault("elsewhere", "another place", "the place that is asked for")
