"""`corpus gc`: folders of old releases given back to the disk, by the rules of `[gc]` in corpus.toml."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from corpus.publish.commit import JOURNAL, discard, recover
from corpus.publish.disk import fsync, named_faults, write_synced
from corpus.publish.releases import INDEX, Release, Releases, read_releases


class Keep(Protocol):
    """The rules: the part of `settings` that pruning reads."""

    @property
    def keep_last(self) -> int:
        """The newest releases that stay; 0: all."""

    @property
    def keep_days(self) -> int:
        """Releases published within so many days stay."""

    @property
    def keep_versions(self) -> tuple[str, ...]:
        """Versions that stay for good."""


@dataclass(frozen=True)
class Pruned:
    """A release whose folder goes: bytes that are no other release's too, and bytes in all."""

    version: str
    folder: str
    freed: int
    bytes: int


def prunable(releases: Releases, keep: Keep, now: datetime) -> tuple[Release, ...]:
    """The releases whose folders may go, oldest first; never the newest, upon which the next one is made."""
    if not keep.keep_last:
        return ()
    last = {one.version for one in releases.releases[-keep.keep_last :]}
    since = now - timedelta(days=keep.keep_days)
    return tuple(
        one
        for one in releases.releases
        if one.folder is not None
        and one.version not in {*last, *keep.keep_versions, releases.latest}
        and datetime.fromisoformat(one.published_at) < since
    )


def prune_releases(dist: Path, work: Path, keep: Keep, *, dry_run: bool = False) -> tuple[Pruned, ...]:
    """Take away the folders of releases that no rule keeps; `releases.json` goes on listing them, without a folder.

    The list is replaced first, so that no reader is sent to a folder that is going. Files shared with a kept release
    stay, being its own links. The caller holds the project's lock. After a crash the next run finishes it.
    """
    if not dry_run:
        recover(dist, work)
    gone = []
    for release in prunable(read_releases(dist), keep, datetime.now(UTC)):
        assert release.folder is not None
        folder = dist / release.folder
        freed, total = _sizes(folder)
        gone.append(Pruned(release.version, release.folder, freed, total))
        if not dry_run:
            with named_faults(dist):
                _prune(dist, work, release)
    return tuple(gone)


def _prune(dist: Path, work: Path, release: Release) -> None:
    journal, index = work / JOURNAL, work / f"{INDEX}.{os.getpid()}"
    releases = read_releases(dist)
    listed = tuple(replace(one, folder=None) if one.version == release.version else one for one in releases.releases)
    write_synced(journal, json.dumps({"folder": release.folder}) + "\n")
    write_synced(index, Releases(releases.latest, listed).text())
    index.replace(dist / INDEX)
    fsync(dist)
    if (folder := dist / str(release.folder)).is_dir():
        discard(folder, work)
    journal.unlink(missing_ok=True)


def _sizes(folder: Path) -> tuple[int, int]:
    """Bytes that go with a folder, and bytes in it."""
    found = [path.stat() for path in folder.rglob("*") if path.is_file()]
    return sum(one.st_size for one in found if one.st_nlink == 1), sum(one.st_size for one in found)
