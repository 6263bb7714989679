"""Commands that read releases: versions, diff, verify."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from corpus.commands.shared import JsonOption, ProjectOption, find_project, need_pipeline
from corpus.console import out
from corpus.errors import FaultFoundError

SHOWN = 20
"""Articles without a text that `rehydrate` names."""


def versions(
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """The releases, newest first."""
    from corpus.publish.releases import find_dist, read_releases
    from corpus.publish.versions import show_versions, versions_json

    releases = read_releases(find_dist(project))
    out.print_json(versions_json(releases)) if as_json else show_versions(releases, out)


def diff(
    older: Annotated[str, typer.Argument(metavar="A", help="A version, or the path of a release folder.")],
    newer: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    project: ProjectOption = None,
    page: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as a page, with the paragraphs.")] = None,
    as_json: JsonOption = False,
) -> None:
    """What changed between two releases, by article and by reason."""
    from corpus.publish.diff import diff as compare
    from corpus.publish.diff import show_diff
    from corpus.publish.releases import find_release

    before, now = find_release(older, project), find_release(newer, project)
    found = compare(before, now)
    if page is not None:
        need_pipeline()
        from corpus.publish.disk import named_faults
        from corpus.report.comparison import render_comparison

        with named_faults(page):
            page.write_text(render_comparison(found, before, now, before.parent.name), encoding="utf-8")
        out.print(str(page), markup=False)
        return
    out.print_json(json.dumps(found.to_json())) if as_json else show_diff(found, out)


def verify(
    version: Annotated[str | None, typer.Argument(help="A version or a release folder; else the latest.")] = None,
    project: ProjectOption = None,
    quick: Annotated[bool, typer.Option("--quick", help="Checksums and counts only.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Also make it again from raw/, and compare.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Prove that a release is whole and that its numbers are true. Exits with 1 where a fault is found.

    --full runs the whole way on the project's raw files, remembering nothing, and compares the digests.
    """
    from corpus.publish.releases import find_release
    from corpus.publish.verify import show_verification
    from corpus.publish.verify import verify as check

    found = check(find_release(version, project), quick=quick)
    if full:
        own = find_project(project)
        from corpus.run.again import verify_again

        found = verify_again(found, own)
    out.print_json(json.dumps(found.to_json())) if as_json else show_verification(found, out)
    if found.faults:
        raise typer.Exit(FaultFoundError.exit_code)


def rehydrate(
    raw: Annotated[Path, typer.Argument(metavar="RAW", help="The folder of your own raw files.")],
    to: Annotated[Path, typer.Argument(metavar="TO", help="A new folder for the copy with texts.")],
    version: Annotated[str | None, typer.Option(help="A version or a release folder; else the latest.")] = None,
    project: ProjectOption = None,
) -> None:
    """Put texts back into a release without them, from your own raw files, checked by hash.

    Exits with 1 where a text was not found: its raw file is not there, or gives another text.
    """
    need_pipeline()
    from corpus.publish.rehydrate import rehydrate as put_back
    from corpus.publish.releases import find_release

    found = put_back(find_release(version, project), raw, to)
    out.print(f"{found.restored} of {found.articles} texts put back, by their SHA-256, in {found.folder}", markup=False)
    out.print(f'Load it: datasets.load_dataset("{found.folder}")', markup=False)
    for article_id in found.missing[:SHOWN]:
        out.print(f"not found: {article_id}", markup=False)
    if found.missing:
        raise typer.Exit(FaultFoundError.exit_code)


def gc(
    project: ProjectOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")] = False,
) -> None:
    """Delete the folders of old releases that no rule of [gc] in corpus.toml keeps, and what runs left behind.

    releases.json goes on listing them. Without a rule nothing goes.
    """
    found = find_project(project)
    from corpus.publish.pruning import prune_releases
    from corpus.run import hold

    with hold(found.work):
        gone = prune_releases(found.dist, found.work, found.settings.gc, dry_run=dry_run)
    for one in gone:
        what = "would go" if dry_run else "gone"
        out.print(f"{one.folder}: {what}, {one.freed:,} of {one.bytes:,} bytes were its own alone", markup=False)
    if not gone:
        out.print("Every release is kept.", markup=False)
