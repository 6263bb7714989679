"""Commands about the gates: check, accept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from corpus.commands.shared import JsonOption, ProjectOption, find_project
from corpus.console import out
from corpus.errors import FaultFoundError


def check(
    place: Annotated[str, typer.Argument(metavar="PATH", help="A release, its version, or a folder of Parquet.")],
    suite: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A suite file or a folder of them; Parquet needs one.")
    ] = None,
    failing: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep failing rows in this folder.")] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the gates of any release, or of anyone's Parquet files with a suite. Exits with 1 where one fails."""
    from corpus.validate.checking import check as ask
    from corpus.validate.checking import show_checked

    found = ask(place, suite, project, failing)
    out.print_json(json.dumps(found.to_json())) if as_json else show_checked(found, out)
    if found.verdict.refused:
        raise typer.Exit(FaultFoundError.exit_code)


def accept(
    gate: Annotated[str, typer.Argument(metavar="GATE", help="The gate's name, as the refusal gives it.")],
    reason: Annotated[str, typer.Option(help="Why it may be; the card of the release states it.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="The last day (UTC) on which it holds, like 2031-05-01.")],
    project: ProjectOption = None,
) -> None:
    """Let a gate that refused the release through, once: in the next release, if that is made by the given day.

    Only gates on change and expectations of your own: conservation, keys, offsets and digests are never let through.
    """
    found = find_project(project)
    from corpus.run.plan import latest
    from corpus.validate.accepting import acceptable_gates, new_acceptance, read_acceptances, write_acceptance
    from corpus.validate.suites import read_suites

    read_acceptances(found.acceptances)  # a broken file is said so before it grows
    last = latest(found)
    acceptance = new_acceptance(
        gate, reason, until, after=last.version if last else None, today=f"{datetime.now(UTC):%Y-%m-%d}",
        allowed=acceptable_gates(read_suites(found.expectations)),
    )  # fmt: skip
    write_acceptance(found.acceptances, acceptance)
    upon = f"the release after {last.version}" if last else "the first release"
    out.print(f"{gate} is let through in {upon}, until {until}. Now: corpus publish", markup=False)
