"""How this room's kernels are compiled: once, and kept where they can be written.

Numba's own cache of a kernel looks at the file of that kernel alone, so one that calls another in a changed file would
stay as it was. Ours lies in a folder named by the digest of all of the room's code.
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
ROOM = Path(__file__).resolve().parent


@cache
def cache_folder() -> str | None:
    """Where compiled kernels are kept: NUMBA_CACHE_DIR, else beside the code, else the user's cache; None: nowhere."""
    state = hashlib.sha256(numba.__version__.encode())
    for path in sorted(ROOM.glob("*.py")):
        state.update(path.read_bytes())
    named = os.environ.get("NUMBA_CACHE_DIR")
    user = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    places = [Path(named)] if named else [ROOM / "__pycache__", Path(user).expanduser() / "corpus"]
    for place in (*places, Path(tempfile.gettempdir()) / f"corpus-{os.getuid()}"):
        folder = place / f"kernels-{state.hexdigest()[:16]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return str(folder)
        except OSError:
            continue
    return None


def kernel(function: F) -> F:
    """Compile a function of NumPy arrays with numba, at its first call, and keep the machine code between runs."""
    folder = cache_folder()
    before = numba.config.CACHE_DIR
    try:
        numba.config.CACHE_DIR = folder or ""
        compiled: F = numba.njit(cache=folder is not None, nogil=True)(function)
    finally:
        numba.config.CACHE_DIR = before
    return compiled
