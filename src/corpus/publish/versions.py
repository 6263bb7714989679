"""The list of releases, for programs and for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corpus.publish.releases import Release, Releases, find_dist, read_releases

if TYPE_CHECKING:
    from rich.console import Console


def versions(project: str | Path | None = None) -> tuple[Release, ...]:
    """All releases of a project, oldest first.

    `project`: a project's folder, its `dist/<name>`, or None for the project around the current folder. Raises
    ProjectError where there is none.
    """
    return read_releases(find_dist(project)).releases


def versions_json(releases: Releases) -> str:
    """The releases as JSON, in the form of `releases.json`."""
    return releases.text()


def show_versions(releases: Releases, out: Console) -> None:
    """Print the releases, newest first."""
    from rich.table import Table

    if not releases.releases:
        out.print("There is no release yet: `corpus publish` makes one.", markup=False)
        return
    table = Table("version", "published", "articles", "records", "digest", "folder", box=None, pad_edge=False)
    for release in reversed(releases.releases):
        latest = " (latest)" if release.version == releases.latest else ""
        table.add_row(
            release.version + latest,
            release.published_at,
            str(release.counts.get("articles", 0)),
            str(release.counts.get("records", 0)),
            release.digest[:16],
            release.folder or "pruned",
        )
    out.print(table)
