"""`corpus check`: any release, or anyone's Parquet files with a suite of their own."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.cli import run
from corpus.validate import gates
from corpus.validate.checking import check
from tests.validate.release import SUITES

SUITE = {
    "name": "films",
    "meta": {},
    "expectations": [
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "title"}, "meta": {"gate": "films.title"}},
        {
            "type": "unexpected_rows_expectation",
            "kwargs": {"unexpected_rows_query": "SELECT id, year FROM {batch} WHERE year < 1888"},
            "meta": {"gate": "films.year"},
        },
    ],
}
FILMS = {"id": ["f1", "f2"], "title": ["One", "Two"], "year": [1999, 2001]}


@pytest.fixture
def films(tmp_path: Path) -> Path:
    (tmp_path / "data" / "films").mkdir(parents=True)
    pq.write_table(pa.table(FILMS), tmp_path / "data" / "films" / "0.parquet")
    (tmp_path / "films.json").write_text(json.dumps(SUITE))
    return tmp_path


@pytest.fixture
def published(sample) -> Path:
    folder: Path = sample[1].folder
    return folder


def asked(films: Path, **changes: object) -> list[str]:
    """Names of the gates that failed, after keys of the suite were replaced."""
    (films / "films.json").write_text(json.dumps(SUITE | changes))
    return [gate.name for gate in check(films / "data", films / "films.json").verdict.failures]


def test_a_release_passes_without_a_project(published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    copied = tmp_path / published.name
    shutil.copytree(published, copied)
    before = sorted(path.name for path in copied.parent.iterdir())
    assert run(["check", str(copied)]) == 0
    said = capsys.readouterr().out
    assert "not asked: ledger.every_file" in said
    assert " 0 failed" in said
    assert sorted(path.name for path in copied.parent.iterdir()) == before


def test_a_lost_last_shard_and_a_changed_row_are_found(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(gates, "_rules", lambda _: [])
    copied = tmp_path / published.name
    shutil.copytree(published, copied)
    shard = copied / "links" / "train-00000.parquet"
    pq.write_table(pq.read_table(shard).slice(1), shard)
    assert run(["check", str(copied), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert [gate["name"] for gate in said["gates"] if not gate["passed"]] == ["links.files"]
    assert said["refused"]


def test_a_suite_file_is_asked_of_a_release_by_itself(published: Path):
    found = check(published, SUITES / "links.json")
    assert {gate.name.split(".")[0] for gate in found.verdict.gates} == {"links"}
    assert found.verdict.failures == ()


def test_other_parquet_files_are_judged_by_a_suite_of_their_own(films: Path):
    found = check(films / "data", films / "films.json")
    assert [gate.name for gate in found.verdict.gates] == ["films.files", "films.rows", "films.title", "films.year"]
    assert not found.verdict.refused
    assert found.version is None


@pytest.mark.parametrize("place", ["films.parquet", "films-00000-of-00001.parquet", "data/train-00000.parquet"])
def test_the_usual_places_of_parquet_files_are_known(place: str, films: Path):
    shutil.rmtree(films / "data" / "films")
    (films / "data" / place).parent.mkdir(exist_ok=True)
    pq.write_table(pa.table(FILMS), films / "data" / place)
    assert asked(films) == []
    assert not check(films / "data" / place, films / "films.json").verdict.refused


def test_rows_that_fail_are_found_and_kept(films: Path):
    pq.write_table(pa.table(FILMS | {"year": [1999, 1066]}), films / "data" / "films" / "0.parquet")
    found = check(films / "data", films / "films.json", failing=films / "failing")
    (gate,) = found.verdict.failures
    assert (gate.name, gate.examples, gate.acceptable) == ("films.year", ("f2",), False)
    assert pq.read_table(films / "failing" / "films.year.parquet").to_pylist() == [{"id": "f2", "year": 1066}]


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({"name": "movies"}, ["films.suite"]),
        ({"expectations": [{"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "titel"}}]},
         ["films.titel.not_be_null"]),
        ({"expectations": [{"type": "expect_unicorns", "kwargs": {"column": "title"}}]},
         ["films.title.expect_unicorns"]),
        ({"meta": {"row": 1}}, ["films.suite"]),
    ],
)  # fmt: skip
def test_a_suite_that_is_wrong_fails_by_name(changes: dict[str, object], failed: list[str], films: Path):
    assert asked(films, **changes) == failed


def test_a_table_named_like_a_word_of_sql_fails_and_does_not_raise(films: Path):
    shutil.copy(films / "data" / "films" / "0.parquet", films / "data" / "table.parquet")
    (films / "table.json").write_text(json.dumps(SUITE | {"name": "table"}))
    failed = check(films / "data" / "table.parquet", films / "table.json").verdict.failures
    assert {gate.name for gate in failed} == {"films.title", "films.year"}


def test_no_rows_fail_unless_the_suite_allows_them(films: Path):
    empty = pa.table(FILMS).slice(0, 0)
    pq.write_table(empty, films / "data" / "films" / "0.parquet")
    assert asked(films) == ["films.rows"]
    assert asked(films, meta={"rows": "optional"}) == []


def test_a_corrupted_shard_and_one_of_another_schema_fail(films: Path):
    other = films / "data" / "films" / "1.parquet"
    other.write_bytes(b"PAR1")
    assert asked(films) == ["films.files", "films.title", "films.year"]
    pq.write_table(pa.table({"id": ["f3"]}), other)
    assert "films.files" in asked(films)


def test_what_is_missing_is_said(films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["check", str(films / "data")]) == 2
    assert "needs a suite of its own" in capsys.readouterr().err
    assert run(["check", str(films / "data"), "--suite", str(films / "none.json")]) == 2
    assert "no suite here" in capsys.readouterr().err
    (films / "other.json").write_text(json.dumps(SUITE | {"name": "other"}))
    (films / "both").mkdir()
    for name in ("films", "other"):
        shutil.copy(films / f"{name}.json", films / "both")
    found = check(films / "data", films / "both")
    assert [gate.name for gate in found.verdict.failures][:1] == ["other.files"]


def test_the_documented_commands_are_understood(films: Path, monkeypatch: pytest.MonkeyPatch):
    """docs/operations.md: `corpus check films/ --suite films.json`, with films/ where we have data/."""
    text = (SUITES.parent / "docs" / "operations.md").read_text()
    (line,) = re.findall(r"^corpus (check films/.*?)\s+#", text, re.MULTILINE)
    monkeypatch.chdir(films)
    (films / "data").rename(films / "films")
    assert run(line.split()) == 0
