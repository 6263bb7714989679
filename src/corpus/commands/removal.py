"""Commands that take back what was published: retract, removals."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from corpus.commands.shared import JsonOption, ProjectOption, find_project
from corpus.console import out


def retract(  # noqa: PLR0917  # typer passes them by name
    selector: Annotated[
        str, typer.Argument(metavar="SELECTOR", help="An article id, URL, host, author or sha256; or KIND:VALUE.")
    ],
    reason: Annotated[str, typer.Option(help="Why; it is published in the table removals.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")] = False,
    scrub: Annotated[bool, typer.Option("--scrub", help="Also write old releases anew without it.")] = False,
    standing: Annotated[bool, typer.Option("--standing", help="Write the rule though no release has any.")] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take articles, their copies and earlier versions out, from the next release on, and keep them out.

    Writes a standing rule to retractions.jsonl, makes .corpus/ forget them, and leaves a receipt there.
    """
    found = find_project(project)
    from corpus.removal.receipts import lines
    from corpus.removal.retracting import Place, Wish
    from corpus.removal.retracting import retract as carry_out
    from corpus.run import hold

    place = Place(found.root, found.dist, found.work)
    with hold(found.work):
        receipt, held = carry_out(place, Wish(selector, reason, dry_run, scrub, standing))
    if as_json:
        out.print_json(receipt.text)
        return
    for line in lines(receipt, held):
        out.print(line, markup=False)


def removals(
    between: Annotated[str, typer.Argument(metavar="A..B", help="Two versions or release folders; B may be left out.")],
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """The articles retracted between two releases, for whoever holds the older one: ids to drop, and why."""
    from corpus.removal.since import removals as between_releases

    found = between_releases(between, project)
    if as_json:
        out.print_json(json.dumps([one.to_json() for one in found]))
        return
    for one in found:
        out.print(f"{one.article_id}  {one.effective_version}  {one.reason}", markup=False)
