"""`corpus removals A..B`: which articles of an old release whoever uses it has to drop."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import ProjectError
from corpus.publish.manifest import read_manifest
from corpus.publish.relations import batches
from corpus.publish.releases import find_release


@dataclass(frozen=True)
class Removal:
    """An article taken out between two releases: from which version on, and why."""

    article_id: str
    effective_version: str
    reason: str

    def to_json(self) -> dict[str, str]:
        """For programs."""
        return asdict(self)


def removals(between: str, project: str | Path | None = None) -> tuple[Removal, ...]:
    """The articles retracted after release A and up to B, of `A..B` (without B: up to the newest).

    A and B are versions of `project` or release folders. Raises ProjectError where it is not of that form, B is older
    than A, or there is no such release.
    """
    older, separator, newer = between.partition("..")
    if not separator or not older:
        raise ProjectError(f"{between!r} names no two releases", mend="give them as A..B, like 0.1.0..0.3.0")
    first, last = find_release(older, project), find_release(newer or None, project)
    if _version(last) < _version(first):
        raise ProjectError(f"{between!r} goes back in time", mend="name the older release first, like 0.1.0..0.3.0")
    before = {one.article_id for one in _of(first)}
    found = [one for one in _of(last) if one.article_id not in before]
    return tuple(sorted(found, key=lambda one: one.article_id))


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in read_manifest(folder).version.split("."))


def _of(folder: Path) -> list[Removal]:
    columns = ["article_id", "effective_version", "reason"]
    return [Removal(**row) for batch in batches(folder, "removals", columns) for row in batch.to_pylist()]
