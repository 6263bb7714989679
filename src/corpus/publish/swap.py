"""A release's folder exchanged for one written anew under its name: the one exception to its never being changed.

Linux exchanges two folders in one call (renameat2); elsewhere it takes two renames, and between them a reader finds
no folder. A journal lets the next run finish what a crash cut short.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

from corpus.publish.disk import fsync, fsync_tree, named_faults, sha256_of, write_synced
from corpus.publish.releases import INDEX, MANIFEST, Release, Releases, read_releases

JOURNAL = "swapping.json"
_CWD, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux


def swap(staged: Path, dist: Path, work: Path, release: Release) -> None:
    """Put a staged folder in place of the one that `release`, as it is to be listed, names; the old one is deleted.

    The caller holds the project's lock.
    """
    with named_faults(dist):
        fsync_tree(staged)
        listed = read_releases(dist)
        entries = tuple(release if one.version == release.version else one for one in listed.releases)
        said = {
            "folder": release.folder, "staged": str(staged.relative_to(work)), "manifest": release.manifest_sha256,
            "index": Releases(listed.latest, entries).text(),
        }  # fmt: skip
        write_synced(work / JOURNAL, json.dumps(said) + "\n")
        exchange(staged, dist / str(release.folder))
        fsync(dist)
        finish_swap(dist, work)


def finish_swap(dist: Path, work: Path) -> None:
    """Finish a swap whose folder is in place, undo one that had not come so far; nothing where none was under way."""
    try:
        said = json.loads((work / JOURNAL).read_text(encoding="utf-8"))
        target, staged, text = dist / said["folder"], work / said["staged"], str(said["index"])
        wanted = said["manifest"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):  # none, or cut off in mid-write: nothing was moved
        (work / JOURNAL).unlink(missing_ok=True)
        return
    if not target.exists() and staged.is_dir():  # between two renames
        staged.rename(target)
        fsync(dist)
    if (target / MANIFEST).is_file() and sha256_of(target / MANIFEST) == wanted:
        index = work / f"{INDEX}.{os.getpid()}"
        write_synced(index, text)
        index.replace(dist / INDEX)
        fsync(dist)
    for old in (staged, _aside(staged)):
        if old.is_dir():
            shutil.rmtree(old)
    (work / JOURNAL).unlink()


def exchange(one: Path, other: Path) -> None:
    """Exchange two folders of one filesystem: each then bears the other's name."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        renameat2 = None
    if renameat2 is not None and renameat2(_CWD, os.fsencode(one), _CWD, os.fsencode(other), _EXCHANGE) == 0:
        return
    other.rename(_aside(one))
    one.rename(other)


def _aside(staged: Path) -> Path:
    return staged.with_name(f"{staged.name}.old")


def scrubbed(release: Release, *, digest: str, manifest_sha256: str, counts: dict[str, int], at: str) -> Release:
    """The entry of a release written anew: it says when, and keeps the digest that it was first published with."""
    return replace(
        release, digest=digest, manifest_sha256=manifest_sha256, counts=counts, scrubbed_at=at,
        first_digest=release.first_digest or release.digest,
    )  # fmt: skip
