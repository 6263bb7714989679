"""The generated part of the suites follows the registry, and leaves alone what people wrote."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pyarrow as pa
import pytest

from corpus.tables import TABLES
from corpus.validate.baseline import main, renewed
from corpus.validate.generated import generated, sql_type
from corpus.validate.suites import RELATIONS, read_suites
from tests.validate.release import SUITES


@pytest.mark.parametrize("name", [*TABLES, RELATIONS])
def test_the_suites_are_what_the_registry_generates(name: str):
    text = (SUITES / f"{name}.json").read_text()
    assert renewed(name, text) == text, "run `python -m corpus.validate.baseline`"


def test_the_suites_have_no_fault():
    assert [fault for suite in read_suites(SUITES).values() for fault in suite.faults] == []


def test_great_expectations_reads_the_files_as_its_own():
    from great_expectations import ExpectationSuite

    for path in SUITES.glob("*.json"):
        content = json.loads(path.read_text())
        assert len(ExpectationSuite(**content).expectations) == len(content["expectations"])


def test_every_column_is_asked_about():
    for table in TABLES.values():
        types = next(e for e in generated(table.name) if e["meta"]["gate"] == f"{table.name}.types")
        for column in table.columns:
            assert f"('{column.name}', " in types["kwargs"]["unexpected_rows_query"]


def test_a_new_required_column_is_asked_for(monkeypatch: pytest.MonkeyPatch):
    table = TABLES["removals"]
    more = dataclasses.replace(table.column("reason"), name="who")
    monkeypatch.setitem(TABLES, "removals", dataclasses.replace(table, columns=(*table.columns, more)))
    assert "removals.who.not_null" in renewed("removals", (SUITES / "removals.json").read_text())


def test_reviewed_rules_stay_and_generated_ones_are_made_anew():
    content = json.loads((SUITES / "links.json").read_text())
    taken = {"type": "expect_column_to_exist", "kwargs": {"column": "method"},
             "meta": {"gate": "links.method.not_null", "origin": "reviewed", "notes": "ours"}}  # fmt: skip
    mine = {"type": "expect_column_to_exist", "kwargs": {"column": "url"}, "meta": {}}
    stale = {"type": "expect_column_to_exist", "kwargs": {"column": "old"},
             "meta": {"gate": "links.old.not_null", "origin": "baseline"}}  # fmt: skip
    content["expectations"] = [taken, mine, stale]
    after = json.loads(renewed("links", json.dumps(content)))["expectations"]
    gates = [e["meta"].get("gate") for e in after]
    assert after[-2:] == [taken, mine]
    assert gates.count("links.method.not_null") == 1
    assert "links.old.not_null" not in gates
    assert "links.url.not_null" not in gates  # a reviewed rule that was deleted does not come back


def test_suites_are_made_from_nothing(tmp_path: Path):
    assert main(tmp_path / "new") == len(TABLES) + 1
    assert main(tmp_path / "new") == 0


def test_types_are_named_as_duckdb_names_them():
    assert sql_type(pa.list_(pa.struct([("a", pa.string()), ("b", pa.int64())]))) == "STRUCT(a VARCHAR, b BIGINT)[]"
    with pytest.raises(KeyError):
        sql_type(pa.decimal128(3))
