"""`releases.json`: which releases there are, which is the newest, and where each lies."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import ProjectError

INDEX = "releases.json"
MANIFEST = "manifest.json"
SETTINGS = "corpus.toml"
_SELDOM = ("scrubbed_at", "first_digest")
"""What an entry holds only where there is something to say."""
_VERSION = re.compile(r"v?(\d+\.\d+\.\d+)")


@dataclass(frozen=True)
class Release:
    """One published release, as `releases.json` lists it; `counts` has each table's rows, `folder` is null once pruned.

    `published_at` is UTC in ISO 8601; `parent` the version it was made upon, null for the first. Of a release that was
    written anew without what had to go, `scrubbed_at` says when, and `first_digest` which digest it had at first.
    """

    version: str
    parent: str | None
    published_at: str
    digest: str
    manifest_sha256: str
    counts: Mapping[str, int]
    folder: str | None
    scrubbed_at: str | None = None
    first_digest: str | None = None

    def listed(self) -> dict[str, object]:
        """Its entry in `releases.json`."""
        said = asdict(self) | {"counts": dict(self.counts)}
        return {key: value for key, value in said.items() if value is not None or key not in _SELDOM}


@dataclass(frozen=True)
class Releases:
    """All releases of a project, oldest first, and the version of the newest (null: none yet)."""

    latest: str | None = None
    releases: tuple[Release, ...] = ()

    def find(self, version: str) -> Release | None:
        """The release of that version, or None."""
        return next((release for release in self.releases if release.version == version), None)

    @property
    def newest(self) -> Release | None:
        """The release that `latest` names, or None where there is none yet."""
        return self.find(self.latest) if self.latest else None

    def with_added(self, release: Release) -> Releases:
        """These and one more, which becomes the newest."""
        return Releases(release.version, (*self.releases, release))

    def text(self) -> str:
        """The contents of `releases.json`."""
        listed = [release.listed() for release in self.releases]
        return json.dumps({"latest": self.latest, "releases": listed}, indent=2) + "\n"


def read_releases(dist: Path) -> Releases:
    """What `dist/<name>/releases.json` says; no releases where it is not there yet.

    Raises ProjectError where it can't be read or is not of this form.
    """
    path = dist / INDEX
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        found = tuple(Release(**release) for release in said["releases"])
        releases = Releases(said["latest"], found)
    except FileNotFoundError:
        return Releases()
    except OSError as error:
        raise ProjectError(f"can't be read: {error.strerror}", where=str(path), mend="grant read permission") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ProjectError(
            f"is not a list of releases ({type(error).__name__}: {error})",
            where=str(path),
            mend='restore it from a backup; its form is {"latest": VERSION, "releases": [...]}',
        ) from error
    if releases.latest is not None and releases.newest is None:
        raise ProjectError(
            f"latest is {releases.latest}, which is not among the releases {[r.version for r in found]}",
            where=str(path),
            mend="restore it from a backup",
        )
    return releases


def project_root(start: str | Path | None = None) -> Path | None:
    """The folder `start`, or (None) the current one or the nearest above, where it has a corpus.toml; else None."""
    first = Path(start) if start is not None else Path.cwd()
    folders = (first,) if start is not None else (first, *first.parents)
    return next((folder for folder in folders if (folder / SETTINGS).is_file()), None)


def find_dist(project: str | Path | None = None) -> Path:
    """The folder of a project's releases: from that folder itself, the project's, or (None) the nearest project's.

    Raises ProjectError where there is none.
    """
    if project is not None and (Path(project) / INDEX).is_file():
        return Path(project)
    root = project_root(project)
    if root is None:
        raise ProjectError(
            f"holds neither {INDEX} nor {SETTINGS}" + ("" if project is not None else ", nor does a folder above it"),
            where=str(project if project is not None else Path.cwd()),
            mend="name a project's folder, its dist/NAME, or the folder of a release",
        )
    return root / "dist" / _name(root / SETTINGS)


def find_release(what: str | Path | None = None, project: str | Path | None = None) -> Path:
    """The folder of a release.

    `what`: a release's folder (then no project is needed), a version like `0.2.0` or `v0.2.0`, a folder of releases
    (`dist/<name>`: its newest), or None for the newest of `project`. Raises ProjectError where there is none such.
    """
    if what is not None:
        path = Path(what)
        if (path / MANIFEST).is_file():
            return path
        if (path / INDEX).is_file():
            return find_release(None, path)
    dist = find_dist(project)
    releases = read_releases(dist)
    known = ", ".join(release.version for release in releases.releases) or "none"
    if what is None:
        release = releases.newest
        if release is None:
            raise ProjectError("there is no release yet", where=str(dist), mend="`corpus publish` makes one")
    else:
        version = _VERSION.fullmatch(str(what))
        release = releases.find(version[1]) if version else None
        if release is None:
            raise ProjectError(
                f"there is no release {str(what)!r}; the versions are: {known}",
                where=str(dist),
                mend="give one of them, or the folder of a release",
            )
    if release.folder is None:
        raise ProjectError(
            f"release {release.version} was pruned: its files are gone",
            where=str(dist),
            mend="take a newer one, or load it from the hub that it was pushed to",
        )
    return dist / release.folder


def _name(settings: Path) -> str:
    """The project's name, read without the checks of a run: whoever only reads a release needs no more."""
    try:
        name = tomllib.loads(settings.read_text(encoding="utf-8"))["name"]
    except (OSError, ValueError, KeyError) as error:
        raise ProjectError(
            f"its name can't be read ({type(error).__name__}: {error})",
            where=str(settings),
            mend='it needs a line like: name = "my-corpus"',
        ) from error
    if not isinstance(name, str) or not name:
        raise ProjectError(f"name is {name!r}", where=str(settings), mend='it needs a line like: name = "my-corpus"')
    return name
