"""A host that loses half of its text: refused, shown, accepted once with a reason that the release states."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from corpus.cli import run
from corpus.errors import RefusedError
from corpus.publish.manifest import read_manifest
from corpus.publish.verify import verify
from corpus.run import publish
from corpus.run.project import Project
from corpus.run.recording import history_of
from tests.projects import article, new_project, rows, write

REASON = "The Courier | prints | only abstracts now"


def publish_halves(project: Project, sentences: int) -> None:
    write(project.root, {f"courier/{n}.txt": article(n, sentences) for n in range(12)})


@pytest.mark.slow
def test_a_drift_is_refused_shown_and_accepted_once(tmp_path: Path):
    whole = {f"courier/{n}.txt": article(n, 12) for n in range(12)}
    project = new_project(tmp_path / "p", whole, enabled="false", workers="1")
    first = publish(project)
    publish_halves(project, 5)
    with pytest.raises(RefusedError) as refused:
        publish(project)
    said = str(refused.value)
    for part in ("change.text: found", "articles of courier", "corpus why", "corpus report --local",
                 "corpus accept change.text --reason WHY --until DATE"):  # fmt: skip
        assert part in said
    assert (project.work / "failing" / "change.text.parquet").is_file()
    assert (project.work / "refused" / "index.html").is_file()

    accept = ["accept", "change.text", "--until", "2999-12-31", "--reason", REASON, "--project", str(project.root)]
    assert run(accept) == 0
    second = publish(project)
    (gate,) = [gate for gate in read_manifest(second.folder).gates if gate.accepted]
    assert (gate.name, gate.passed, gate.accepted) == ("change.text", False, f"{REASON} (until 2999-12-31)")
    assert "only abstracts now" in (second.folder / "README.md").read_text()
    assert verify(second.folder).whole
    assert len(rows(second.folder, "articles")) == len(rows(first.folder, "articles")) == 12

    history = history_of(project.dist, project.work)
    gates = history.filter(pc.and_(pc.equal(history["kind"], "gate"), pc.equal(history["name"], "change.text")))
    assert gates["version"].to_pylist() == [first.version, None, second.version]
    assert gates["success"].to_pylist() == [True, False, False]

    write(project.root, whole)  # the same change, back again: what was accepted was accepted once
    with pytest.raises(RefusedError, match=r"change\.text"):
        publish(project)
    assert run(["check", str(second.folder)]) == 0
