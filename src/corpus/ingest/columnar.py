"""Parquet files: one record a row, its payload the JSON of its mapped columns, read by row groups in small batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.ingest.archive import whole_file
from corpus.ingest.faults import Fault
from corpus.ingest.json_values import MAPPED
from corpus.ingest.mapping import Json, Plan
from corpus.ingest.media import JSON_ROW, PARQUET
from corpus.ingest.presets import columns_of
from corpus.ingest.record import Head, Record, Task
from corpus.ingest.stream import Stream
from corpus.ingest.table import jsonable, no_text_column, table_record

_MAGIC = b"PAR1"
_BATCH_ROWS = 32  # held at once: a row may have `ingest.max_record_bytes`
_BUFFER = 1 << 20  # bytes of a column that are read ahead
_BROKEN = (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError, MemoryError)


@dataclass(frozen=True)
class ParquetReader:
    """Tables in Apache Parquet, by their magic number."""

    suffixes: Mapping[str, str] = field(default_factory=dict)

    def recognise(self, head: Head) -> str | None:
        """A Parquet file, by its first four bytes."""
        return PARQUET if head.raw.startswith(_MAGIC) else None

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """A record for each row."""
        with stream.seekable() as file:
            size = file.seek(0, 2)
            file.seek(0)
            if stream.fault is not None:
                yield whole_file(file, PARQUET, stream.fault)
                return
            try:
                table = pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)
                columns = list(table.schema_arrow.names)
            except _BROKEN as error:
                yield whole_file(file, PARQUET, Fault("corrupt_table", type(error).__name__, "a Parquet file"))
                return
            plan, wanted = columns_of(task.source, columns)
            fault = _refusal(table, size, task)
            if not any(name.split(".", 1)[0] in wanted for name in plan.text):
                fault = no_text_column(columns, plan)
            if fault is not None:
                yield whole_file(file, PARQUET, fault)
                return
            yield from _rows(table, wanted, plan, task)


def _refusal(table: pq.ParquetFile, size: int, task: Task) -> Fault | None:
    """Why no row of a file of `size` bytes is read."""
    if table.metadata.num_rows == 0:
        return Fault("empty_file", "0 rows", "1 row")
    settings = task.settings
    allowed = max(size * settings.max_expansion, settings.expansion_floor_bytes)
    groups = range(table.metadata.num_row_groups)
    expanded = sum(table.metadata.row_group(number).total_byte_size for number in groups)
    if expanded > allowed:
        return Fault("expansion_limit", str(expanded), f"{allowed} bytes")
    return None


def _rows(table: pq.ParquetFile, wanted: list[str], plan: Plan, task: Task) -> Iterator[Record]:
    given = end = 0
    try:
        for group in range(table.num_row_groups):
            end += table.metadata.row_group(group).num_rows
            batches = table.iter_batches(_BATCH_ROWS, row_groups=[group], columns=wanted, use_threads=False)
            while (lost := task.begin()) is None and (batch := next(batches, None)) is not None:
                narrow = _microseconds(batch)
                for place in range(narrow.num_rows):
                    record = _row(narrow, place, plan, task)
                    given += 1
                    yield record
            if lost is not None and given < end:
                rows = f"rows {given} to {end} of {table.metadata.num_rows}, up to the end of their row group"
                yield Record(None, None, None, PARQUET, fault=replace(lost, detail=f"{lost.detail} It held {rows}."))
                given = end
    except _BROKEN as error:
        left = f"{type(error).__name__} behind row {given} of {table.metadata.num_rows}"
        yield Record(None, None, None, PARQUET, fault=Fault("corrupt_table", left, "rows that can be read"))


def _row(batch: pa.RecordBatch, place: int, plan: Plan, task: Task) -> Record:
    if (lost := task.begin()) is not None:
        return Record(None, None, None, JSON_ROW, fault=lost, structured=MAPPED)
    try:
        values: dict[str, Json] = {
            name: jsonable(column[place].as_py())
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
        return table_record(values, plan, None, None, task.settings.max_record_bytes)
    except _BROKEN as error:
        fault = Fault("malformed_line", type(error).__name__, "values that can be read")
        return Record(None, None, None, JSON_ROW, fault=fault, structured=MAPPED)


def _microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Times to the microsecond, as Python has them."""
    for place, column in enumerate(batch.schema):
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            kind = pa.timestamp("us", column.type.tz)
            batch = batch.set_column(place, column.name, batch.column(place).cast(kind, safe=False))
    return batch
