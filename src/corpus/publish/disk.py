"""What is asked of the filesystem: whole files, atomically put in place, and faults said plainly."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import EnvironmentFaultError

_MEND = {
    errno.ENOSPC: "free some space on this disk and run again; nothing half-written is left in dist/",
    errno.EDQUOT: "free some of your quota on this disk and run again",
    errno.EACCES: "grant write permission on it and run again",
    errno.EPERM: "grant write permission on it and run again",
    errno.EROFS: "mount this filesystem for writing, or move the project to another",
    errno.EXDEV: "put dist/ and .corpus/ on the same filesystem",
    errno.ENAMETOOLONG: "give the project a shorter name or folder",
}


@contextmanager
def named_faults(place: Path) -> Iterator[None]:
    """Turn what the machine refuses below `place` (space, permission) into an EnvironmentFaultError."""
    try:
        yield
    except OSError as error:
        if error.errno not in _MEND:
            raise
        where = error.filename if isinstance(error.filename, str) else str(place)
        said = os.strerror(error.errno)
        raise EnvironmentFaultError(f"can't be written: {said}", where=where, mend=_MEND[error.errno]) from error


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fsync(path: Path) -> None:
    """Wait until a file's bytes, or a folder's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_tree(folder: Path) -> None:
    """Wait until all below a folder is on the disk; sets the modes of a published file (0644) and folder (0755)."""
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(parent, name)
            if path.stat().st_mode & 0o777 != 0o644:  # a file shared with an older release is not touched
                path.chmod(0o644)
            fsync(path)
        Path(parent).chmod(0o755)
        fsync(Path(parent))


def write_synced(path: Path, text: str) -> None:
    """Write a text file and wait until it is on the disk; a write that fails leaves no file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(0o644)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    fsync(path.parent)


def write_json(path: Path, value: object) -> None:
    """Write a value as JSON that a person can read, the same bytes for the same value."""
    with named_faults(path):
        path.write_text(as_json(value), encoding="utf-8")


def as_json(value: object) -> str:
    """JSON that a person can read and compare, line by line."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
