"""Where the reading of files was lost with its worker: the step is told as it begins, in memory that outlives it."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus import ingest
from corpus.run.limit import restarted
from corpus.sections import Ingest

_PLACE = struct.Struct("<QQ")
MORE = 8  # deaths that a file may cost beyond `ingest.max_restarts`, while its rest is passed over


@dataclass(frozen=True)
class Deaths:
    """The steps of reading one file (see ingest.Progress) that killed, ascending, each with its rule.

    `count`: how often it killed in all. `whole`: the rule of a file that is not opened again.
    """

    steps: tuple[tuple[int, str], ...] = ()
    count: int = 0
    whole: str | None = None

    def with_another(self, step: int, rule: str, limit: int) -> Deaths:
        """These, and one more in `step`; 0: outside of any. Steps behind it may be others now, and are forgotten."""
        count = self.count + 1
        if not step or count > limit + MORE:
            return Deaths(self.steps, count, rule)
        return Deaths((*(known for known in self.steps if known[0] < step), (step, rule)), count)

    def progress(self, settings: Ingest, tell: Callable[[int], None]) -> ingest.Progress:
        """What passes over the steps that killed."""
        lost = {step: ingest.lost_record(rule, settings.max_cpu_seconds) for step, rule in self.steps}
        return ingest.Progress(lost, settings.max_restarts + 1, tell)


class Marker:
    """Where a task of reading is: the place of its file and the step of that, in a file that is mapped into memory.

    What a process wrote there stays when it is killed.
    """

    def __init__(self, path: Path, cpu_seconds: float) -> None:
        path.write_bytes(_PLACE.pack(0, 0))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _PLACE.size)
        self._file, self._seconds = 0, cpu_seconds

    def begin(self, file: int) -> None:
        """Another file is read, of which no step is begun."""
        self._file = file
        _PLACE.pack_into(self._map, 0, file, 0)

    def tell(self, step: int) -> None:
        """A step begins, with all its processor time."""
        _PLACE.pack_into(self._map, 0, self._file, step)
        restarted(self._seconds)


def place_of(path: Path) -> tuple[int, int] | None:
    """The file and step at which a task was; None where it never began."""
    try:
        file, step = _PLACE.unpack(path.read_bytes())
    except (OSError, struct.error):
        return None
    return file, step
