"""Each corruption is refused by the gate that is meant to, by name; no gate of ours is without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.sections import Validate
from corpus.tables import TABLES
from corpus.validate.change import CHANGE_GATES
from corpus.validate.complete import CONTRACT
from corpus.validate.ledger import LAWS
from tests.validate.conftest import Ask
from tests.validate.kills import KILLS, Kill
from tests.validate.release import Release, stage


@pytest.mark.parametrize("kill", KILLS, ids=lambda kill: kill.what)
def test_a_corruption_is_refused_by_its_gate(kill: Kill, release: Release, ask: Ask):
    kill.bend(release)
    verdict = ask(release, kill.gate, spoil=kill.spoil)
    assert verdict.refused
    gate = next(g for g in verdict.failures if g.name == kill.gate)
    assert gate.cause
    assert gate.mend
    assert gate.failing_rows > 0 or gate.kind == "rows" or gate.name.endswith(".columns")


def test_each_gate_of_the_law_and_the_contract_kills_something():
    killing = {kill.gate for kill in KILLS}
    promised = {law.name for law in LAWS} | {"ledger.inputs"} | {name for names in CONTRACT.values() for name in names}
    assert promised - killing == set()


def test_a_date_in_the_far_future_is_a_warning_that_does_not_refuse(release: Release, ask: Ask):
    row = release.row("articles", article_id="a3")
    row["published_at"] = row["published_at"].replace(year=2042)
    verdict = ask(release, "articles.published_at.not_in_future")
    assert [g.name for g in verdict.warnings] == ["articles.published_at.not_in_future"]
    assert verdict.warnings[0].examples == ("a3",)
    assert not verdict.refused


def last_release(folder: Path, paths: dict[str, int]) -> Path:
    """A release whose ledger has so many records in each path, and no row else."""
    rows = [
        {"record_id": f"{path}#{n}", "raw_path": path, "fate": "published", "reasons": []}
        for path, count in paths.items()
        for n in range(count)
    ]
    return stage({name: rows if name == "records" else [] for name in TABLES}, folder)


def vanished(release: Release, ask: Ask, folder: Path, paths: dict[str, int]) -> dict[str, str]:
    """Failed gates and what they observed, where the last release had those paths."""
    release.previous = last_release(folder, paths)
    return {gate.name: gate.observed for gate in ask(release, NO_EXPECTATION).failures}


NO_EXPECTATION = "none of this name"
HERE = {f"{key}.txt": 1 for key in ("a1", "a2", "a3", "a4")}


def test_raw_files_that_vanished_refuse(release: Release, ask: Ask, tmp_path: Path):
    gone = {f"disk/{n}.txt": 1 for n in range(20)}
    failed = vanished(release, ask, tmp_path / "last", HERE | gone)
    assert failed == {
        "change.raw_paths": "20 of 24 raw paths gone",
        "change.raw_records": "20 of 24 records gone",
    }


def test_fewer_than_the_least_number_may_vanish(release: Release, ask: Ask, tmp_path: Path):
    assert vanished(release, ask, tmp_path / "last", HERE | {f"disk/{n}.txt": 1 for n in range(19)}) == {}


def test_a_small_share_may_vanish(release: Release, ask: Ask, tmp_path: Path):
    release.settings = Validate(max_vanished_share=0.9)
    assert vanished(release, ask, tmp_path / "last", HERE | {f"disk/{n}.txt": 1 for n in range(20)}) == {}


def test_records_that_vanished_from_within_a_file_refuse(release: Release, ask: Ask, tmp_path: Path):
    failed = vanished(release, ask, tmp_path / "last", HERE | {"menu.html": 30})
    assert failed == {"change.raw_records": "30 of 34 records gone"}


def test_a_file_of_one_record_may_change_its_bytes(release: Release, ask: Ask, tmp_path: Path):
    release.settings = Validate(min_vanished=1)
    assert vanished(release, ask, tmp_path / "last", HERE) == {}


def test_what_was_retracted_has_not_vanished(release: Release, ask: Ask, tmp_path: Path):
    gone = {f"disk/{n}.txt": 1 for n in range(20)}
    release.retracted_paths = tuple(gone)
    for n in range(20):
        salted = f"salted{n}"
        release.rows["records"].append({
            "record_id": salted, "raw_path": salted, "fate": "retracted",
            "reasons": [{"rule": "retracted", "value": None, "threshold": None}],
        })  # fmt: skip
    release.raw_paths |= set(gone)
    release.n_inputs += 20
    assert vanished(release, ask, tmp_path / "last", HERE | gone) == {}


def test_a_last_release_that_cannot_be_read_refuses(release: Release, ask: Ask, tmp_path: Path):
    (tmp_path / "last").mkdir()
    release.previous = tmp_path / "last"
    assert {gate.name for gate in ask(release, NO_EXPECTATION).failures} == set(CHANGE_GATES)
