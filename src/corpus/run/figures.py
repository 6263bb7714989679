"""What a stage cost: rows, time, processor time, memory."""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@dataclass(frozen=True)
class StageFigures:
    """One stage of one run: `rows_in` and `rows_out` records, `reused` of them remembered, times in seconds,
    `peak_bytes` resident memory of the largest process."""

    name: str
    rows_in: int
    rows_out: int
    reused: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass
class Meter:
    """Measures one stage from its making to `read`. `worker_peak` is the largest peak that a worker reported."""

    name: str
    rows_in: int = 0
    rows_out: int = 0
    reused: int = 0
    worker_peak: int = 0
    worker_cpu: float = 0.0
    _wall: float = field(default_factory=time.perf_counter)
    _cpu: float = field(default_factory=time.process_time)

    def __post_init__(self) -> None:
        reset_peak()

    def read(self) -> StageFigures:
        """The figures up to now."""
        return StageFigures(
            self.name, self.rows_in, self.rows_out, self.reused,
            round(time.perf_counter() - self._wall, 3),
            round(time.process_time() - self._cpu + self.worker_cpu, 3),
            max(peak(), self.worker_peak),
        )  # fmt: skip


def reset_peak() -> None:
    """Let the kernel count this process's peak memory anew, where it can (Linux); elsewhere the peak is since start."""
    try:
        _CLEAR.write_text("5")
    except OSError:
        return


def peak() -> int:
    """Peak resident memory of this process since `reset_peak`, in bytes."""
    try:
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
