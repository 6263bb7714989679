"""What the commands share: the --project option, and where a project and its flows are found."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import EnvironmentFaultError, ProjectError

if TYPE_CHECKING:
    from corpus.run import Project

ProjectOption = Annotated[
    Path | None,
    typer.Option("--project", metavar="DIR", help="The project; else the current folder or the nearest one above."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def need_pipeline() -> None:
    """Raise EnvironmentFaultError, which says what to install, where only the base is installed."""
    for library in ("pydantic_settings", "prefect", "loky"):
        if importlib.util.find_spec(library) is None:
            raise EnvironmentFaultError(
                f"the pipeline is not installed ({library} is missing): this is the base, which reads releases",
                mend="pip install 'corpus[pipeline]'",
            )


def find_project(folder: Path | None) -> Project:
    """The project; where only the base is installed, an error that says what to install."""
    need_pipeline()
    from corpus.run import Project

    return Project.find(folder)


def raw_of(folder: Path | None) -> Path | None:
    """raw/ of the project, where there is one: a release can be asked without."""
    from corpus.publish.releases import project_root

    root = project_root(folder)
    return root / "raw" if root is not None and (root / "raw").is_dir() else None


def text_of(folder: Path | None) -> Callable[[str, str], str | None] | None:
    """How the text of a record that was not published is found; None where no project is at hand."""
    from corpus.publish.releases import project_root

    root = project_root(folder)
    if root is None or not (root / ".corpus" / "cache").is_dir() or importlib.util.find_spec("loky") is None:
        return None
    from corpus.run.remembered import remembered_text

    return partial(remembered_text, root / ".corpus" / "cache")


def mask_of(folder: Path | None) -> Callable[[str], str] | None:
    """How the project masks personal data in what is shown; None where it masks none, or no project is at hand."""
    from corpus.publish.releases import project_root

    root = project_root(folder)
    if root is None or importlib.util.find_spec("pydantic_settings") is None:
        return None
    from corpus.settings import load_settings

    privacy = load_settings(root / "corpus.toml").privacy
    if not privacy.mask:
        return None
    from corpus.clean.language import identify
    from corpus.clean.masking import mask_words

    return lambda words: mask_words(words, privacy, identify(words, None, None).code)


def load_flow(project: Project, name: str) -> ModuleType:
    """The project's own flow file, by path."""
    path = project.flows / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"corpus_flow_{name}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise ProjectError(
            "there is no such flow", where=str(path), mend="`corpus init` in a new folder makes the flows; copy them"
        )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
