"""Records as Arrow rows of working.READ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa

from corpus.columns import REASONS
from corpus.ingest.faults import Fault
from corpus.ingest.names import MEMBER
from corpus.ingest.record import Fields, Record
from corpus.working import FIELDS, READ

BATCH_BYTES = 8 << 20  # of payload and content in a batch; it bounds memory and changes no row
BATCH_ROWS = 4096

_NO_FIELDS = Fields()
_TYPES = {field.name: field.type for field in READ}


def grouped(records: Iterable[Record]) -> Iterator[list[Record]]:
    """The records in groups that fit a batch."""
    group: list[Record] = []
    weight = 0
    for record in records:
        group.append(record)
        weight += (record.byte_end or 0) - (record.byte_start or 0) + len(record.content or "")
        if weight >= BATCH_BYTES or len(group) >= BATCH_ROWS:
            yield group
            group, weight = [], 0
    if group:
        yield group


def batch_of(records: Sequence[Record], raw_path: str, source: str, first: int) -> pa.RecordBatch:
    """One row a record, in order; `first` is the place of the first one among its file's records."""
    n = len(records)
    columns = dict(zip(Record._fields, zip(*records, strict=True), strict=True))
    members, faults = columns["member"], columns["fault"]
    paths = [raw_path] * n if not any(members) else [f"{raw_path}{MEMBER}{m}" if m else raw_path for m in members]
    arrays = {
        "raw_path": pa.array(paths, pa.string()),
        "entry": _entries(first, n) if n > 1 else _entry(first),
        "record_id": _nulls(n, _TYPES["record_id"]),
        "source": _sources(source, n),
        "fields": _fields(columns["fields"]),
        "fate": _column("fate", [fault and fault.fate for fault in faults]),
        "reasons": _reasons(faults),
        "detail": _column("detail", [_detail(record) for record in records]),
    }
    return pa.RecordBatch.from_arrays(
        [arrays[name] if name in arrays else _column(name, columns[name]) for name in READ.names], schema=READ
    )


def _column(name: str, values: Sequence[Any]) -> pa.Array:
    if all(value is None for value in values):
        return _nulls(len(values), _TYPES[name])
    return pa.array(values, _TYPES[name])


def _entries(first: int, n: int) -> pa.Array:
    return pa.array(range(first, first + n), pa.int64())


# what rows of small files have in common is made once: building an array costs more than reading such a file
@lru_cache(maxsize=16)
def _entry(first: int) -> pa.Array:
    return _entries(first, 1)


@lru_cache(maxsize=64)
def _sources(source: str, n: int) -> pa.Array:
    return pa.array([source] * n, pa.string())


@lru_cache(maxsize=256)
def _nulls(n: int, kind: pa.DataType) -> pa.Array:
    return pa.nulls(n, kind)


def _fields(rows: Sequence[Fields | None]) -> pa.Array:
    """A struct in every row, its children null where the record says nothing."""
    if not any(rows):
        return _no_fields(len(rows))
    children = zip(*(row or _NO_FIELDS for row in rows), strict=True)
    arrays = [pa.array(values, child.type) for values, child in zip(children, FIELDS, strict=True)]
    return pa.StructArray.from_arrays(arrays, fields=list(FIELDS))


@lru_cache(maxsize=256)
def _no_fields(n: int) -> pa.Array:
    return pa.StructArray.from_arrays([pa.nulls(n, child.type) for child in FIELDS], fields=list(FIELDS))


def _reasons(faults: Sequence[Fault | None]) -> pa.Array:
    if not any(faults):
        return _no_reasons(len(faults))
    rows = [[{"rule": f.rule, "value": f.value, "threshold": f.threshold}] if f else [] for f in faults]
    return pa.array(rows, REASONS)


@lru_cache(maxsize=256)
def _no_reasons(n: int) -> pa.Array:
    return pa.array([[]] * n, REASONS)


def _detail(record: Record) -> str | None:
    return record.fault.detail if record.fault and record.fault.detail else record.detail
