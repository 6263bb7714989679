"""JSON as rows: parsed strictly first, then leniently, and what had to be put right is told."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import cast

import numpy as np
import orjson

from corpus.ingest.decoding import decode, paired
from corpus.ingest.faults import Fault
from corpus.ingest.formats import MAX_JSON_DEPTH
from corpus.ingest.mapping import Json, at, row_of
from corpus.ingest.presets import plan_for
from corpus.ingest.record import Place, Record, structured
from corpus.sections import Source

MAPPED = "mapped"
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)  # one without end goes on to the end
_EXACT = 2**53  # from here on a float no longer tells neighbouring whole numbers apart (IEEE 754)
_INT_DIGITS = 18  # digits that surely fit 64 bits
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = bytes(1 if byte in b"[{" else 255 for byte in range(256))  # 255 is -1
_JSON_TYPES = {list: "array", str: "string", bool: "boolean", type(None): "null"}


class MalformedRowError(Exception):
    """A row is no JSON object; says what it is."""


def json_record(place: Place, data: bytes, source: Source) -> Record:
    """The record of one JSON object, or its fault where it is none."""
    try:
        values, detail = values_of(data)
        names = plan_for(values, source)
        if any(isinstance(found, float) and abs(found) >= _EXACT for found in (at(values, name) for name in names.id)):
            values = cast(dict[str, Json], _lenient(data)[0])  # orjson rounds whole numbers beyond 64 bits
    except MalformedRowError as error:
        return Record(*place, fault=Fault("malformed_line", str(error), "a JSON object"), structured=MAPPED)
    return structured(place, data, row_of(values, names), origin=MAPPED, detail=detail)


def wide_json_record(place: Place, data: bytes, encoding: str, source: Source) -> Record:
    """The record of one JSON object in UTF-16 or UTF-32, with its own bytes as payload."""
    text = data.decode(encoding, "replace")
    record = json_record(place, text.encode(), source)
    replaced = text.count("\ufffd") - data.decode(encoding, "ignore").count("\ufffd")
    notes = [f"read as {encoding}", f"{replaced} invalid units replaced by U+FFFD" if replaced else "", record.detail]
    record = record._replace(charset=encoding, detail="; ".join(filter(None, notes)))
    return record if record.payload is None else record._replace(payload=data)


def values_of(data: bytes) -> tuple[Mapping[str, Json], str | None]:
    """The object that some bytes hold, and what had to be put right in it (None: nothing).

    Raises MalformedRowError with what was found instead.
    """
    detail = None
    try:
        values = orjson.loads(data)
    except orjson.JSONDecodeError:  # broken, or something that only a lenient reader takes
        values, detail = _lenient(data)
    if not isinstance(values, dict):
        raise MalformedRowError(_JSON_TYPES.get(type(values), "number"))
    return values, detail


def _lenient(data: bytes) -> tuple[Json, str | None]:
    """JSON as Python's own parser takes it: NaN, control characters in strings, unpaired surrogates, long numbers."""
    decoded = decode(data)
    if decoded is None:
        raise MalformedRowError("bytes in no known encoding")
    if _depth(data) > MAX_JSON_DEPTH:
        raise MalformedRowError(f"more than {MAX_JSON_DEPTH} levels")
    try:
        values = json.loads(decoded.text, strict=False, parse_int=_whole_number)
    except json.JSONDecodeError as error:
        raise MalformedRowError(f"{error.msg} (character {error.pos})") from error
    values, unpaired = _paired(values)
    notes = [] if decoded.encoding == "utf-8" else [f"read as {decoded.encoding}"]
    if decoded.replaced:
        notes.append(f"{decoded.replaced} invalid bytes replaced by U+FFFD")
    if unpaired:
        notes.append(f"{unpaired} unpaired surrogates replaced by U+FFFD")
    return values, "; ".join(notes) or None


def _paired(value: Json) -> tuple[Json, int]:
    """The value with each unpaired surrogate in its names and strings replaced, and how many there were."""
    if isinstance(value, str):
        return paired(value)
    if isinstance(value, list):
        items = [_paired(item) for item in value]
        return [item for item, _ in items], sum(count for _, count in items)
    if isinstance(value, dict):
        pairs = [(paired(name), _paired(item)) for name, item in value.items()]
        return {name: item for (name, _), (item, _) in pairs}, sum(one + two for (_, one), (_, two) in pairs)
    return value, 0


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _INT_DIGITS else digits


def _depth(data: bytes) -> int:
    """The levels of nesting in a line; 0 where there are too few brackets to matter."""
    if data.count(b"[") + data.count(b"{") <= MAX_JSON_DEPTH:
        return 0
    brackets = np.frombuffer(_STRINGS.sub(b"", data).translate(_STEPS, _NO_BRACKETS), np.int8)
    return int(np.cumsum(brackets, dtype=np.int32).max(initial=0))
