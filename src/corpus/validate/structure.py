"""Whether each table is there, whole, of the registry's schema, and has rows where rows are expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.columns import Table
from corpus.tables import TABLES
from corpus.validate.suites import Suite
from corpus.validate.verdict import GateResult
from corpus.validate.views import Database

_NUMBERED = re.compile(r"train-(\d{5})\.parquet")


def files_gate(staged: Path, table: Table, database: Database, written: int | None = None) -> GateResult:
    """`<table>.files`: the table's Parquet files, each readable and of the registry's schema, none missing between,
    with as many rows as were `written` (None: not known). Makes the table's view if its files can be read at all.
    """
    import duckdb

    files = sorted((staged / table.name).glob("*.parquet"))
    faults = [_lost(files)] if files else [f"no Parquet file in {table.name}/"]
    readable, found = [], 0
    for file in files:
        try:
            with pq.ParquetFile(file) as opened:
                schema, rows = opened.schema_arrow, opened.metadata.num_rows
        except (OSError, pa.ArrowInvalid) as error:
            faults.append(f"{table.name}/{file.name} can't be read: {str(error).splitlines()[0]}")
        else:
            readable.append(file)
            found += rows
            faults.append(_difference(f"{table.name}/{file.name}", schema, table.schema))
    if written is not None and found != written:
        faults.append(f"{table.name}/ holds {found} rows, but {written} were written: a shard was lost or doubled")
    if readable:
        try:
            database.view(table.name, readable)
        except duckdb.Error as error:
            faults.append(f"DuckDB can't read {table.name}/: {str(error).splitlines()[0]}")
    faults = [fault for fault in faults if fault]
    return GateResult(
        f"{table.name}.files", table.name, "files", "critical", not faults, len(files),
        faults[0] if faults else f"{len(files)} files", "at least one file, all of the registry's schema",
        failing_rows=len(faults), examples=tuple(faults[:5]), cause="; ".join(faults[:5]),
        mend="publish again: the table was not written whole, or by code of another schema" if faults else "",
    )  # fmt: skip


def _lost(files: Sequence[Path]) -> str:
    """What is missing where all files are numbered shards."""
    numbers = [int(found[1]) for file in files if (found := _NUMBERED.fullmatch(file.name))]
    if len(numbers) < len(files):
        return ""
    missing = sorted(set(range(max(numbers) + 1)) - set(numbers))
    return f"shard train-{missing[0]:05d}.parquet is missing" if missing else ""


def _difference(name: str, found: pa.Schema, wanted: pa.Schema) -> str:
    """The first difference of two schemas, in names, order or types."""
    if missing := [column for column in wanted.names if column not in found.names]:
        return f"{name} has no column {', '.join(missing)}"
    if unknown := [column for column in found.names if column not in wanted.names]:
        return f"{name} has a column that the registry has not: {', '.join(unknown)}"
    if found.names != wanted.names:
        return f"{name} has its columns in another order"
    for field in wanted:
        if found.field(field.name).type != field.type:
            return f"{name}: column {field.name} is {found.field(field.name).type}, not {field.type}"
    return ""


def rows_gates(suites: Mapping[str, Suite], database: Database) -> Iterator[GateResult]:
    """`<table>.rows`: rows where rows are expected, always in tables that are never empty, else as the suite says."""
    import duckdb

    for name, table in TABLES.items():
        found, needed, problem = 0, True, ""
        try:
            if not database.columns(name):
                continue  # its files gate has failed
            found = database.count(name)
            needed = _needed(table, suites[name].rows, database)
        except duckdb.Error as error:
            problem = f"whether rows are expected can't be told: {str(error).splitlines()[0]}"
        passed = not problem and (found > 0 or not needed)
        yield GateResult(
            f"{name}.rows", name, "rows", "critical", passed, found, f"{found} rows",
            "at least 1 row" if needed else "any number of rows",
            cause="" if passed else problem or f"{name} has no rows, so its other gates have nothing to judge",
            mend="" if passed else "`corpus report` shows which stage lost them; where none are right, say so in "
            f"meta.rows of expectations/{name}.json",
        )  # fmt: skip


def _needed(table: Table, rule: str, database: Database) -> bool:
    """Whether rows are expected."""
    if table.name == "paragraphs":
        return bool(database.value("SELECT count(*) > 0 FROM articles WHERE length(text) > 0"))
    if table.never_empty or rule == "required":
        return True
    return rule != "optional" and bool(database.value(rule))
