"""Files of a Git repository at a commit, by the ordinary `git`."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).parent / "sources.toml"


@dataclass(frozen=True)
class Repository:
    """A bare repository that holds one commit; `blobs` maps paths to object names."""

    folder: Path
    blobs: Mapping[str, str]

    def paths(self, start: str, end: str = "") -> list[str]:
        """The paths that begin and end so, in order."""
        return sorted(path for path in self.blobs if path.startswith(start) and path.endswith(end))

    def read(self, path: str) -> bytes:
        """A file's bytes. CalledProcessError where the object is not there."""
        return _git(self.folder, "cat-file", "blob", self.blobs[path])


def repositories(folder: Path) -> dict[str, Repository]:
    """The repositories of sources.toml, each in `folder`/<owner>+<name>; where absent, its one commit is fetched."""
    data = tomllib.loads(SOURCES.read_text(encoding="utf-8"))
    address = data.pop("address")
    return {name: _repository(folder, address, entry["repository"], entry["commit"]) for name, entry in data.items()}


def _repository(folder: Path, address: str, name: str, commit: str) -> Repository:
    home = folder / name.replace("/", "+")
    if not home.exists():
        subprocess.run(["git", "init", "--bare", "--quiet", home], check=True)
        _git(home, "fetch", "--quiet", "--depth", "1", address.format(repository=name), commit)
    listed = _git(home, "ls-tree", "-r", "-z", commit).decode("utf-8", "surrogateescape")
    entries = [line.partition("\t") for line in listed.split("\0") if line]
    return Repository(home, {path: about.split()[2] for about, _, path in entries})


def _git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True).stdout
