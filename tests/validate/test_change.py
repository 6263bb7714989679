"""Change against the last release: healthy archives are let through, and each drift is refused by its gate."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.validate.change import CHANGE_GATES
from corpus.validate.history import SCHEMA
from corpus.validate.limits import NARROWEST, WIDEST, learned
from corpus.validate.views import Database, database
from tests.validate.healthy import DRIFTS
from tests.validate.simulation import Releases, run_healthy

HEALTHY_RELEASES = 50


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Releases, list[list[str]]]:
    """An archive after 50 healthy releases, and what refused some of them."""
    return run_healthy(1, HEALTHY_RELEASES, tmp_path_factory.mktemp("grown"))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with database(tmp_path_factory.mktemp("database")) as one:
        yield one


def test_of_fifty_healthy_releases_at_most_one_is_refused(grown: tuple[Releases, list[list[str]]]):
    assert len(grown[1]) <= 1, grown[1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_of_fifty_healthy_releases_of_other_archives_too(seed: int, tmp_path: Path):
    _, refused = run_healthy(seed, HEALTHY_RELEASES, tmp_path)
    assert len(refused) <= 1, refused


@pytest.mark.parametrize("what", DRIFTS)
def test_a_drift_is_refused_by_its_gate(
    what: str, grown: tuple[Releases, list[list[str]]], opened: Database, tmp_path: Path
):
    """With the history of 50 releases, and with that of none."""
    gate, drift = DRIFTS[what]
    before = grown[0]
    archive = copy.deepcopy(before.archive)
    drift(archive)
    for name, history in (("learned", before.history), ("new", SCHEMA.empty_table())):
        releases = Releases(archive, tmp_path / name)
        releases.last, releases.history = before.last, history
        found = next(g for g in releases.judge(opened) if g.name == gate)
        assert not found.passed, (name, found.observed)
        assert found.examples and found.cause and found.acceptable, name
        assert found.failing_rows > 0


def test_every_gate_on_change_kills_something():
    killing = {gate for gate, _ in DRIFTS.values()}
    assert set(CHANGE_GATES) - killing == {"change.raw_records"}  # tests/validate/test_kills.py has that


def test_a_new_source_is_no_drift(grown: tuple[Releases, list[list[str]]], opened: Database, tmp_path: Path):
    """However short, foreign and often rejected its articles are."""
    archive = copy.deepcopy(grown[0].archive)
    archive.join()
    stranger = archive.hosts[-1]
    stranger.length, stranger.rejected, stranger.language = 5.0, 0.9, "de"
    for _ in range(400):
        archive.arrive(stranger)
    releases = Releases(archive, tmp_path)
    releases.last, releases.history = grown[0].last, grown[0].history
    assert [g.name for g in releases.judge(opened) if not g.passed] == []


def test_a_release_is_no_drift_from_itself(grown: tuple[Releases, list[list[str]]], opened: Database, tmp_path: Path):
    releases = Releases(grown[0].archive, tmp_path)
    releases.last = releases.folder / "same"
    grown[0].archive.stage(releases.last)
    for gate in releases.judge(opened):
        assert gate.passed
        assert all(measure.value == 0 for measure in gate.measures)


@given(st.floats(0.01, 0.9), st.lists(st.floats(0, 1), max_size=60))
def test_a_limit_stays_within_its_band(prior: float, past: list[float]):
    limit = learned(prior, past)
    assert limit == round(limit, 4)
    assert NARROWEST * prior - 1e-4 <= limit <= min(1, WIDEST * prior) + 1e-4


def test_a_limit_is_the_setting_without_a_past_and_learns_from_one():
    assert learned(0.25, []) == 0.25
    assert learned(0.25, [0.0] * 30) < learned(0.25, [0.0] * 3) < 0.25
    assert learned(0.25, [0.2, 0.3] * 15) > 0.25
    assert learned(0.25, [0.9, *[0.0] * 29]) == learned(0.25, [0.0] * 30)  # one bad release teaches nothing
