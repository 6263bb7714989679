"""Files of remembered rows: Parquet, or Arrow where single rows are wanted of many files.

An Arrow file is mapped into memory, so that of a row no more is read than the row. Either is written under another
name first and then renamed: a file that is there is whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PARQUET, ARROW = ".parquet", ".arrow"
BROKEN = (pa.ArrowInvalid, OSError)
"""What a file that is not whole, or none of ours, raises when it is opened."""


def mapped(path: Path) -> pa.Table:
    """All columns of an Arrow file, as they lie on the disk."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def write_shard(path: Path, table: pa.Table) -> None:
    """Write a file whole, in the format of its suffix."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    if path.suffix == ARROW:
        with pa.ipc.new_file(str(temporary), table.schema) as writer:
            writer.write_table(table)
    else:
        pq.write_table(table, temporary, compression="zstd", compression_level=1, row_group_size=512)
    temporary.rename(path)


def write_batches(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> int:
    """Write tables, each a group of rows, to one file; returns how many rows."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    count = 0
    writer = (
        pa.ipc.new_file(str(temporary), schema)
        if path.suffix == ARROW
        else pq.ParquetWriter(temporary, schema, compression="zstd", compression_level=1)
    )
    with writer:
        for table in tables:
            writer.write_table(table)
            count += table.num_rows
    temporary.rename(path)
    return count


def read_columns(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Whole columns of a file (None: all). Raises one of BROKEN where it is not whole."""
    if path.suffix == ARROW:
        table = mapped(path)
        return table if columns is None else table.select(columns)
    return pq.ParquetFile(path).read(columns=columns)


def names_of(path: Path) -> list[str]:
    """The names of a file's columns."""
    return list(mapped(path).schema.names if path.suffix == ARROW else pq.read_schema(path).names)


def read_rows(path: Path, rows: np.ndarray, columns: list[str]) -> pa.Table:
    """Some rows (ascending positions) and columns of a file; of Parquet the row groups that hold them are read."""
    if path.suffix == ARROW:
        return rows_of(mapped(path).select(columns), rows)
    file = pq.ParquetFile(path)
    sizes = np.array([file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)], np.int64)
    ends = np.cumsum(sizes)
    groups, inverse = np.unique(np.searchsorted(ends, rows, side="right"), return_inverse=True)
    if not len(groups):
        return file.schema_arrow.empty_table().select(columns)
    table = file.read_row_groups(groups.tolist(), columns=columns)
    starts = np.concatenate([[0], np.cumsum(sizes[groups])[:-1]])
    local = rows - (ends[groups] - sizes[groups])[inverse] + starts[inverse]
    return table if len(local) == table.num_rows else table.take(pa.array(local))


def rows_of(table: pa.Table, rows: np.ndarray) -> pa.Table:
    """Some rows (ascending positions) of a table, batch by batch (`Table.take` would first lay all end to end)."""
    if len(rows) == table.num_rows:
        return table
    parts, start = [], 0
    for batch in table.to_batches():
        first, last = np.searchsorted(rows, [start, start + batch.num_rows])
        if last - first == batch.num_rows:
            parts.append(batch)
        elif last > first:
            parts.append(batch.take(pa.array(rows[first:last] - start)))
        start += batch.num_rows
    return pa.Table.from_batches(parts, table.schema)
