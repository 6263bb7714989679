"""Tables → release: Parquet files, digests, manifest, card, Croissant, the one commit, and whatever reads a release.

Reading a release needs pyarrow and datasets alone, so names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.publish.card import write_card
    from corpus.publish.committing import commit, recover
    from corpus.publish.croissant import write_croissant
    from corpus.publish.digest import release_digest
    from corpus.publish.facts import Changes, GateLine, ReleaseFacts, RunFigures, TableChange
    from corpus.publish.manifest import Manifest, entries, read_manifest, write_manifest, write_run
    from corpus.publish.numbering import Change, change_between, next_version, version_after
    from corpus.publish.releases import Release, Releases, dist_of, find_release, read_releases, versions
    from corpus.publish.steps import STEPS
    from corpus.publish.write import TableWriter, WrittenFile, WrittenTable

_HOMES = {
    "card": ("write_card",),
    "committing": ("commit", "recover"),
    "croissant": ("write_croissant",),
    "digest": ("release_digest",),
    "facts": ("Changes", "GateLine", "ReleaseFacts", "RunFigures", "TableChange"),
    "manifest": ("Manifest", "entries", "read_manifest", "write_manifest", "write_run"),
    "numbering": ("Change", "change_between", "next_version", "version_after"),
    "releases": ("Release", "Releases", "dist_of", "find_release", "read_releases", "versions"),
    "steps": ("STEPS",),
    "write": ("TableWriter", "WrittenFile", "WrittenTable"),
}
_HOME_OF = {name: f"corpus.publish.{home}" for home, names in _HOMES.items() for name in names}

__all__ = [
    "STEPS", "Change", "Changes", "GateLine", "Manifest", "Release", "ReleaseFacts", "Releases", "RunFigures",
    "TableChange", "TableWriter", "WrittenFile", "WrittenTable", "change_between", "commit", "dist_of", "entries",
    "find_release", "next_version", "read_manifest", "read_releases", "recover", "release_digest", "version_after",
    "versions", "write_card", "write_croissant", "write_manifest", "write_run",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
