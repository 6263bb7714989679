"""The number of the next release, computed from what changed and never typed in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from corpus.publish.manifest import Manifest, TableEntry

FIRST = "0.1.0"
FIRST_STABLE = "1.0.0"
TOMBSTONES = "removals"


class Change(IntEnum):
    """How much a release differs from its parent; the greater contains the lesser."""

    NONE = 0
    PATCH = 1
    """The same tables; only card, licence, report or encoding made anew."""
    MINOR = 2
    """Rows added, gone or changed; a table or column added."""
    MAJOR = 3
    """A table or column removed or of another type; articles retracted."""


def change_between(old: Mapping[str, TableEntry], new: Mapping[str, TableEntry], *, rewrite: bool = False) -> Change:
    """How much the tables of a release differ from its parent's; `rewrite`: made anew though they don't."""
    for name, before in old.items():
        after = new.get(name)
        if after is None or any(after.columns.get(column) != kind for column, kind in before.columns.items()):
            return Change.MAJOR
    if TOMBSTONES in old and TOMBSTONES in new and old[TOMBSTONES].digest != new[TOMBSTONES].digest:
        return Change.MAJOR
    if old.keys() != new.keys() or any(old[name].digest != new[name].digest for name in old):
        return Change.MINOR
    return Change.PATCH if rewrite else Change.NONE


def next_version(parent: str | None, change: Change, *, stable: bool = False) -> str | None:
    """The version after `parent` (null: there is none) for a change; None where nothing changed.

    `stable` makes 1.0.0 of any version below it. Below 1.0.0 a MAJOR change counts as a MINOR one (semver.org, 4).
    """
    if parent is None:
        return FIRST_STABLE if stable else FIRST
    major, minor, patch = (int(part) for part in parent.split("."))
    if stable and major == 0:
        return FIRST_STABLE
    if change is Change.NONE:
        return None
    if change is Change.PATCH:
        return f"{major}.{minor}.{patch + 1}"
    if change is Change.MINOR or major == 0:
        return f"{major}.{minor + 1}.0"
    return f"{major + 1}.0.0"


def version_after(
    parent: Manifest | None, tables: Mapping[str, TableEntry], *, rewrite: bool, stable: bool
) -> str | None:
    """The version of a release with these tables upon `parent`; None where it would be the same again."""
    if parent is None:
        return next_version(None, Change.NONE, stable=stable)
    return next_version(parent.version, change_between(parent.tables, tables, rewrite=rewrite), stable=stable)
