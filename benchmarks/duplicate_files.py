"""Documents and signatures in Arrow files, as a run keeps them: memory holds narrow columns and a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.lookup import places_of
from corpus.working import TAKEN_OVER

Ints = npt.NDArray[np.int64]
BATCH = 512
"""Rows of a batch, as `run` hands them to `sign`."""
TOGETHER = 64
"""Batches that are copied into one."""


@dataclass(frozen=True)
class Rows:
    """The rows of an Arrow file; `ends[i]`: how many there are up to the end of batch i."""

    path: Path
    ends: Ints

    @classmethod
    def write(cls, path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Rows:
        """Keep these batches."""
        sizes = []
        with pa.ipc.new_file(path, schema) as sink:
            for batch in batches:
                sink.write_batch(batch)
                sizes.append(batch.num_rows)
        return cls(path, np.cumsum(np.array(sizes, np.int64)))

    def __len__(self) -> int:
        return int(self.ends[-1]) if len(self.ends) else 0

    def batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        """Some columns, batch by batch."""
        with pa.OSFile(str(self.path)) as source:
            reader = self._reader(source, names)
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number).select(names)

    def columns(self, names: list[str]) -> pa.Table:
        """Some columns whole, as they lie on the disk: what is not read takes no memory."""
        with pa.memory_map(str(self.path)) as source:
            return pa.ipc.open_file(source).read_all().select(names)

    def take(self, rows: Ints, names: list[str]) -> pa.Table:
        """Some columns of some rows, in the order asked for."""
        order = np.argsort(rows, kind="stable")
        inside = np.searchsorted(self.ends, rows[order], side="right")
        which, first = np.unique(inside, return_index=True)
        wanted = list(zip(which.tolist(), np.split(rows[order], first[1:]), strict=True))
        parts = []
        for some in [wanted[at : at + TOGETHER] for at in range(0, len(wanted), TOGETHER)] or [[]]:
            with pa.memory_map(str(self.path)) as source:  # anew for a few, so that what was read leaves memory again
                reader = self._reader(source, names)
                parts.append(reader.schema.empty_table())
                for number, part in some:
                    batch = reader.get_batch(number)
                    start = int(self.ends[number]) - batch.num_rows
                    parts.append(pa.Table.from_batches([batch]).take(pa.array(part - start)))
                    del batch
        found = pa.concat_tables(parts)
        if np.any(rows[1:] < rows[:-1]):
            back = np.empty(len(order), np.int64)
            back[order] = np.arange(len(order))
            found = found.combine_chunks().take(pa.array(back))
        return found.select(names)

    @staticmethod
    def _reader(source: pa.NativeFile, names: list[str]) -> pa.ipc.RecordBatchFileReader:
        schema = pa.ipc.open_file(source).schema
        chosen = pa.ipc.IpcReadOptions(included_fields=[schema.get_field_index(name) for name in names])
        return pa.ipc.open_file(source, options=chosen)


class Fetch:
    """Wide columns by record id: shingles from the signatures, all else from the documents, null where they lack it."""

    def __init__(self, record_id: pa.ChunkedArray, documents: Rows, given: list[str], signatures: Rows) -> None:
        self._record_id, self._documents, self._signatures = record_id.combine_chunks(), documents, signatures
        self._given = given

    def __call__(self, record_ids: pa.Array, columns: list[str]) -> pa.Table:
        """Those columns of those records, in the order asked for."""
        rows = places_of(record_ids, self._record_id)
        found: dict[str, pa.Array | pa.ChunkedArray] = {"record_id": record_ids}
        for kept, names in (
            (self._signatures, [name for name in columns if name == "shingles"]),
            (self._documents, [name for name in columns if name in self._given and name != "record_id"]),
        ):
            if names:
                table = kept.take(rows, names)
                found |= {name: table[name] for name in names}
        for name in columns:
            if name not in found:
                found[name] = pa.nulls(len(rows), TAKEN_OVER.field(name).type)
        return pa.table({name: found[name] for name in columns})
