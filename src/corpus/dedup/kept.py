"""What is kept of a `fold`, so that the next one decides anew only on what a change touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.given import MEASURED
from corpus.working import DERIVED, FOLDS

Ints = npt.NDArray[np.int64]
Number = TypeVar("Number", bound=np.generic)
NUMBERS = ("component", "root", "n_shingles", "uncommon")
KEPT = pa.schema(
    [
        ("record_id", pa.string()),
        ("fact", pa.uint64()),
        ("measured", MEASURED),
        ("component", pa.int64()),  # the row of the first record of all that it hangs together with
        ("root", pa.int64()),  # the row of the record that stands for it in the end
        ("n_shingles", pa.int64()),
        ("uncommon", pa.int64()),  # of a record that stands: its samples that few others have
        ("leads", pa.bool_()),
        ("crowded", pa.bool_()),
        ("links", pa.large_binary()),
        ("sketch", pa.large_binary()),
        *(field for field in FOLDS if field.name != "record_id"),
    ]
)
"""One row per record, in the order of record ids."""
KEPT_DERIVED = pa.schema([*DERIVED, ("holder", pa.string())])
"""Derivations with the record whose article each is of."""


@dataclass(frozen=True)
class Kept:
    """`records` (KEPT) and `derived` (KEPT_DERIVED) of one fold."""

    records: pa.Table
    derived: pa.Table

    def numbers(self, name: str) -> Ints:
        """A column of integers."""
        return np.asarray(self.records[name].to_numpy(), np.int64)

    def flags(self, name: str) -> npt.NDArray[np.bool_]:
        """A column of truth values."""
        return np.asarray(self.records[name].to_numpy(), np.bool_)

    def matrix(self, name: str, kind: type[Number]) -> npt.NDArray[Number]:
        """A column of rows of equal length."""
        chunks = [chunk for chunk in self.records[name].chunks if len(chunk)]
        parts = [np.frombuffer(chunk.buffers()[2] or b"", kind)[_span(chunk, kind)] for chunk in chunks]
        flat = parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, kind), *parts])
        flat.flags.writeable = False  # always the same type for the kernels, which are compiled for each
        return flat.reshape(self.records.num_rows, -1) if self.records.num_rows else flat.reshape(0, 1)


def _span(chunk: pa.Array, kind: type[Number]) -> slice:
    """The elements of a chunk in its buffer of values."""
    offsets = np.frombuffer(chunk.buffers()[1], np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
    width = np.dtype(kind).itemsize
    return slice(int(offsets[0]) // width, int(offsets[-1]) // width)


def rows_as_binary(matrix: npt.NDArray[np.generic]) -> pa.Array:
    """The rows of a matrix as binary values."""
    flat = np.ascontiguousarray(matrix)
    width = flat.itemsize * flat.shape[1]
    bounds = np.arange(len(flat) + 1, dtype=np.int64) * width
    return pa.Array.from_buffers(
        pa.large_binary(), len(flat), [None, pa.py_buffer(bounds), pa.py_buffer(flat.reshape(-1))]
    )
