"""Commands that follow a record or open the report: why, report."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.commands.shared import ProjectOption, find_project, mask_of, raw_of, text_of
from corpus.console import out
from corpus.errors import ProjectError


def why(
    selector: Annotated[str, typer.Argument(metavar="ID_OR_PATH", help="A raw path, a record, article or URL.")],
    version: Annotated[str | None, typer.Option(help="A version or a release folder; else the latest.")] = None,
    project: ProjectOption = None,
    local: Annotated[
        bool, typer.Option("--local", help="Show the raw bytes as they are; else personal data in them is masked.")
    ] = False,
) -> None:
    """The life of one record: raw bytes, every decision with its value and threshold, and where it was published."""
    from corpus.publish.releases import find_release
    from corpus.report.life import render
    from corpus.report.why import why as life_of

    release = find_release(version, project)
    raw = raw_of(project)
    mask = None if local else mask_of(project)
    render(life_of(release, selector, raw, text_of(project), mask), out)


def report(
    version: Annotated[str | None, typer.Argument(help="A version or a release folder; else the latest.")] = None,
    project: ProjectOption = None,
    local: Annotated[
        bool, typer.Option("--local", help="Make a copy in .corpus/ with texts of records that are not published.")
    ] = False,
) -> None:
    """Where the data-quality report of a release is; with --local, one that must not leave the machine."""
    from corpus.publish.releases import find_release

    release = find_release(version, project)
    page = release / "report" / "index.html"
    if local:
        found = find_project(project)
        from corpus.run.local_report import write_local_report

        page = write_local_report(found, release)
    elif not page.is_file():
        raise ProjectError("this release has no report", where=str(page), mend="run `corpus verify` on it")
    out.print(str(page), soft_wrap=True)
