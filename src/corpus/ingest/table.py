"""Rows of tables: what a row's mapped columns are as JSON, which is the payload."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import orjson

from corpus.ingest.faults import Fault
from corpus.ingest.json_values import MAPPED
from corpus.ingest.mapping import NAMES_SHOWN, Json, Plan, row_of
from corpus.ingest.media import JSON_ROW
from corpus.ingest.record import Record, structured


def table_record(values: Mapping[str, Json], plan: Plan, start: int | None, end: int | None, limit: int) -> Record:
    """The record of a row: its payload is the canonical JSON of `values` (sorted names, no white space, UTF-8)."""
    payload = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.sha256(payload).hexdigest()
    if len(payload) > limit:
        fault = Fault("oversized_record", str(len(payload)), f"{limit} bytes")
        return Record(start, end, digest, JSON_ROW, fault=fault, structured=MAPPED)
    return structured((start, end, digest, JSON_ROW), payload, row_of(values, plan), origin=MAPPED, detail=None)


def no_text_column(columns: list[str], plan: Plan) -> Fault:
    """The fault of a table that has no column for a text."""
    names = ", ".join(sorted(filter(None, columns)))[:NAMES_SHOWN] or "no names of columns"
    return Fault("no_text_field", names, " or ".join(plan.text))


def jsonable(value: object) -> Json:
    """A value of a table as JSON has it: times as ISO 8601, decimals as written, NaN as null.

    Bytes are text where they are UTF-8 (Impala, Hive and old Spark write strings without saying so), else Base64.
    """
    if value is None or isinstance(value, str | bool | int):
        return value if not isinstance(value, int) or -(2**63) <= value < 2**64 else str(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 - NaN alone differs
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return _text_of(value)
    if isinstance(value, Mapping):
        return {str(name): jsonable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    return str(value) if isinstance(value, Decimal | timedelta) else repr(value)


def _text_of(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return base64.b64encode(value).decode("ascii")
