"""What a release's Parquet files hold, counted from them alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.publish.digest import ROWS_AT_ONCE, LogicalDigest, undigested
from corpus.publish.sizes import filled_rows, row_bytes


@dataclass(frozen=True)
class Counted:
    """A table's rows, `num_bytes` before encoding, logical digest, and of each column the rows where it is filled."""

    rows: int
    num_bytes: int
    digest: str
    filled: Mapping[str, int]


@dataclass(frozen=True)
class Ledger:
    """Records by fate, and reasons by rule (a record with three reasons counts for each)."""

    fates: Mapping[str, int]
    reasons: Mapping[str, int]


def table_files(folder: Path, table: str) -> list[Path]:
    """The Parquet files of a table in a release folder, in the order of their rows."""
    return sorted((folder / table).glob("*.parquet"))


def count_files(folder: Path, table: str, without: Collection[str] | None = None) -> Counted:
    """Count one table of a release folder; columns `without` don't count in the digest (null: as registered)."""
    files = table_files(folder, table)
    with pq.ParquetFile(files[0]) as first:
        schema = first.schema_arrow
    return count(_batches(files), schema, undigested(table) if without is None else without)


def count(batches: Iterable[pa.RecordBatch], schema: pa.Schema, without: Collection[str]) -> Counted:
    """Count a table out of its rows."""
    digest = LogicalDigest(schema, without)
    filled: Counter[str] = Counter()
    num_bytes = 0
    for batch in batches:
        digest.update(batch)
        filled.update(filled_rows(batch))
        num_bytes += int(row_bytes(batch).sum())
    return Counted(digest.rows, num_bytes, digest.hexdigest(), {name: filled[name] for name in schema.names})


def count_ledger(folder: Path) -> Ledger:
    """Count the fates and reasons of the records table of a release folder."""
    fates: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for batch in _batches(table_files(folder, "records"), ["fate", "reasons"]):
        fates.update(_counts(batch.column("fate")))
        rules.update(_counts(pc.struct_field(pc.list_flatten(batch.column("reasons")), "rule")))
    return Ledger(dict(sorted(fates.items())), dict(sorted(rules.items())))


def _counts(values: pa.Array) -> dict[str, int]:
    return {str(one["values"]): one["counts"] for one in pc.value_counts(values).to_pylist()}


def _batches(files: Iterable[Path], columns: list[str] | None = None) -> Iterable[pa.RecordBatch]:
    for path in files:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=ROWS_AT_ONCE, columns=columns)
