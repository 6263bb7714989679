"""Each corruption is refused by the gate that is meant to, by name; no gate of ours is without one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.errors import CorpusError
from corpus.publish.card import check_card
from corpus.publish.verify import verify
from corpus.sections import Validate
from corpus.tables import TABLES
from corpus.validate.change import CHANGE_GATES
from corpus.validate.complete import CONTRACT
from corpus.validate.generated import BASELINE
from corpus.validate.ledger import LAWS
from corpus.validate.suites import read_suites
from tests.validate import matrix
from tests.validate.conftest import Ask
from tests.validate.generated_kills import SORTS, Sort, generated_gates
from tests.validate.kills import KILLS, Kill
from tests.validate.kills_of_columns import KILLS_OF_COLUMNS
from tests.validate.published_kills import PUBLISHED_KILLS, PublishedKill
from tests.validate.release import SUITES, Release, stage

ALL_KILLS = [*KILLS, *KILLS_OF_COLUMNS]


@pytest.mark.parametrize("kill", ALL_KILLS, ids=lambda kill: kill.what)
def test_a_corruption_is_refused_by_its_gate(kill: Kill, release: Release, ask: Ask):
    kill.bend(release)
    verdict = ask(release, kill.gate, spoil=kill.spoil)
    gate = next(g for g in verdict.gates if g.name == kill.gate)
    assert not gate.passed
    assert verdict.refused or gate.severity == "warning"
    assert gate.cause
    assert gate.mend
    assert gate.failing_rows > 0 or gate.kind == "rows" or gate.name.endswith(".columns")


@pytest.mark.slow
@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.what)
def test_every_generated_gate_kills_its_corruption(sort: Sort, release: Release, ask: Ask):
    sort.bend(release)
    gates = sort.gates
    failed = {gate.name for gate in ask(release, *gates, spoil=sort.spoil).failures}
    assert set(gates) - failed == set()


def test_each_gate_kills_something():
    """Laws, promised and reviewed rules by name; files and rows of some table; generated rules by their sort."""
    killing = {kill.gate for kill in ALL_KILLS}
    reviewed = {r.gate for suite in read_suites(SUITES).values() for r in suite.rules if r.origin != BASELINE}
    promised = {name for names in CONTRACT.values() for name in names}
    assert ({law.name for law in LAWS} | {"ledger.inputs"} | promised | reviewed) - killing == set()
    assert {"files", "rows"} <= {gate.split(".")[1] for gate in killing}
    assert [gate for gate in generated_gates() if not any(sort.owns(gate) for sort in SORTS)] == []


@pytest.mark.parametrize("kill", PUBLISHED_KILLS, ids=lambda kill: kill.what)
def test_a_finished_release_that_was_changed_is_found(kill: PublishedKill, sample, tmp_path: Path):
    folder = tmp_path / sample[1].folder.name
    shutil.copytree(sample[1].folder, folder)
    assert verify(folder, quick=True).whole
    kill.spoil(folder)
    faults = [fault for fault in verify(folder, quick=True).faults if fault.check == kill.check]
    assert any(kill.says in fault.what for fault in faults)


def test_a_number_of_the_card_is_checked_before_the_commit(sample, tmp_path: Path):
    folder = tmp_path / sample[1].folder.name
    shutil.copytree(sample[1].folder, folder)
    check_card(folder)
    PUBLISHED_KILLS[0].spoil(folder)
    with pytest.raises(CorpusError, match="README.md"):
        check_card(folder)


def test_the_page_of_kills_is_up_to_date():
    page = (SUITES.parent / "docs" / "kills.md").read_text()
    assert page == matrix.page(), "run: python -m tests.validate.matrix > docs/kills.md"
    assert page.count("\n| ") > 30


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
