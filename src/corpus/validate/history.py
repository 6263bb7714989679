"""The history: gates and key figures of every release in one small table, beside the releases and never in a digest.

`.corpus/history/` holds one Parquet file for each release (`v0.2.0.parquet`) and for each of the last refused runs
(`refused-20240501T060000Z.parquet`); read together they are one table of `SCHEMA`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.validate.verdict import GateResult

FOLDER = "history"
REFUSED_KEPT = 50
"""Refused runs that are remembered: enough to see a fault come and go."""
Sort = Literal["gate", "figure", "change"]
GATE: Final = "gate"
FIGURE: Final = "figure"
CHANGE: Final = "change"
SCHEMA = pa.schema(
    [
        ("version", pa.string()),  # null: the run was refused
        ("published_at", pa.timestamp("us", tz="UTC")),  # of a refused run: when it was refused
        ("kind", pa.string()),  # gate | figure | change (what a gate on change measured in one scope)
        ("suite", pa.string()),  # articles, relations, ledger, change …; of a figure: the table
        ("name", pa.string()),  # the gate, or the figure
        ("table", pa.string()),
        ("column", pa.string()),  # of an expectation about one
        ("scope", pa.string()),  # the host, folder, language, fate … that the row is about; null: all
        ("value", pa.float64()),  # of a gate: its failing rows
        ("limit", pa.float64()),  # the largest value that a gate on change allowed there
        ("observed", pa.string()),
        ("threshold", pa.string()),
        ("rows_evaluated", pa.int64()),
        ("success", pa.bool_()),  # null: a figure
        ("severity", pa.string()),
        ("accepted", pa.string()),  # the reason for which a failed gate was let through
    ]
)
_NAME = re.compile(r"v\d+\.\d+\.\d+|refused-\d{8}T\d{6}Z")


@dataclass(frozen=True)
class Line:
    """One row of the history, less the release that it is of."""

    kind: Sort
    suite: str
    name: str
    table: str
    column: str | None = None
    scope: str | None = None
    value: float | None = None
    limit: float | None = None
    observed: str | None = None
    threshold: str | None = None
    rows_evaluated: int | None = None
    success: bool | None = None
    severity: str | None = None
    accepted: str | None = None


def gate_lines(gates: Iterable[GateResult]) -> Iterator[Line]:
    """A line for each gate, and for each scope in which a gate on change measured something."""
    for gate in gates:
        suite = gate.name.split(".", 1)[0]
        yield Line(
            GATE, suite, gate.name, gate.table, gate.column or None, None, float(gate.failing_rows), None,
            gate.observed, gate.threshold, gate.rows_evaluated, gate.passed, gate.severity, gate.accepted or None,
        )  # fmt: skip
        for found in gate.measures:
            yield Line(
                CHANGE, suite, gate.name, gate.table, None, found.scope, found.value, found.limit,
                rows_evaluated=found.rows, success=found.value <= found.limit, severity=gate.severity,
            )  # fmt: skip


def figure_lines(counts: Mapping[str, int], fates: Mapping[str, int], reasons: Mapping[str, int]) -> Iterator[Line]:
    """The key figures: rows of each table, records by fate, and by rule of their reasons."""
    for table, rows in counts.items():
        yield Line(FIGURE, table, "rows", table, value=float(rows))
    for name, counted in (("fate", fates), ("reason", reasons)):
        for scope, records in counted.items():
            yield Line(FIGURE, "records", name, "records", scope=scope, value=float(records))


def history_rows(version: str | None, published_at: str, lines: Iterable[Line]) -> pa.Table:
    """Lines of one release (`version` None: of a refused run) as rows; `published_at` in ISO 8601."""
    at = datetime.fromisoformat(published_at).astimezone(UTC)
    return pa.Table.from_pylist([{"version": version, "published_at": at} | asdict(line) for line in lines], SCHEMA)


def write_history(work: Path, version: str | None, published_at: str, lines: Iterable[Line]) -> Path:
    """Put the rows of one release or refused run into the history, in place of what it had of it; the file."""
    rows = history_rows(version, published_at, lines)
    folder = work / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    at = datetime.fromisoformat(published_at).astimezone(UTC)
    file = folder / (f"v{version}.parquet" if version else f"refused-{at:%Y%m%dT%H%M%SZ}.parquet")
    temporary = file.with_suffix(f".{os.getpid()}.tmp")
    pq.write_table(rows, temporary, compression="zstd")
    temporary.replace(file)
    for old in sorted(folder.glob("refused-*.parquet"))[:-REFUSED_KEPT]:
        old.unlink()
    return file


def read_history(work: Path) -> pa.Table:
    """The whole table, by time, then as written; a file in it that can't be read counts as absent."""
    tables = [SCHEMA.empty_table()]
    for file in sorted((work / FOLDER).glob("*.parquet")):
        if _NAME.fullmatch(file.stem) and (rows := _read(file)) is not None:
            tables.append(rows)
    return pa.concat_tables(sorted(tables, key=_time)).combine_chunks()


def known_versions(work: Path) -> frozenset[str]:
    """Versions of which the history has rows that can be read."""
    files = (work / FOLDER).glob("v*.parquet")
    return frozenset(file.stem[1:] for file in files if _read(file) is not None)


def _time(rows: pa.Table) -> tuple[datetime, tuple[int, ...]]:
    if not rows.num_rows:
        return datetime.min.replace(tzinfo=UTC), ()
    version = rows["version"][0].as_py()
    return rows["published_at"][0].as_py(), tuple(int(part) for part in version.split(".")) if version else ()


def _read(file: Path) -> pa.Table | None:
    """The rows of one file in the present schema; None where they can't be had."""
    try:
        found = pq.ParquetFile(file).read()
        columns = [
            found[field.name].cast(field.type) if field.name in found.column_names
            else pa.nulls(found.num_rows, field.type)
            for field in SCHEMA
        ]  # fmt: skip
    except (OSError, pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return pa.table(columns, schema=SCHEMA)
