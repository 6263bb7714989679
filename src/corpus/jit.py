"""How numba's kernels are compiled: once, and kept where they can be written.

Numba's own cache of a kernel looks at the file of that kernel alone, so one that calls another in a changed file would
stay as it was. Ours lies in a folder named by the digest of all code of the kernels' folder.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


@cache
def cache_folder(room: Path) -> str | None:
    """Where a folder's kernels are kept: NUMBA_CACHE_DIR, else beside them, else the user's cache; None: nowhere."""
    state = hashlib.sha256(numba.__version__.encode())
    for path in sorted(room.glob("*.py")):
        state.update(path.read_bytes())
    named = os.environ.get("NUMBA_CACHE_DIR")
    user = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    places = [Path(named)] if named else [room / "__pycache__", Path(user).expanduser() / "corpus"]
    for place in (*places, Path(tempfile.gettempdir()) / f"corpus-{os.getuid()}"):
        folder = place / f"kernels-{state.hexdigest()[:16]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return str(folder)
        except OSError:
            continue
    return None


def kernels_of(room: Path) -> Callable[[F], F]:
    """The decorator for a folder's kernels.

    It compiles a function of NumPy arrays with numba, at its first call, and keeps the machine code between runs.
    """

    def kernel(function: F) -> F:
        folder = cache_folder(room)
        before = numba.config.CACHE_DIR
        try:
            numba.config.CACHE_DIR = folder or ""
            compiled: F = numba.njit(cache=folder is not None, nogil=True)(function)
        finally:
            numba.config.CACHE_DIR = before
        return compiled

    return kernel
