"""The walk over raw/: every file found, whatever it is, without ever opening one."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from corpus.errors import ProjectError
from corpus.ingest.faults import Fault, unreadable
from corpus.ingest.names import printable


class Kind(StrEnum):
    """What the walk met under a name. A link to a regular file within raw/ counts as that file."""

    FILE = "file"
    FIFO = "named_pipe"
    SOCKET = "socket"
    DEVICE = "device"
    FOLDER_UNREADABLE = "unreadable_folder"
    SYMLINK_OUTSIDE = "symlink_outside_raw"
    SYMLINK_BROKEN = "symlink_broken"
    SYMLINK_TO_FOLDER = "symlink_to_folder"


_FAULTS = {
    Kind.FIFO: "not_a_regular_file",
    Kind.SOCKET: "not_a_regular_file",
    Kind.DEVICE: "not_a_regular_file",
    Kind.SYMLINK_OUTSIDE: "symlink_outside_raw",
    Kind.SYMLINK_BROKEN: "symlink_broken",
    Kind.SYMLINK_TO_FOLDER: "symlink_to_folder",
}
_SPECIAL = {stat.S_IFIFO: Kind.FIFO, stat.S_IFSOCK: Kind.SOCKET}


@dataclass(frozen=True, slots=True)
class Found:
    """One name that the walk met below raw/, with the state of the file that it leads to.

    `raw_path` is printable and reversible (see `names`); `path` is where to open it, a link's target already resolved;
    `trouble` says why a folder could not be listed. Sizes are bytes, times nanoseconds since 1970.
    """

    raw_path: str
    path: Path
    kind: Kind
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    trouble: Fault | None = None

    @property
    def fault(self) -> Fault | None:
        """Why there is nothing to read here, or None for a regular file."""
        if self.kind is Kind.FILE:
            return None
        return self.trouble or Fault(_FAULTS[self.kind], self.kind.value, "a regular file below raw/")


def walk(raw: Path) -> list[Found]:
    """Every file below `raw`, hidden ones included, sorted by `raw_path`; folders themselves only where unreadable.

    No linked folder is entered and nothing is opened, so neither a loop nor a named pipe can hold the walk.
    Raises ProjectError where `raw` is no folder or can't be listed, TransientReadError where trying again may help.
    """
    try:
        root = os.path.realpath(raw, strict=True)
        with os.scandir(root):
            pass
    except OSError as error:
        raise ProjectError(
            f"the folder of raw files can't be listed: {error.strerror}",
            where=str(raw),
            mend="make the folder and put your articles into it, or give yourself permission to read it",
        ) from error
    return sorted(_below(root), key=lambda found: found.raw_path)


def _below(root: str) -> Iterator[Found]:
    folders = [root]
    cut = len(root.rstrip("/")) + 1
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                listed = list(entries)
        except OSError as error:
            yield _found(folder[cut:], folder, Kind.FOLDER_UNREADABLE, None, unreadable(error))
            continue
        for entry in listed:
            try:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                    continue
                state = entry.stat(follow_symlinks=False)
            except OSError:  # gone since it was listed: reading it will say so
                yield _found(entry.path[cut:], entry.path, Kind.FILE, None)
                continue
            yield _entry(entry.path[cut:], entry.path, state, root)


def _entry(relative: str, path: str, state: os.stat_result, root: str) -> Found:
    if stat.S_ISLNK(state.st_mode):
        return _link(relative, path, root)
    return _found(relative, path, _kind(state), state)


def _link(relative: str, path: str, root: str) -> Found:
    try:
        target = os.path.realpath(path, strict=True)
        state = Path(target).lstat()
    except OSError:  # nothing there, a loop of links, or a folder on the way that may not be entered
        return _found(relative, path, Kind.SYMLINK_BROKEN, None)
    if not f"{target}/".startswith(root.rstrip("/") + "/"):
        return _found(relative, path, Kind.SYMLINK_OUTSIDE, None)
    if stat.S_ISDIR(state.st_mode):
        return _found(relative, path, Kind.SYMLINK_TO_FOLDER, None)
    return _found(relative, target, _kind(state), state)


def _kind(state: os.stat_result) -> Kind:
    if stat.S_ISREG(state.st_mode):
        return Kind.FILE
    return _SPECIAL.get(stat.S_IFMT(state.st_mode), Kind.DEVICE)


def _found(relative: str, path: str, kind: Kind, state: os.stat_result | None, trouble: Fault | None = None) -> Found:
    if state is None:
        return Found(printable(relative), Path(path), kind, 0, 0, 0, 0, trouble)
    times = state.st_mtime_ns, state.st_ctime_ns
    return Found(printable(relative), Path(path), kind, state.st_size, *times, state.st_ino, trouble)
