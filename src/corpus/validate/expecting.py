"""The suites' expectations, asked by Great Expectations of the views, and what came of each as a gate."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.tables import TABLES
from corpus.validate.failing import Failing, Kept, failing_rows
from corpus.validate.gx_duckdb import Expectations, Outcome, great_expectations
from corpus.validate.suites import Rule, rule_fault
from corpus.validate.verdict import GateResult, Kind
from corpus.validate.views import Database, identifier

CAUSES = {
    "expect_column_values_to_not_be_null": "values are missing where each row must have one",
    "expect_column_values_to_be_null": "the registry says that this version does not fill the column, and it is filled",
    "expect_column_values_to_be_unique": "an id occurs more than once",
    "expect_compound_columns_to_be_unique": "a key occurs more than once",
    "expect_column_values_to_be_in_set": "values are outside the closed vocabulary",
    "expect_column_values_to_be_between": "values are out of range",
    "expect_table_columns_to_match_ordered_list": "the table's columns are not the registry's",
    "unexpected_rows_expectation": "rows break the rule",
}
"""Likely causes by expectation type, where a rule's meta gives none."""
COLUMNS = "columns"
"""The `evaluates` of rules about the columns themselves."""


@dataclass(frozen=True)
class Asker:
    """What asking a rule needs."""

    database: Database
    failing: Failing
    expectations: Expectations
    acceptable: Callable[[Rule], bool]

    def results(self, table: str, rules: Sequence[Rule]) -> Iterator[GateResult]:
        """A gate for each rule of one table, in their order."""
        columns = self.database.columns(table)
        faults = {rule.gate: fault for rule in rules if (fault := _unusable(rule, columns))}
        asked = {r.gate: {"type": r.type, "kwargs": r.kwargs} for r in rules if r.gate not in faults}
        outcomes = self.expectations.check(table, asked) if asked else {}
        for rule in rules:
            yield faults.get(rule.gate) or self._result(rule, outcomes[rule.gate], len(columns))

    def _result(self, rule: Rule, outcome: Outcome, n_columns: int) -> GateResult:
        import duckdb

        if outcome.error:
            return _broken(rule, outcome.error)
        try:
            evaluated = self._evaluated(rule, outcome, n_columns)
            kept = Kept(0) if outcome.passed else self._failing(rule)
        except duckdb.Error as error:
            return _broken(rule, str(error).splitlines()[0])
        return GateResult(
            rule.gate, rule.table, _kind(rule), rule.severity, outcome.passed, evaluated, _observed(rule, outcome),
            _threshold(rule), failing_rows=_count(outcome, kept), examples=kept.examples,
            cause="" if outcome.passed else rule.cause or _cause(rule, outcome),
            mend="" if outcome.passed else _mend(rule, kept), column=_column(rule),
            acceptable=not outcome.passed and self.acceptable(rule),
        )  # fmt: skip

    def _evaluated(self, rule: Rule, outcome: Outcome, n_columns: int) -> int:
        """Rows that the rule applies to; the SQL condition decides where the rule has one."""
        if rule.evaluates == COLUMNS:
            return n_columns
        if rule.evaluates is not None:
            condition = f"SELECT count(*) FROM {identifier(rule.table)} WHERE {rule.evaluates}"
            return int(self.database.value(condition))
        if "element_count" in outcome.result:
            return int(outcome.result["element_count"]) - int(outcome.result.get("missing_count") or 0)
        return self.database.count(rule.table)

    def _failing(self, rule: Rule) -> Kept:
        """The rows that fail, in full: Great Expectations itself shows 200 of them at most."""
        import duckdb

        if sql := rule.query or failing_rows(rule, next(iter(self.database.columns(rule.table)))):
            return self.failing.keep(rule.gate, sql)
        try:
            return self.failing.keep(rule.gate, sql) if (sql := self._selected(rule)) else Kept(0)
        except duckdb.Error:  # Great Expectations' own query, with a placeholder in it: it has counted them, at least
            return Kept(0)

    def _selected(self, rule: Rule) -> str:
        """The query that Great Expectations gives for the failing rows of a column; empty where it gives none."""
        if "column" not in rule.kwargs:
            return ""
        first = next(iter(self.database.columns(rule.table)))
        style = {"result_format": "COMPLETE", "unexpected_index_column_names": [first]}
        asked = {rule.gate: {"type": rule.type, "kwargs": rule.kwargs}}
        outcome = self.expectations.check(rule.table, asked, **style)[rule.gate]
        return str(outcome.result.get("unexpected_index_query") or "").rstrip().rstrip(";")


def expectation_gates(
    rules: Sequence[Rule], database: Database, failing: Failing, acceptable: Callable[[Rule], bool]
) -> Iterator[GateResult]:
    """A gate for each rule, table by table; a rule that can't be asked fails by its own name, and can't be accepted."""
    tables = dict.fromkeys(rule.table for rule in rules)
    if not tables:
        return
    with great_expectations(database.url) as expectations:
        asker = Asker(database, failing, expectations, acceptable)
        for table in tables:
            yield from asker.results(table, [rule for rule in rules if rule.table == table])


def _unusable(rule: Rule, columns: Mapping[str, str]) -> GateResult | None:
    """Why a rule can't be asked of these columns."""
    if not columns:
        return _broken(rule, f"the table {rule.table} is not there: see {rule.table}.files")
    for column in rule.columns if rule.evaluates != COLUMNS else ():
        if column not in columns:
            near = difflib.get_close_matches(column, columns, n=1)
            hint = f"did you mean {near[0]}?" if near else f"a column of {rule.table}: {', '.join(columns)}"
            return rule_fault(rule.gate, rule.table, f"{rule.table} has no column {column!r}", hint)
    return None


def _broken(rule: Rule, error: str) -> GateResult:
    return GateResult(
        rule.gate, rule.table, _kind(rule), "critical", False, 0, "not evaluated", _threshold(rule),
        cause=f"the expectation could not be evaluated: {error}",
        mend=f"correct {rule.gate} in expectations/, or what it could not read",
    )  # fmt: skip


def _kind(rule: Rule) -> Kind:
    return "relation" if rule.relation else "expectation"


def _column(rule: Rule) -> str:
    """The column that a rule is about, by its arguments, or (SQL) by its name `table.column.what`."""
    if rule.columns and rule.evaluates != COLUMNS:
        return "+".join(rule.columns)
    parts = rule.gate.split(".")
    table = TABLES.get(rule.table)
    named = [column.name for column in table.columns] if table else []
    return parts[1] if len(parts) > 2 and parts[1] in named else ""


def _count(outcome: Outcome, kept: Kept) -> int:
    return int(outcome.result.get("unexpected_count") or 0) or kept.rows


def _observed(rule: Rule, outcome: Outcome) -> str:
    if rule.query:
        return f"{outcome.result['observed_value']} rows"
    if "unexpected_count" in outcome.result:
        return f"{outcome.result['unexpected_count']} rows"
    if rule.evaluates == COLUMNS:
        return f"{len(outcome.result.get('observed_value') or ())} columns"
    return str(outcome.result.get("observed_value", "met" if outcome.passed else "not met"))


def _threshold(rule: Rule) -> str:
    if "mostly" in rule.kwargs:
        return f"at least {float(rule.kwargs['mostly']):.4g} of the rows as expected"
    limits = [f"{word} {rule.kwargs[key]}" for key, word in (("min_value", "at least"), ("max_value", "at most"))
              if rule.kwargs.get(key) is not None]  # fmt: skip
    if limits and not rule.type.startswith("expect_column_values"):
        return " and ".join(limits)
    return "0 rows" if not limits else f"0 rows that are not {' and '.join(limits)}"


def _cause(rule: Rule, outcome: Outcome) -> str:
    cause = CAUSES.get(rule.type, f"{rule.type} does not hold")
    if rule.evaluates == COLUMNS and not rule.query:
        found, wanted = set(outcome.result.get("observed_value") or ()), set(rule.columns)
        return f"{cause}: missing {sorted(wanted - found)}, unknown {sorted(found - wanted)}, or in another order"
    return cause


def _mend(rule: Rule, kept: Kept) -> str:
    look = f"`corpus why {kept.examples[0]}`" if kept.examples else f"look at {rule.table}"
    return rule.mend or look + (f"; all rows: {kept.place}" if kept.place else "")
