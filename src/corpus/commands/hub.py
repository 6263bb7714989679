"""The command that carries a release to a hub: push."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.commands.shared import ProjectOption, find_project
from corpus.console import out


def push(
    repo_id: Annotated[str, typer.Argument(metavar="REPO_ID", help="The dataset repository, like owner/name.")],
    version: Annotated[str | None, typer.Option(help="A version or a release folder; else the latest.")] = None,
    private: Annotated[bool, typer.Option("--private", help="Make a new repository private.")] = False,
    project: ProjectOption = None,
) -> None:
    """Push a release to a Hugging Face-compatible hub: one commit, its tag, then everything read back.

    Full texts go only under licences that [hub] licenses lists. The hub is that of HF_ENDPOINT, the token that of
    HF_TOKEN or `hf auth login`. A push that was cut short is taken up where it stopped.
    """
    found = find_project(project)
    from corpus.hub.push import push as carry
    from corpus.publish.releases import find_release

    folder = find_release(version, found.root)
    done = carry(folder, repo_id, licences=found.settings.hub.licenses, private=private)
    said = "pushed and read back" if done.new else "there already, and whole"
    out.print(f"{folder.name}: {said}, as {done.repo_id} {done.tag} (commit {done.commit[:12]})", markup=False)
    out.print(f'Load it: datasets.load_dataset("{done.repo_id}", revision="{done.tag}")', markup=False)
