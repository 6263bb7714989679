"""Commands that make a project and run its flows: init, publish, serve, status."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.commands.shared import ProjectOption, find_project, load_flow
from corpus.console import Bars, out, show_outcome


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make the project in.")],
    name: Annotated[str, typer.Option(help="The dataset's name, like city-news.")],
) -> None:
    """Make a new project, with sample articles, that publishes as it is."""
    from corpus.template import init_project

    init_project(folder, name)
    out.print(f"Made {folder}. Put your articles into {folder / 'raw'}, then run: corpus publish --project {folder}")


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
    found = find_project(project)
    from corpus.run import Options, hold, unchanged

    options = Options(stable=stable, rewrite=rewrite)
    with hold(found.work):
        outcome = unchanged(found, options)
        if outcome is None:
            with Bars(out) as bars:
                outcome = load_flow(found, "publish").run_flow(found.root, bars, options=options, verbose=verbose)
    show_outcome(outcome, out)


def serve(project: ProjectOption = None) -> None:
    """Run the flow on the schedule of corpus.toml, with Prefect, until stopped."""
    found = find_project(project)
    raise typer.Exit(load_flow(found, "serve").serve(found.root))


def status(project: ProjectOption = None) -> None:
    """What the schedule and the last runs say."""
    found = find_project(project)
    raise typer.Exit(load_flow(found, "status").status(found.root))
