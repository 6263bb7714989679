"""How many bytes rows take, counted from their values alone: the same whatever batches they come in."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

OFFSET = 4
"""Bytes that a string or a list takes besides what it holds."""


def row_bytes(rows: pa.RecordBatch | pa.Table) -> np.ndarray:
    """Bytes of each row: 8 for a number or a time, 1 for a boolean, 4 and its UTF-8 bytes for a string, 4 and its items
    for a list; a null takes what its type takes empty."""
    total = np.zeros(rows.num_rows, np.int64)
    for column in rows.columns:
        total += _sizes(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column)
    return total


def filled_rows(rows: pa.RecordBatch | pa.Table) -> dict[str, int]:
    """Of each column, in how many rows it holds something: neither null nor an empty list."""
    counts = {}
    for name, column in zip(rows.schema.names, rows.columns, strict=True):
        if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            lengths = pc.fill_null(pc.list_value_length(column), 0)
            counts[name] = pc.sum(pc.greater(lengths, 0)).as_py() or 0
        else:
            counts[name] = len(column) - column.null_count
    return counts


def _sizes(array: pa.Array) -> np.ndarray:
    kind = array.type
    if pa.types.is_struct(kind):
        return sum((_sizes(pc.struct_field(array, i)) for i in range(kind.num_fields)), np.zeros(len(array), np.int64))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy().astype(np.int64)
        ends = np.concatenate([[0], np.cumsum(_sizes(array.flatten()))])  # flatten leaves out what lies under nulls
        places = np.concatenate([[0], np.cumsum(lengths)])
        sizes: np.ndarray = OFFSET + ends[places[1:]] - ends[places[:-1]]
        return sizes
    if pa.types.is_boolean(kind):
        return np.ones(len(array), np.int64)
    if pa.types.is_null(kind):
        return np.zeros(len(array), np.int64)
    if kind in (pa.string(), pa.large_string(), pa.binary(), pa.large_binary()):
        return OFFSET + np.asarray(pc.fill_null(pc.binary_length(array), 0).to_numpy(), np.int64)
    return np.full(len(array), 8, np.int64)
