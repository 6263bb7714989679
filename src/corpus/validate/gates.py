"""`validate`: the staged tables in, the verdict out."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from corpus.tables import TABLES
from corpus.validate.accepting import may_be_accepted, with_acceptances
from corpus.validate.change import change_gates
from corpus.validate.complete import missing_gates
from corpus.validate.expecting import expectation_gates
from corpus.validate.failing import Failing
from corpus.validate.ledger import ledger_gates
from corpus.validate.structure import files_gate, rows_gates
from corpus.validate.suites import Rule, Suite, read_suites
from corpus.validate.verdict import GateContext, GateResult, Verdict
from corpus.validate.views import Database, database


def validate(staged: Path, context: GateContext, scratch: Path | None = None) -> Verdict:
    """Ask every gate of the tables staged as `<staged>/<table>/*.parquet`.

    Nothing is skipped: a table, suite, expectation or column that is missing, a query that fails, or no rows where rows
    are expected is a failed gate of that name. Failing rows go to `context.failing`. Texts must be whole: `[publish]
    text` is cut afterwards. `scratch`: where DuckDB puts what is over its memory; beside the tables if None.
    """
    with (
        tempfile.TemporaryDirectory(dir=scratch or staged.parent, prefix="gates-") as temporary,
        database(Path(temporary)) as opened,
    ):
        gates = tuple(_without_place(gate, staged) for gate in _gates(staged, context, opened))
    return Verdict(tuple(with_acceptances(gates, context.acceptances)))


def _gates(staged: Path, context: GateContext, opened: Database) -> Iterator[GateResult]:
    failing = Failing(context.failing, opened)
    suites = read_suites(context.expectations)
    _surroundings(context, opened)
    for table in TABLES.values():
        yield files_gate(staged, table, opened, context.written.get(table.name))
    for suite in suites.values():
        yield from suite.faults
    yield from missing_gates(suites)
    yield from rows_gates(suites, opened)
    yield from ledger_gates(context, opened, failing)
    yield from expectation_gates(_rules(suites), opened, failing, may_be_accepted)
    yield from change_gates(context, opened, failing)


def _surroundings(context: GateContext, opened: Database) -> None:
    """What rules may read besides the staged tables: `raw_files`, `retracted_files` and `context` (one row)."""
    opened.table("raw_files", _paths(context.raw_paths))
    opened.table("retracted_files", _paths(path.split("!/", 1)[0] for path in context.retracted_paths))
    opened.table("context", pa.table({"annotated": [context.annotated], "n_inputs": [context.n_inputs]}))


def _paths(paths: Iterable[str]) -> pa.Table:
    return pa.table({"raw_path": pa.array(sorted(set(paths)), pa.string())})


def _rules(suites: Mapping[str, Suite]) -> list[Rule]:
    return [rule for suite in suites.values() for rule in suite.rules]


def _without_place(gate: GateResult, staged: Path) -> GateResult:
    """No path of this machine in what may be shown elsewhere."""
    place = str(staged)
    return dataclasses.replace(
        gate, cause=gate.cause.replace(place, "<staged>"), observed=gate.observed.replace(place, "")
    )
