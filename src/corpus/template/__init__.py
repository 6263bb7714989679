"""What a new project starts with."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from string import Template

from corpus.errors import EnvironmentFaultError, ProjectError

HERE = Path(__file__).resolve().parent
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,94}")


def carried(folder: str) -> Path:
    """`flows` or `expectations` as the wheel carries it, or as the repository has it beside src/."""
    for place in (HERE / folder, HERE.parents[2] / folder):
        if place.is_dir():
            return place
    raise EnvironmentFaultError(f"this installation has no {folder}/", mend="install the wheel again")


def settings_text(name: str) -> str:
    """A complete corpus.toml, commented, for a dataset of that name."""
    return Template((HERE / "corpus.toml").read_text(encoding="utf-8")).substitute(name=name)


def init_project(folder: Path, name: str) -> None:
    """Make a project in `folder` that publishes as it is. Nothing that is there already is overwritten.

    Raises ProjectError where the name is not usable or the folder has a corpus.toml.
    """
    if not NAME.fullmatch(name):
        raise ProjectError(
            f"{name!r} can't be a dataset's name",
            mend="use lower-case letters, digits, dots, hyphens and underscores, beginning with a letter or digit",
        )
    if (folder / "corpus.toml").exists():
        raise ProjectError("there is a corpus.toml already", where=str(folder), mend="choose another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in ("flows", "expectations"):
            shutil.copytree(
                carried(part), folder / part, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True
            )
        if not (folder / "raw").exists():
            shutil.copytree(HERE / "raw", folder / "raw")
        (folder / ".gitignore").write_text(".corpus/\ndist/\nretractions.salt\n", encoding="utf-8")
        (folder / "corpus.toml").write_text(settings_text(name), encoding="utf-8")
    except OSError as error:
        raise EnvironmentFaultError(
            f"the project can't be written: {error.strerror}",
            where=str(folder),
            mend="choose a folder you may write to",
        ) from error
