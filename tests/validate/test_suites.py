"""What people do to suite files: each mistake is a failed gate that says what is wrong, and a good edit works."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.validate import GateResult
from corpus.validate.suites import read_suite
from tests.validate.conftest import Ask
from tests.validate.release import SUITES, Release

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def edited(release: Release, ask: Ask, tmp_path: Path) -> Callable[..., dict[str, GateResult]]:
    """`edited(name, edit, *asked)`: failed and warning gates by name, after `edit` changed one suite file's JSON."""

    def run(name: str, edit: Edit, *asked: str) -> dict[str, GateResult]:
        folder = tmp_path / "expectations"
        shutil.copytree(SUITES, folder)
        content = json.loads((folder / f"{name}.json").read_text())
        edit(content)
        (folder / f"{name}.json").write_text(json.dumps(content))
        release.expectations = folder
        return {g.name: g for g in ask(release, *(asked or ("no expectation",))).gates if not g.passed}

    return run


def expect(type_: str, meta: dict[str, Any] | None = None, **kwargs: Any) -> Edit:
    """Append an expectation."""
    return lambda suite: suite["expectations"].append({"type": type_, "kwargs": kwargs, "meta": meta or {}})


def query(sql: str, **meta: str) -> Edit:
    return expect("unexpected_rows_expectation", {"gate": "links.mine", **meta}, unexpected_rows_query=sql)


def change(gate: str, **parts: Any) -> Edit:
    """Change parts of the expectation of that gate."""
    return lambda suite: next(e for e in suite["expectations"] if e["meta"]["gate"] == gate).update(parts)


def remove(gate: str) -> Edit:
    def edit(suite: dict[str, Any]) -> None:
        suite["expectations"] = [e for e in suite["expectations"] if e["meta"]["gate"] != gate]

    return edit


def test_a_missing_suite_refuses(release: Release, ask: Ask, tmp_path: Path):
    shutil.copytree(SUITES, tmp_path / "expectations")
    (tmp_path / "expectations" / "entities.json").unlink()
    release.expectations = tmp_path / "expectations"
    assert {g.name for g in ask(release, "no expectation").failures} == {"entities.suite"}


def test_no_suites_at_all_refuse(release: Release, ask: Ask, tmp_path: Path):
    release.expectations = tmp_path / "nowhere"
    assert "articles.suite" in {g.name for g in ask(release, "no expectation").failures}


def test_a_broken_suite_refuses(release: Release, ask: Ask, tmp_path: Path):
    shutil.copytree(SUITES, tmp_path / "expectations")
    (tmp_path / "expectations" / "links.json").write_text('{"name": "links", "expectations": [')
    release.expectations = tmp_path / "expectations"
    (gate,) = ask(release, "no expectation").failures
    assert gate.name == "links.suite"
    assert "line 1 column" in gate.cause


@pytest.mark.parametrize(
    ("edit", "cause"),
    [
        (lambda s: s.update(name="lunks"), "its name is 'lunks'"),
        (lambda s: s.update(expectations=[]), "no expectation"),
        (lambda s: s.update(expectations={}), "no list"),
        (lambda s: s["meta"].update(row="optional"), "unknown key in meta: row"),
        (lambda s: s.pop("meta"), "no object `meta`"),
    ],
)
def test_a_suite_of_another_shape_refuses(edit: Edit, cause: str, edited: Callable[..., dict[str, GateResult]]):
    failed = edited("links", edit)
    assert set(failed) == {"links.suite"}
    assert cause in failed["links.suite"].cause


def test_a_suite_of_no_table_refuses(release: Release, ask: Ask, tmp_path: Path):
    shutil.copytree(SUITES, tmp_path / "expectations")
    shutil.copy(SUITES / "links.json", tmp_path / "expectations" / "link.json")
    release.expectations = tmp_path / "expectations"
    assert {g.name for g in ask(release, "no expectation").failures} == {"link.suite"}


@pytest.mark.parametrize(
    ("edit", "gate", "cause"),
    [
        (remove("links.article_id.not_null"), "links.article_id.not_null", "missing"),
        (remove("links.span.whole"), "links.span.whole", "missing"),
        (change("links.method.not_null", kwargs={"column": "url"}), "links.method.not_null", "not what the registry"),
        (query("SELECT 1"), "links.mine", "does not read {batch}"),
        (query("SELECT * FROM {batch} WHERE regexp_matches(url, 'a{2}')"), "links.mine", "brace"),
        (query("SELECT * FROM {batch}", severity="fatal"), "links.mine", "severity is fatal"),
        (query("SELECT * FROM {batch}", severty="warning"), "links.mine", "unknown key in meta: severty"),
        (query("SELECT * FROM {batch}", table="mentions"), "links.mine", "relations.json"),
        (query("SELECT * FROM {batch}", gate="my gate"), "links.expectation_15", "meta.gate is 'my gate'"),
        (lambda s: s["expectations"].append("x"), "links.expectation_15", "no `type`"),
        (lambda s: s["expectations"].append(s["expectations"][0]), "links.columns", "twice"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_read_refuses_by_name(
    edit: Edit, gate: str, cause: str, edited: Callable[..., dict[str, GateResult]]
):
    failed = edited("links", edit)
    assert set(failed) == {gate}
    assert cause in failed[gate].cause
    assert failed[gate].severity == "critical"


@pytest.mark.parametrize(
    ("edit", "gate", "cause"),
    [
        (expect("expect_column_values_to_not_be_null", column="anchor_txt"),
         "links.anchor_txt.not_be_null", "did you mean anchor_text?"),
        (expect("expect_column_values_to_be_unicorns", column="url"), "links.url.be_unicorns", "can build"),
        (expect("expect_column_values_to_be_between", column="start_char", minimum=1),
         "links.start_char.be_between", "can build"),
        (expect("expect_column_values_to_match_regex", column="url", regex="^https"),
         "links.url.match_regex", "Regex is not supported for dialect duckdb"),
        (query("SELECT article_id FROM {batch} WHERE nothing = 1"), "links.mine", "could not be evaluated"),
        (query("SELECT article_id FROM {batch} WHERE CAST(method AS INTEGER) = 1"),
         "links.mine", "could not be evaluated"),
        (query("SELECT article_id FROM {batch} WHERE url IS NULL", evaluates="nothing = 1"),
         "links.mine", "could not be evaluated"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_asked_refuses_by_name_and_takes_no_other_with_it(
    edit: Edit, gate: str, cause: str, edited: Callable[..., dict[str, GateResult]]
):
    failed = edited("links", edit, gate, "links.url.not_null", "links.span.whole")
    assert set(failed) == {gate}
    assert cause in failed[gate].cause


def test_an_added_expectation_is_asked(edited: Callable[..., dict[str, GateResult]]):
    rule = expect("expect_column_values_to_be_in_set", column="host", value_set=["example.net"])
    (gate,) = edited("links", rule, "links.host.be_in_set").values()
    assert (gate.name, gate.severity, gate.failing_rows) == ("links.host.be_in_set", "critical", 2)
    assert gate.examples == ("a3", "a4")


def test_a_warning_reports_and_does_not_refuse(edited: Callable[..., dict[str, GateResult]]):
    rule = query("SELECT article_id, url FROM {batch} WHERE host = 'example.org'", severity="warning", cause="ours")
    (gate,) = edited("links", rule, "links.mine").values()
    assert (gate.severity, gate.observed, gate.rows_evaluated, gate.cause) == ("warning", "2 rows", 2, "ours")


def test_an_aggregate_says_its_value_and_limits(edited: Callable[..., dict[str, GateResult]]):
    rule = expect("expect_column_mean_to_be_between", column="n_chars", min_value=5000)
    (gate,) = edited("articles", rule, "articles.n_chars.mean_to_be_between").values()
    assert (gate.observed, gate.threshold, gate.rows_evaluated) == ("69.0", "at least 5000", 4)


def test_a_share_of_exceptions_may_be_allowed(edited: Callable[..., dict[str, GateResult]]):
    rule = expect("expect_column_values_to_be_in_set", column="article_id", value_set=["a3"], mostly=0.5)
    assert edited("links", rule, "links.article_id.be_in_set") == {}


def test_rows_of_other_rules_are_found_too(edited: Callable[..., dict[str, GateResult]]):
    rule = expect("expect_column_value_lengths_to_equal", column="article_id", value=3)
    (gate,) = edited("links", rule, "links").values()
    assert gate.failing_rows == 2


def test_a_generated_rule_may_be_taken_over_by_review(edited: Callable[..., dict[str, GateResult]]):
    meta = {"gate": "links.method.not_null", "origin": "reviewed", "severity": "warning"}
    assert edited("links", change("links.method.not_null", meta=meta)) == {}


def test_rows_may_be_required_by_the_suite(edited: Callable[..., dict[str, GateResult]], release: Release):
    release.rows["removals"].clear()
    assert set(edited("removals", lambda s: s["meta"].update(rows="required"))) == {"removals.rows"}


def test_no_suite_can_allow_a_release_without_articles(edited: Callable[..., dict[str, GateResult]], release: Release):
    release.rows["articles"].clear()
    assert "articles.rows" in edited("articles", lambda s: s["meta"].update(rows="optional"))


def test_a_condition_on_rows_that_cannot_be_told_refuses(edited: Callable[..., dict[str, GateResult]]):
    failed = edited("removals", lambda s: s["meta"].update(rows="SELECT nothing"))
    assert "can't be told" in failed["removals.rows"].cause


def test_an_escaped_colon_is_a_colon_to_both(edited: Callable[..., dict[str, GateResult]]):
    rule = query("SELECT article_id FROM {batch} WHERE '\\:test' = chr(58) || method")
    (gate,) = edited("links", rule, "links.mine").values()
    assert gate.failing_rows == 2


def test_the_documented_suite_and_rule_work(release: Release, ask: Ask, tmp_path: Path):
    text = (SUITES.parent / "docs" / "expectations.md").read_text()
    suite, rule = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL))
    shutil.copytree(SUITES, tmp_path / "expectations")
    for name, added in (("links", suite["expectations"][0]), ("articles", rule)):
        path = tmp_path / "expectations" / f"{name}.json"
        content = json.loads(path.read_text())
        content["expectations"].append(added)
        path.write_text(json.dumps(content))
    release.expectations = tmp_path / "expectations"
    release.row("articles", article_id="a3")["title"] = "  Advertisement: buy"
    release.row("links", article_id="a3")["host"] = "example.net"
    failed = {
        g.name: g for g in ask(release, "articles.title.no_advertisement", "links.host.known").gates if not g.passed
    }
    assert set(failed) == {"articles.title.no_advertisement", "links.host.known"}
    assert {gate.examples for gate in failed.values()} == {("a3",)}
    assert read_suite(tmp_path / "expectations" / "links.json", "links").faults == ()
