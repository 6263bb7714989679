"""The commands. Thin: each calls one function of the package and prints what it returns."""

from __future__ import annotations

import errno
import importlib.util
import json
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.console import Bars, err, out, show_outcome
from corpus.errors import CorpusError, EnvironmentFaultError, FaultFoundError, ProjectError

if TYPE_CHECKING:
    from corpus.run import Project

app = typer.Typer(
    name="corpus",
    help="From a folder of raw articles to a published, versioned Parquet dataset that a stranger can trust.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
ProjectOption = Annotated[
    Path | None,
    typer.Option("--project", metavar="DIR", help="The project; else the current folder or the nearest one above."),
]
INTERRUPTED = 130
ENVIRONMENT = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up", errno.EROFS: "read-only"}


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make the project in.")],
    name: Annotated[str, typer.Option(help="The dataset's name, like city-news.")],
) -> None:
    """Make a new project, with sample articles, that publishes as it is."""
    from corpus.template import init_project

    init_project(folder, name)
    out.print(f"Made {folder}. Put your articles into {folder / 'raw'}, then run: corpus publish --project {folder}")


@app.command()
def publish(
    project: ProjectOption = None,
    stable: Annotated[bool, typer.Option("--stable", help="Call the next version 1.0.0.")] = False,
    rewrite: Annotated[bool, typer.Option("--rewrite", help="Make card and files anew with the same rows.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show Prefect's own log.")] = False,
) -> None:
    """Run the flow on raw/ and publish a release: ingest, clean, dedup, annotate, validate, publish.

    What was done before is remembered: a second run with nothing new takes seconds and makes no version. A run that
    a gate refuses exits with 3, keeps its report in .corpus/ and leaves the last release as it was.
    """
    found = _project(project)
    from corpus.run import Options, hold, unchanged

    options = Options(stable=stable, rewrite=rewrite)
    with hold(found.work):
        outcome = unchanged(found, options)
        if outcome is None:
            with Bars(out) as bars:
                outcome = _flow(found, "publish").run_flow(found.root, bars, options=options, verbose=verbose)
    show_outcome(outcome, out)


@app.command()
def serve(project: ProjectOption = None) -> None:
    """Run the flow on the schedule of corpus.toml, with Prefect, until stopped."""
    found = _project(project)
    raise typer.Exit(_flow(found, "serve").serve(found.root))


@app.command()
def status(project: ProjectOption = None) -> None:
    """What the schedule and the last runs say."""
    found = _project(project)
    raise typer.Exit(_flow(found, "status").status(found.root))


@app.command()
def versions(
    project: ProjectOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The releases, newest first."""
    from corpus.publish.releases import find_dist, read_releases
    from corpus.publish.versions import show_versions, versions_json

    releases = read_releases(find_dist(project))
    out.print_json(versions_json(releases)) if as_json else show_versions(releases, out)


@app.command()
def diff(
    older: Annotated[str, typer.Argument(metavar="A", help="A version, or the path of a release folder.")],
    newer: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    project: ProjectOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What changed between two releases, by article and by reason."""
    from corpus.publish.diff import diff as compare
    from corpus.publish.diff import show_diff
    from corpus.publish.releases import find_release

    found = compare(find_release(older, project), find_release(newer, project))
    out.print_json(json.dumps(found.to_json())) if as_json else show_diff(found, out)


@app.command()
def verify(
    version: Annotated[str | None, typer.Argument(help="A version or a release folder; else the latest.")] = None,
    project: ProjectOption = None,
    quick: Annotated[bool, typer.Option("--quick", help="Checksums and counts only.")] = False,
) -> None:
    """Prove that a release is whole and that its numbers are true. Exits with 1 where a fault is found."""
    from corpus.publish.releases import find_release
    from corpus.publish.verify import show_verification
    from corpus.publish.verify import verify as check

    found = check(find_release(version, project), quick=quick)
    show_verification(found, out)
    if found.faults:
        raise typer.Exit(FaultFoundError.exit_code)


@app.command()
def why(
    selector: Annotated[str, typer.Argument(metavar="ID_OR_PATH", help="A raw path, a record, article or URL.")],
    version: Annotated[str | None, typer.Option(help="A version or a release folder; else the latest.")] = None,
    project: ProjectOption = None,
) -> None:
    """The life of one record: raw bytes, every decision with its value and threshold, and where it was published."""
    from corpus.publish.releases import find_release
    from corpus.report.life import render
    from corpus.report.why import why as life_of

    release = find_release(version, project)
    raw = _raw_of(project)
    render(life_of(release, selector, raw), out)


@app.command()
def report(
    version: Annotated[str | None, typer.Argument(help="A version or a release folder; else the latest.")] = None,
    project: ProjectOption = None,
) -> None:
    """Where the data-quality report of a release is."""
    from corpus.publish.releases import find_release

    page = find_release(version, project) / "report" / "index.html"
    if not page.is_file():
        raise ProjectError("this release has no report", where=str(page), mend="run `corpus verify` on it")
    out.print(str(page))


def _project(folder: Path | None) -> Project:
    """The project; where only the base is installed, an error that says what to install."""
    for library in ("pydantic_settings", "prefect", "loky"):
        if importlib.util.find_spec(library) is None:
            raise EnvironmentFaultError(
                f"the pipeline is not installed ({library} is missing): this is the base, which reads releases",
                mend="pip install 'corpus[pipeline]'",
            )
    from corpus.run import Project

    return Project.find(folder)


def _raw_of(folder: Path | None) -> Path | None:
    """raw/ of the project, where there is one: a release can be asked without."""
    from corpus.publish.releases import project_root

    root = project_root(folder)
    return root / "raw" if root is not None and (root / "raw").is_dir() else None


def _flow(project: Project, name: str) -> ModuleType:
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


def _fault_of_the_machine(error: OSError) -> str | None:
    """What is wrong with the machine, where an error says so."""
    if isinstance(error, PermissionError):
        return "no permission"
    return ENVIRONMENT.get(error.errno or 0)


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code (contract: 0, 1, 2, 3, 4, 70, 130)."""
    try:
        result = app(args=arguments, standalone_mode=False)
    except CorpusError as error:
        err.print(f"[red]{type(error).__name__.removesuffix('Error')}[/red]", end=": ")
        err.print(str(error), markup=False)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except OSError as error:
        if fault := _fault_of_the_machine(error):
            err.print(
                f"{error.filename or 'corpus'}: {fault}\n  To mend it: make room or grant permission", markup=False
            )
            return 2
        return _ours()
    except Exception as error:  # noqa: BLE001 - the one boundary: what is not expected is a fault of ours, exit code 70
        if (show := getattr(error, "show", None)) and (code := getattr(error, "exit_code", None)) is not None:
            show()  # a usage error of the argument parser
            return int(code)
        return _ours()
    if result == INTERRUPTED:  # typer turns Ctrl-C into this by itself
        return _interrupted()
    return result if isinstance(result, int) else 0


def _interrupted() -> int:
    err.print("Interrupted: the last release is as it was; the next run takes up where this one stopped.")
    return INTERRUPTED


def _ours() -> int:
    err.print(traceback.format_exc(), markup=False, end="")
    err.print("This is a fault of corpus itself. Please report it with the lines above.")
    return 70


def main() -> None:
    """Entry point of the `corpus` command."""
    sys.exit(run())


if __name__ == "__main__":
    main()
