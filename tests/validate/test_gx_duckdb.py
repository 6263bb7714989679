"""The workaround for Great Expectations on DuckDB, and the day on which it can go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.validate.gx_duckdb import DIALECTS, great_expectations
from corpus.validate.views import database

NOT_NULL = {"g": {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "a"}}}


def test_great_expectations_still_needs_to_keep_its_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """When this fails, delete `keep_connection`: duckdb-engine and Great Expectations get on without it."""
    from great_expectations.execution_engine import sqlalchemy_execution_engine as engine

    monkeypatch.setattr(engine, DIALECTS, tuple(d for d in getattr(engine, DIALECTS) if d != "duckdb"))
    monkeypatch.setattr("corpus.validate.gx_duckdb.keep_connection", lambda: None)
    with database(tmp_path) as opened:
        opened.run("CREATE VIEW t AS SELECT 1 AS a")
        with great_expectations(opened.url) as expectations:
            assert "list index out of range" in expectations.check("t", NOT_NULL)["g"].error


def test_expectations_see_what_the_gates_see(tmp_path: Path):
    with database(tmp_path) as opened:
        opened.run("CREATE VIEW t AS SELECT unnest([1, 2, NULL]) AS a")
        with great_expectations(opened.url) as expectations:
            outcome = expectations.check("t", NOT_NULL)["g"]
    assert not outcome.passed
    assert not outcome.error
    assert (outcome.result["element_count"], outcome.result["unexpected_count"]) == (3, 1)


def test_two_databases_know_nothing_of_each_other(tmp_path: Path):
    with database(tmp_path) as one, database(tmp_path) as other:
        one.run("CREATE VIEW t AS SELECT 1 AS a")
        assert other.columns("t") == {}


def test_it_writes_nothing_and_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    for name in ("home", "here", "tmp", "duckdb"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.chdir(tmp_path / "here")
    with database(tmp_path / "duckdb") as opened:
        opened.run("CREATE VIEW t AS SELECT 1 AS a, ['x'] AS l")
        with great_expectations(opened.url) as expectations:
            expectations.check("t", NOT_NULL)
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")) == ["duckdb", "here", "home", "tmp"]
    assert capfd.readouterr() == ("", "")
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


def test_duckdb_is_one_that_ends_quietly():
    """duckdb 2.0 works as well, but Python then ends with pages of nanobind warnings about leaks."""
    import duckdb

    assert int(duckdb.__version__.split(".")[0]) < 2
