"""A project on disk: where its files lie, and its settings."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import EnvironmentFaultError, ProjectError
from corpus.settings import Settings, load_settings

SETTINGS_FILE = "corpus.toml"


def find_root(start: Path | None = None) -> Path:
    """The folder `start`, or without it the current folder or the nearest one above, that has a corpus.toml.

    Raises ProjectError where there is none.
    """
    if start is not None:
        if (start / SETTINGS_FILE).is_file():
            return start.resolve()
        raise ProjectError(
            f"no {SETTINGS_FILE} in this folder", where=str(start), mend=f"`corpus init {start} --name NAME` makes one"
        )
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise ProjectError(
        f"no {SETTINGS_FILE} here or in a folder above",
        where=str(here),
        mend="go to a project, name one with --project DIR, or make one with `corpus init DIR --name NAME`",
    )


@dataclass(frozen=True)
class Project:
    """A project: its root folder and its settings.

    `raw` is what comes in, `dist` (`dist/<name>`) what goes out, `work` (`.corpus`) all that lies in between.
    """

    root: Path
    settings: Settings

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """The project at `start`, or the nearest one above the current folder, with its settings read and checked."""
        root = find_root(start)
        return cls(root, load_settings(root / SETTINGS_FILE))

    @property
    def raw(self) -> Path:
        """The folder of raw files."""
        return self.root / "raw"

    @property
    def dist(self) -> Path:
        """The folder of releases."""
        return self.root / "dist" / self.settings.name

    @property
    def readers(self) -> Path:
        """The folder of the project's own readers; it need not be there."""
        return self.root / "readers"

    @property
    def work(self) -> Path:
        """The folder of everything that is not published; on the same filesystem as `dist`."""
        return self.root / ".corpus"

    @property
    def corpus_dir(self) -> Path:
        """The same as `work`."""
        return self.work

    @property
    def cache(self) -> Path:
        """Remembered work; can be made again."""
        return self.work / "cache"

    @property
    def expectations(self) -> Path:
        """The project's Great Expectations suites."""
        return self.root / "expectations"

    @property
    def acceptances(self) -> Path:
        """Gates that a person let through, once each."""
        return self.root / "acceptances.jsonl"

    @property
    def flows(self) -> Path:
        """The project's Prefect flows."""
        return self.root / "flows"

    def check(self) -> None:
        """Raise ProjectError or EnvironmentFaultError where the folders are not as a run needs them."""
        if not self.raw.is_dir():
            raise ProjectError("there is no folder raw/", where=str(self.raw), mend="make it and put articles into it")
        if not os.access(self.raw, os.R_OK | os.X_OK):
            raise EnvironmentFaultError("raw/ can't be read", where=str(self.raw), mend="grant read permission on it")
        for folder in (self.work, self.dist):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise EnvironmentFaultError(
                    f"this folder can't be made: {error.strerror}", where=str(folder), mend="grant write permission"
                ) from error
            if not os.access(folder, os.W_OK | os.X_OK):
                raise EnvironmentFaultError(
                    "this folder can't be written to", where=str(folder), mend="grant write permission on it"
                )
        if not self.expectations.is_dir():
            raise ProjectError(
                "there is no folder expectations/: without gates nothing is published",
                where=str(self.expectations),
                mend="`corpus init` in a new folder makes the standard suites; copy them from there",
            )
