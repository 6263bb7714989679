"""The second pass of dedup: repeated lines are flagged, and left out where similarity is measured."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from corpus.run import Project, Publication
from tests.projects import WORDS, new_project, write

FURNITURE = [
    f"{WORDS[n]} {WORDS[n + 9]} {WORDS[n + 3]} and {WORDS[n + 17]} of the {WORDS[n + 20]} {n}" for n in range(14)
]
"""Lines under every article, many enough to make any two of the short ones near copies."""
LONG = 5  # articles, of which the lines are told; those after them are short


def line(seed: int) -> str:
    """A record: sentences of its own above the furniture."""
    own = " ".join(f"{WORDS[k % len(WORDS)]}{seed}" for k in range(300 if seed < LONG else 6))
    text = "\n\n".join([f"The {own} in {seed}.", *FURNITURE])
    about = {"id": str(seed), "url": f"https://courier.example/{seed}", "title": f"Report {seed}"}
    return json.dumps({**about, "text": text})


def folded(project: Project) -> list[dict[str, object]]:
    """What dedup decides on a project's records."""
    with Publication(project) as publication:
        for stage in ("ingest", "clean", "dedup"):
            publication.do(stage)
        state = publication._state
        assert state is not None
        rows: list[dict[str, object]] = state.folds.to_pylist()
        return rows


def project_of(folder: Path, seeds: Iterable[int], min_clusters: int = LONG) -> Project:
    return new_project(
        folder, {"courier.jsonl": "\n".join(map(line, seeds))}, min_clusters=str(min_clusters), safe_jaccard="0.1"
    )


def test_articles_that_share_furniture_only_are_told_apart(tmp_path: Path) -> None:
    rows = folded(project_of(tmp_path / "p", range(8)))
    assert [row["fate"] for row in rows] == ["published"] * 8
    assert all(row["repeated"] == list(range(1, 15)) for row in rows)
    assert all(0 < row["boilerplate_ratio"] < 0.95 for row in rows)


def test_what_is_not_known_to_be_furniture_counts_as_text(tmp_path: Path) -> None:
    rows = folded(project_of(tmp_path / "p", range(8), min_clusters=9))
    assert sorted(row["fate"] for row in rows) == ["duplicate"] * 2 + ["published"] * 6
    assert all(row["repeated"] == [] for row in rows)


def test_an_incremental_run_flags_what_a_full_one_does(tmp_path: Path) -> None:
    grown = project_of(tmp_path / "grown", range(LONG - 1))
    assert all(row["repeated"] == [] for row in folded(grown))
    projects = [grown, project_of(tmp_path / "full", range(LONG - 1))]
    for project in projects:
        write(project.root, {"more.jsonl": "\n".join(map(line, range(LONG - 1, 9)))})
    after, whole = map(folded, projects)
    assert after == whole
    assert all(row["repeated"] for row in after)
