"""The gates: what each looked at, saw and allows."""

from __future__ import annotations

from corpus.report.blocks import Block, Cell, Column, Figures, Grid, Mark, Notice, Section, Text
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.wording import number
from corpus.validate.verdict import GateResult


def build(material: Material) -> tuple[Section, ...]:
    """Those that did not pass, and all of them."""
    verdict = material.facts.verdict
    blocks: list[Block] = [
        Figures(
            (
                ("Gates", number(len(verdict.gates))),
                ("Refused", number(len(verdict.failures))),
                ("Warnings", number(len(verdict.warnings))),
            )
        ),
        Text(
            "A gate looks at every row that its rule applies to. One that sees no rows where rows are expected does "
            "not pass."
        ),
        *(_notice(gate) for gate in (*verdict.failures, *verdict.warnings)),
    ]  # fmt: skip
    columns = (
        Column("Gate"), Column("Table"), Column("Rows evaluated", numeric=True), Column("Observed"),
        Column("Threshold"), Column("Passed"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (gate.name, gate.table, gate.rows_evaluated, gate.observed, gate.threshold, _passed(gate))
        for gate in verdict.gates
    ]
    grid = Grid("All gates: what each looked at, saw and allows", columns, tuple(rows), stacked=True)
    return (Section("gates", "Gates", tuple(blocks)), Section("all", "All gates", (grid,)))


def _notice(gate: GateResult) -> Notice:
    refused = gate.severity == "critical"
    rows = f": {number(gate.failing_rows)} of {number(gate.rows_evaluated)} rows of {gate.table} break it"
    words = (
        f"Found {gate.observed}, expected {gate.threshold}{rows if gate.failing_rows else ''}. {gate.cause} {gate.mend}"
    )
    name = f"{'Refused' if refused else 'Warning'}: {gate.name}"
    return Notice("bad" if refused else "warn", name, words.strip(), gate.examples)


def _passed(gate: GateResult) -> Mark:
    if gate.passed:
        return Mark("yes", "good")
    return Mark("warning", "warn") if gate.severity == "warning" else Mark("no", "bad")


PAGE = Page("gates", "Gates", 60, build)
