"""Suite files: Great Expectations' own JSON, read strictly, so that nothing in them is skipped in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from corpus.tables import TABLES
from corpus.validate.gx_duckdb import QUERY
from corpus.validate.verdict import GateResult, Severity

RELATIONS = "relations"
"""The suite of rules across tables; each names the table that it is about in its meta."""
RULE_META = {"gate", "table", "severity", "origin", "evaluates", "cause", "mend", "notes"}
SUITE_META = {"table", "rows", "great_expectations_version", "notes"}
GATE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")
COLUMN_KEYS = ("column", "column_A", "column_B", "column_list", "column_set")


@dataclass(frozen=True)
class Rule:
    """One expectation: its gate, the table that it is asked of, and how a failure is to be taken.

    `evaluates`: an SQL condition for the rows that it applies to, or `columns`; None: all rows (a column map
    expectation: those where the column is not null). `origin`: `baseline` (generated) or `reviewed`.
    """

    gate: str
    table: str
    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    origin: str
    evaluates: str | None = None
    cause: str = ""
    mend: str = ""
    relation: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it names outside SQL."""
        values = [self.kwargs[key] for key in COLUMN_KEYS if key in self.kwargs]
        return tuple(c for v in values for c in ([v] if isinstance(v, str) else v))

    @property
    def query(self) -> str | None:
        """The SQL that selects the failing rows, as DuckDB takes it; None where it is no such rule."""
        if self.type != QUERY:
            return None
        sql = str(self.kwargs["unexpected_rows_query"]).format(batch=self.table)
        return re.sub(r"\\(:\w*)", r"\1", sql)  # SQLAlchemy, by which the rule is asked, takes :name for a parameter


@dataclass(frozen=True)
class Suite:
    """One suite file: its rules, and a faulty gate for each part of it that can't be used.

    `rows`: `required`, `optional`, or an SQL query of one boolean that says when rows are required.
    """

    name: str
    rules: tuple[Rule, ...] = ()
    rows: str = "required"
    faults: tuple[GateResult, ...] = field(default=())


def read_suites(folder: Path) -> dict[str, Suite]:
    """Each published table's suite and the relations', by name; what is missing or wrong is a fault of its suite."""
    names = [*TABLES, RELATIONS]
    suites = {name: read_suite(folder / f"{name}.json", name) for name in names}
    for stray in sorted(path.stem for path in folder.glob("*.json") if path.stem not in names):
        fault = suite_fault(stray, "a suite for no published table", f"one of {', '.join(names)}")
        suites[stray] = Suite(stray, rows="optional", faults=(fault,))
    return suites


def read_suite(path: Path, name: str, tables: Collection[str] = tuple(TABLES)) -> Suite:
    """One suite file, whose rules may be about those tables. Faults are returned as failed gates, never raised."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Suite(name, faults=(suite_fault(name, "there is no such file", f"expectations/{name}.json"),))
    except (OSError, ValueError) as error:
        return Suite(name, faults=(suite_fault(name, f"can't be read: {error}", "a suite as JSON"),))
    problem = _shape(content, name)
    if problem:
        return Suite(name, faults=(suite_fault(name, *problem),))
    rules: dict[str, Rule] = {}
    faults: list[GateResult] = []
    for number, entry in enumerate(content["expectations"]):
        made = _rule(entry, name, number, tables)
        if isinstance(made, GateResult):
            faults.append(made)
        elif made.gate in rules:
            faults.append(rule_fault(made.gate, made.table, "the suite has that gate twice", "a name once"))
        else:
            rules[made.gate] = made
    return Suite(name, tuple(rules.values()), content["meta"].get("rows", "required"), tuple(faults))


def _shape(content: Any, name: str) -> tuple[str, str] | None:
    """What is wrong with the file as a whole, and what was expected."""
    if not isinstance(content, dict) or not isinstance(content.get("expectations"), list):
        return "no list `expectations`", "an object with name, expectations and meta"
    if content.get("name") != name:
        return f"its name is {content.get('name')!r}", f"{name!r}, as the file is called"
    meta = content.get("meta")
    if not isinstance(meta, dict):
        return "no object `meta`", "an object, which may be empty"
    if unknown := sorted(set(meta) - SUITE_META):
        return f"unknown key in meta: {', '.join(unknown)}", f"only {', '.join(sorted(SUITE_META))}"
    if not isinstance(meta.get("rows", ""), str):
        return "meta.rows is no string", "`required`, `optional` or an SQL query of one boolean"
    return None if content["expectations"] else ("it has no expectation", "at least one")


def _rule(entry: Any, suite: str, number: int, tables: Collection[str]) -> Rule | GateResult:
    where = f"{suite}.expectation_{number}"
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
        return rule_fault(where, suite, "it has no `type`", "an object with type, kwargs and meta")
    kwargs, meta = entry.get("kwargs", {}), entry.get("meta", {})
    if not isinstance(kwargs, dict) or not isinstance(meta, dict):
        return rule_fault(where, suite, "kwargs or meta is no object", "an object with type, kwargs and meta")
    table = meta.get("table", suite)
    gate = meta.get("gate") or _name(suite, entry["type"], kwargs)
    if not isinstance(gate, str) or not GATE_NAME.fullmatch(gate):
        return rule_fault(where, suite, f"meta.gate is {gate!r}", "letters, digits and . _ + - only")
    if problem := _meta_problem(entry, meta, table, suite, tables) or _query_problem(entry["type"], kwargs):
        return rule_fault(gate, str(table), *problem)
    return Rule(
        gate=gate,
        table=table,
        type=entry["type"],
        kwargs=kwargs,
        severity=cast(Severity, meta.get("severity", entry.get("severity", "critical"))),
        origin=meta.get("origin", "reviewed"),
        evaluates=meta.get("evaluates"),
        cause=meta.get("cause", ""),
        mend=meta.get("mend", ""),
        relation=suite == RELATIONS,
    )


def _meta_problem(
    entry: Mapping[str, Any], meta: Mapping[str, Any], table: object, suite: str, tables: Collection[str]
) -> tuple[str, str] | None:
    if unknown := sorted(set(meta) - RULE_META):
        return f"unknown key in meta: {', '.join(unknown)}", f"only {', '.join(sorted(RULE_META))}"
    if table not in tables:
        return f"meta.table is {table!r}", f"one of {', '.join(tables)}"
    if suite not in (RELATIONS, table):
        return f"meta.table is {table!r} in the suite of {suite}", f"rules across tables stand in {RELATIONS}.json"
    severities = {meta.get("severity"), entry.get("severity")} - {None}
    if len(severities) > 1 or not severities <= {"critical", "warning"}:
        return f"its severity is {' and '.join(sorted(map(str, severities)))}", "`critical` or `warning`, once, in meta"
    texts = ("gate", "severity", "origin", "evaluates", "cause", "mend")
    if wrong := [key for key in texts if not isinstance(meta.get(key, ""), str)]:
        return f"meta.{wrong[0]} is no string", "a string"
    return None


def _query_problem(type_: str, kwargs: Mapping[str, Any]) -> tuple[str, str] | None:
    if type_ != QUERY:
        return None
    query = kwargs.get("unexpected_rows_query")
    if not isinstance(query, str) or "{batch}" not in query:
        return "unexpected_rows_query does not read {batch}", "SQL that selects the rows of {batch} that are wrong"
    try:
        query.format(batch="")
    except (ValueError, KeyError, IndexError) as error:
        return f"a brace in its SQL that is not {{batch}}: {error}", "braces of SQL and regular expressions doubled"
    return None


def _name(suite: str, type_: str, kwargs: Mapping[str, Any]) -> str:
    """A gate's name where the file gives none: table, column, and what is expected."""
    column = kwargs.get("column") or "+".join(map(str, kwargs.get("column_list", ()))) or "table"
    return f"{suite}.{column}.{re.sub(r'^expect_(column_values|column|table|compound)_(to_)?', '', type_)}"


def rule_fault(gate: str, table: str, found: str, expected: str) -> GateResult:
    """A failed gate for an expectation that could not be asked."""
    return GateResult(
        gate, table, "suite", "critical", False, 0, "not evaluated", expected,
        cause=f"the expectation can't be used: {found}; expected: {expected}",
        mend=f"correct {gate} in expectations/ (docs/expectations.md has the format)",
    )  # fmt: skip


def suite_fault(name: str, found: str, expected: str) -> GateResult:
    """A failed gate for a suite file that could not be used at all."""
    return GateResult(
        f"{name}.suite", name, "suite", "critical", False, 0, "no expectation evaluated", expected,
        cause=f"expectations/{name}.json: {found}; expected: {expected}",
        mend="correct the file, or write the generated part anew: `python -m corpus.validate.baseline`",
    )  # fmt: skip
