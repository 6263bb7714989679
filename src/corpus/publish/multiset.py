"""Row digests of a table as one sorted sequence, in bounded memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

import numpy as np

WIDTH = 16
"""Bytes of a row digest."""
ROWS_IN_MEMORY = 4_000_000
"""Row digests held before they go to a temporary file: 64 MB."""
_BOUNDS = np.array([bytes([first]) for first in range(1, 256)], f"S{WIDTH}")
"""Where the digests of each first byte begin, in a sorted run."""


class SortedDigests:
    """Collects row digests in any order and gives them back sorted; a digest that comes twice is kept twice.

    More than `limit` of them go to an unnamed temporary file as sorted runs, each split by first byte, so that sorting
    them all takes a 256th of them at a time.
    """

    def __init__(self, limit: int = ROWS_IN_MEMORY) -> None:
        self._limit = limit
        self._waiting: list[bytes] = []
        self._held = 0
        self._file: IO[bytes] | None = None
        self._runs: list[np.ndarray] = []  # of each run: 257 places in the file, in bytes
        self.count = 0

    def add(self, digests: bytes) -> None:
        """Take digests, laid end to end."""
        self._waiting.append(digests)
        rows = len(digests) // WIDTH
        self._held += rows
        self.count += rows
        if self._held > self._limit:
            self._spill()

    def __iter__(self) -> Iterator[bytes]:
        """All digests in order, laid end to end, in pieces."""
        if self._file is None:
            yield _sorted(b"".join(self._waiting)).tobytes()
            return
        if self._held:
            self._spill()
        for first in range(256):
            parts = []
            for run in self._runs:
                self._file.seek(int(run[first]))
                parts.append(self._file.read(int(run[first + 1] - run[first])))
            yield _sorted(b"".join(parts)).tobytes()

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the object, unnamed
        run = _sorted(b"".join(self._waiting))
        start = self._file.seek(0, 2)
        self._file.write(run.tobytes())
        inner = np.searchsorted(run, _BOUNDS, side="left")
        self._runs.append(start + WIDTH * np.concatenate([[0], inner, [len(run)]]).astype(np.int64))
        self._waiting, self._held = [], 0


def _sorted(digests: bytes) -> np.ndarray:
    return np.sort(np.frombuffer(digests, f"S{WIDTH}"))
