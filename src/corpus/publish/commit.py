"""The one commit point: a staged folder becomes a release, or nothing happens.

The order of steps is what makes it safe. Until the last rename every reader sees the release before; from it on, the
new one, whole. A journal in the working folder names the folder about to be moved, so that after a crash the next
run can tell a leftover of ours from anything that a person put there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

from corpus.errors import HeldError, ProjectError
from corpus.publish.disk import fsync, fsync_tree, named_faults, write_synced
from corpus.publish.releases import INDEX, MANIFEST, Release, Releases, read_releases
from corpus.publish.swap import finish_swap

JOURNAL = "committing.json"
LEFTOVER = "leftover"
DISCARDED = "discarded"


def commit(staged: Path, dist: Path, work: Path, release: Release) -> Path:
    """Publish a staged folder as `release`; the folder where it lies now.

    `staged` holds everything, the manifest included, on the filesystem of `dist` (`dist/<name>`) and `work`
    (`.corpus`). The caller holds the project's lock. Raises HeldError where the newest release is not `release.parent`
    any more, EnvironmentFaultError where the machine refuses; then `dist` is as it was.
    """
    if release.folder is None or not (staged / MANIFEST).is_file():
        raise ProjectError(
            "a release needs a folder with a manifest", where=str(staged), mend="write the manifest last"
        )
    target = dist / release.folder
    with named_faults(dist):
        dist.mkdir(parents=True, exist_ok=True)
        recover(dist, work)
        fsync_tree(staged)
        listed = _swapped(dist, release)
        index, journal = work / f"{INDEX}.{os.getpid()}", work / JOURNAL
        try:
            write_synced(index, listed.text())
            write_synced(journal, json.dumps({"folder": release.folder}) + "\n")
            staged.rename(target)
            fsync(dist)
            index.replace(dist / INDEX)
        except OSError:
            if target.is_dir() and not staged.exists():
                target.rename(staged)
            index.unlink(missing_ok=True)
            journal.unlink(missing_ok=True)
            raise
        fsync(dist)
        journal.unlink(missing_ok=True)
    return target


def recover(dist: Path, work: Path) -> tuple[str, ...]:
    """Clear away what a crashed commit left in `dist`: folders that `releases.json` does not list; their names.

    A folder that the journal names is deleted, any other is moved to `.corpus/leftover/`. The caller holds the lock.
    Raises ProjectError where `releases.json` is missing beside folders that no crash explains.
    """
    if not dist.is_dir():
        return ()
    finish_swap(dist, work)
    listed = {release.folder for release in read_releases(dist).releases}
    pattern = re.compile(re.escape(dist.name) + r"-v\d+\.\d+\.\d+")
    stray = sorted(p for p in dist.iterdir() if p.is_dir() and pattern.fullmatch(p.name) and p.name not in listed)
    journal = work / JOURNAL
    ours = _journalled(journal)
    unknown = [path for path in stray if path.name != ours]
    if unknown and not (dist / INDEX).is_file():
        raise ProjectError(
            f"{INDEX} is missing, but there are releases: {', '.join(path.name for path in unknown)}",
            where=str(dist),
            mend=f"restore {INDEX} from a backup, or move those folders away to begin anew",
        )
    with named_faults(dist):
        if (work / DISCARDED).is_dir():
            shutil.rmtree(work / DISCARDED)
        for path in stray:
            if path.name == ours:
                discard(path, work)
            else:
                _put_by(path, work / LEFTOVER)
        for path in work.glob(f"{INDEX}.*"):
            path.unlink()
        journal.unlink(missing_ok=True)
    return tuple(path.name for path in stray)


def _swapped(dist: Path, release: Release) -> Releases:
    """The list with the new release: the compare of compare-and-swap."""
    now: Releases = read_releases(dist)
    if now.latest != release.parent:
        raise HeldError(
            f"release {release.version} was made upon {release.parent}, but the newest is {now.latest}",
            where=str(dist / INDEX),
            mend="run again: the work done is remembered",
        )
    if now.find(release.version) is not None:
        raise HeldError(f"there is a release {release.version} already", where=str(dist / INDEX), mend="run again")
    return now.with_added(release)


def _journalled(journal: Path) -> str | None:
    """The folder that a commit under way, or crashed, was about to move; None where there is none."""
    try:
        folder = json.loads(journal.read_text(encoding="utf-8"))["folder"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):  # cut off in mid-write: nothing was moved yet
        return None
    return str(folder)


def discard(path: Path, work: Path) -> None:
    """Out of `dist` at once, then file by file; what a crash leaves of it, the next `recover` deletes."""
    _put_by(path, work / DISCARDED)
    shutil.rmtree(work / DISCARDED)


def _put_by(path: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    while (target := folder / f"{path.name}.{number}").exists():
        number += 1
    path.rename(target)
    return target
