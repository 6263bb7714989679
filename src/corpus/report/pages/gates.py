"""The gates: what each looked at, saw and allows, and how they and the key figures went over the releases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import pyarrow as pa

from corpus.columns import FATES
from corpus.report import charts
from corpus.report.blocks import Block, Cell, Column, Figures, Grid, Mark, Notice, Section, Text
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.wording import number, plural
from corpus.validate.verdict import GateResult

RELEASES = 12
"""Releases of the history that are shown, the last ones."""
TRENDS = (("articles", "records"), ("mentions", "entities", "links", "derivations"))
"""Tables whose rows are drawn over the releases, together where they are of one size."""
MEASURES = 40


def build(material: Material) -> tuple[Section, ...]:
    """Those that did not pass, all of them, and their history."""
    verdict = material.facts.verdict
    figures = Figures(
        (
            ("Gates", number(len(verdict.gates))), ("Refused", number(len(verdict.failures))),
            ("Let through by hand", number(len(verdict.accepted))), ("Warnings", number(len(verdict.warnings))),
        )
    )  # fmt: skip
    told = Text(
        "A gate looks at every row that its rule applies to. One that sees no rows where rows are expected does not "
        "pass."
    )
    notices = tuple(_notice(gate) for gate in verdict.gates if not gate.passed)
    columns = (
        Column("Gate"), Column("Table"), Column("Rows evaluated", numeric=True), Column("Observed"),
        Column("Threshold"), Column("Passed"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (gate.name, gate.table, gate.rows_evaluated, gate.observed, gate.threshold, _passed(gate))
        for gate in verdict.gates
    ]
    grid = Grid("All gates: what each looked at, saw and allows", columns, tuple(rows), stacked=True)
    return (
        Section("gates", "Gates", (figures, told, *notices)),
        *_history(material.facts.history),
        *_measures(verdict.gates),
        Section("all", "All gates", (grid,)),
    )


def _notice(gate: GateResult) -> Notice:
    refused = gate.severity == "critical" and not gate.accepted
    rows = f": {number(gate.failing_rows)} of {number(gate.rows_evaluated)} rows of {gate.table} break it"
    why = f"Let through: {gate.accepted}." if gate.accepted else f"{gate.cause} {gate.mend}"
    words = f"Found {gate.observed}, expected {gate.threshold}{rows if gate.failing_rows else ''}. {why}"
    outcome = "Refused" if refused else "Accepted" if gate.accepted else "Warning"
    return Notice("bad" if refused else "warn", f"{outcome}: {gate.name}", words.strip(), gate.examples)


def _passed(gate: GateResult) -> Mark:
    if gate.passed:
        return Mark("yes", "good")
    if gate.accepted:
        return Mark("accepted", "warn")
    return Mark("warning", "warn") if gate.severity == "warning" else Mark("no", "bad")


def _measures(gates: Iterable[GateResult]) -> tuple[Section, ...]:
    """What gates on change measured, scope by scope, nearest to its limit first."""
    found = [(gate.name, measure) for gate in gates for measure in gate.measures]
    found.sort(key=lambda pair: (-(pair[1].value / pair[1].limit if pair[1].limit else pair[1].value), pair[0],
                                 pair[1].scope or ""))  # fmt: skip
    columns = (
        Column("Gate"), Column("Of"), Column("Rows", numeric=True), Column("Measured", numeric=True),
        Column("Limit", numeric=True),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (name, m.scope or "the whole release", m.rows, round(m.value, 4), round(m.limit, 4))
        for name, m in found[:MEASURES]
    ]  # fmt: skip
    shown = plural(len(found), "measure")
    grid = Grid(f"The {len(rows)} nearest to their limit, of {shown}", columns, tuple(rows), stacked=True)
    return (Section("change", "Change against the last release", (grid,)),) if found else ()


def _history(history: pa.Table | None) -> tuple[Section, ...]:
    """Key figures and gates over the last releases; nothing where this is the first."""
    rows = history.to_pylist() if history is not None else []
    runs = [
        (version, list(group)) for (_, version), group in groupby(rows, lambda r: (r["published_at"], r["version"]))
    ]
    runs = runs[-RELEASES:]
    if len(runs) < 2:
        told = Text("This is the first release, so there is no trend yet.")
        return (Section("history", "History", (told,)),)
    labels = _labels([version for version, _ in runs])
    blocks: list[Block] = []
    for tables in TRENDS:
        series = [(table, [_figure(run, "rows", table, None) for _, run in runs]) for table in tables]
        blocks.append(charts.lines(f"Rows of {', '.join(tables)}", "release", labels, series))
    fates = [
        (fate, [_figure(run, "fate", "records", fate) for _, run in runs]) for fate in FATES if fate != "published"
    ]
    known = [(fate, values) for fate, values in fates if any(values)]
    if known:
        blocks.append(charts.lines("Records that were not published, by fate", "release", labels, known))
    return (Section("history", "History", (*blocks, _failed(runs, labels))),)


def _labels(versions: Sequence[str | None]) -> list[str]:
    """Versions; refused runs are numbered, so that each has a name of its own."""
    refused = 0
    labels = []
    for version in versions:
        refused += version is None
        labels.append(version or f"refused {refused}")
    return labels


def _figure(run: Sequence[dict[str, object]], name: str, table: str, scope: str | None) -> float | None:
    for row in run:
        if row["kind"] == "figure" and row["name"] == name and row["table"] == table and row["scope"] == scope:
            return float(str(row["value"]))
    return 0.0 if scope else None


def _failed(runs: Sequence[tuple[str | None, Sequence[dict[str, object]]]], labels: Sequence[str]) -> Grid:
    """The gates that did not pass in one of the runs: in each run, whether they did."""
    outcomes = [{str(row["name"]): row for row in run if row["kind"] == "gate"} for _, run in runs]
    names = sorted({name for run in outcomes for name, row in run.items() if row["success"] is False})
    rows: list[tuple[Cell, ...]] = [(name, *(_outcome(run.get(name)) for run in outcomes)) for name in names]
    columns = (Column("Gate"), *(Column(label) for label in labels))
    return Grid("Gates that did not pass in one of these runs, and how many rows broke them", columns, tuple(rows))


def _outcome(row: dict[str, object] | None) -> Cell:
    if row is None:
        return None
    if row["success"]:
        return Mark("yes", "good")
    word = "accepted" if row["accepted"] else "warning" if row["severity"] == "warning" else "no"
    return Mark(f"{word} ({number(int(float(str(row['value'] or 0))))})", "bad" if word == "no" else "warn")


PAGE = Page("gates", "Gates", 60, build)
