"""One run at a time: an advisory lock on `.corpus/lock` that dies with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import HeldError

_HELD: set[Path] = set()
"""Locks that this process holds: a run started inside one (the flow inside the command) uses the same lock."""


@contextmanager
def hold(work: Path) -> Iterator[None]:
    """Hold the lock of the project whose working folder is `work`; HeldError where another process has it."""
    path = (work / "lock").resolve()
    if path in _HELD:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 64).decode(errors="replace").strip() or "unknown"
            raise HeldError(
                f"another run holds this project (process {holder})",
                where=str(path),
                mend="wait for it to end, or stop it; the lock goes with its process",
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        _HELD.add(path)
        try:
            yield
        finally:
            _HELD.discard(path)
    finally:
        os.close(descriptor)
