"""The history: one small table over all releases and refused runs, outside every digest, made again when lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.compute as pc
import pytest

from corpus.publish.releases import read_releases
from corpus.run.recording import history_of
from corpus.validate import GateResult
from corpus.validate.history import (
    REFUSED_KEPT,
    SCHEMA,
    figure_lines,
    gate_lines,
    known_versions,
    read_history,
    write_history,
)
from corpus.validate.verdict import Measure

PASSED = GateResult("links.url.not_null", "links", "expectation", "critical", True, 9, "0 rows", "0 rows", column="url")
DRIFTED = GateResult(
    "change.text", "articles", "change", "critical", False, 30, "a.org lost 50 %", "at most 25 %", failing_rows=1,
    measures=(Measure("a.org", 0.5, 0.25, 20), Measure("b.org", 0.0, 0.25, 10)),
    accepted="a redesign (until 2030-01-01)",
)  # fmt: skip


def test_gates_figures_and_measures_are_rows_of_one_table(tmp_path: Path):
    lines = [*figure_lines({"articles": 3}, {"published": 3}, {"too_short": 1}), *gate_lines([PASSED, DRIFTED])]
    write_history(tmp_path, "0.1.0", "2024-05-01T06:00:00Z", lines)
    found = read_history(tmp_path)
    assert found.schema == SCHEMA
    assert found.group_by("kind").aggregate([("name", "count")]).to_pydict() == {
        "kind": ["figure", "gate", "change"], "name_count": [3, 2, 2],
    }  # fmt: skip
    (gate,) = found.filter(pc.equal(found["name"], "links.url.not_null")).to_pylist()
    assert (gate["suite"], gate["column"], gate["success"], gate["rows_evaluated"]) == ("links", "url", True, 9)
    scopes = found.filter(pc.equal(found["kind"], "change")).to_pylist()
    assert [(row["scope"], row["value"], row["success"]) for row in scopes] == [
        ("a.org", 0.5, False),
        ("b.org", 0.0, True),
    ]


def test_releases_and_refused_runs_stand_in_the_order_of_time(tmp_path: Path):
    for version, at in (("0.10.0", "2024-05-03"), (None, "2024-05-02"), ("0.9.0", "2024-05-01")):
        write_history(tmp_path, version, f"{at}T06:00:00Z", figure_lines({"articles": 1}, {}, {}))
    assert read_history(tmp_path)["version"].to_pylist() == ["0.9.0", None, "0.10.0"]


def test_a_release_recorded_twice_counts_once_and_old_refusals_go(tmp_path: Path):
    for _ in range(2):
        write_history(tmp_path, "0.1.0", "2024-05-01T06:00:00Z", figure_lines({"articles": 1}, {}, {}))
    for n in range(REFUSED_KEPT + 3):
        write_history(tmp_path, None, f"2024-06-01T06:{n:02d}:00Z", figure_lines({"articles": n}, {}, {}))
    found = read_history(tmp_path)
    assert found.num_rows == 1 + REFUSED_KEPT
    assert found["value"].to_pylist()[1] == 3


def test_what_cannot_be_read_counts_as_absent(tmp_path: Path):
    write_history(tmp_path, "0.1.0", "2024-05-01T06:00:00Z", figure_lines({"articles": 1}, {}, {})).write_bytes(b"PAR1")
    assert read_history(tmp_path).num_rows == 0
    assert known_versions(tmp_path) == frozenset()
    assert read_history(tmp_path / "nowhere").schema == SCHEMA


def test_a_release_is_recorded_and_its_history_can_be_made_again(sample, tmp_path: Path):
    project, outcome = sample
    written = read_history(project.work)
    assert set(written["version"].to_pylist()) == {outcome.version}
    gates = written.filter(pc.equal(written["kind"], "gate"))
    assert pc.all(gates["success"]).as_py() or "warning" in gates["severity"].to_pylist()
    again = history_of(project.dist, tmp_path)
    of_gates = again.filter(pc.equal(again["kind"], "gate"))
    assert of_gates.equals(gates)
    figures = [t.filter(pc.equal(t["kind"], "figure")).sort_by([("name", "ascending"), ("scope", "ascending")])
               for t in (written, again)]  # fmt: skip
    assert figures[0].select(["scope", "value"]).equals(figures[1].select(["scope", "value"]))


@pytest.mark.parametrize("damage", ["pruned", "no manifest"])
def test_of_a_release_that_is_gone_the_counts_come_back(sample, tmp_path: Path, damage: str):
    project, outcome = sample
    dist = tmp_path / "dist"
    dist.mkdir()
    text = (project.dist / "releases.json").read_text()
    (dist / "releases.json").write_text(
        text.replace(f'"{outcome.folder.name}"', "null") if damage == "pruned" else text
    )
    found = history_of(dist, tmp_path / "work")
    rows = dict(zip(found["table"].to_pylist(), found["value"].to_pylist(), strict=True))
    assert rows == {name: float(n) for name, n in read_releases(dist).releases[0].counts.items()}
    shutil.rmtree(dist)
