"""Filters of a project: which signals of a document are beyond what its `[[filter]]` tables allow."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from corpus.sections import Filter
from corpus.signals import OF_ARTICLES

FILE = "clean/data/filters.toml"
"""Package data that decides results, relative to the package's folder."""


@cache
def preset(name: str) -> tuple[Filter, ...]:
    """The rules of a named set: gopher, c4, fineweb."""
    data = tomllib.loads((Path(__file__).parents[1] / FILE).read_text(encoding="utf-8"))
    return tuple(Filter(**rule) for rule in data[name]["rules"])


def rules_of(filters: Sequence[Filter]) -> tuple[Filter, ...]:
    """The rules in order, each set in place of its name; one that is there twice counts once."""
    found: dict[Filter, None] = {}
    for one in filters:
        for rule in preset(one.preset) if one.preset is not None else (one,):
            found[rule] = None
    return tuple(found)


def spoken(documents: pa.RecordBatch, filters: Sequence[Filter]) -> Mapping[int, list[dict[str, str]]]:
    """The reasons against documents, by row: each rule is called as its signal, with the value and what is allowed.

    A document without a value (its fate was set before) is beyond nothing.
    """
    found: dict[int, list[dict[str, str]]] = {}
    languages = documents["language"].to_pylist()
    for rule in rules_of(filters):
        column = _column(documents, rule.signal or "")
        for beyond, limit in ((pc.less, rule.min), (pc.greater, rule.max)):
            if limit is None:
                continue
            rows = pc.indices_nonzero(pc.fill_null(beyond(column, pa.scalar(limit, pa.float64())), False)).to_pylist()
            for row in rows:
                if rule.languages and languages[row] not in rule.languages:
                    continue
                value = column[row].as_py()
                reason = {"rule": rule.signal or "", "value": f"{value:g}", "threshold": f"{limit:g}"}
                found.setdefault(row, []).append(reason)
    return found


def _column(documents: pa.RecordBatch, signal: str) -> pa.Array:
    values = documents[signal] if signal in OF_ARTICLES else pc.struct_field(documents["signals"], signal)
    return values.cast(pa.int64()).cast(pa.float64()) if pa.types.is_boolean(values.type) else values.cast(pa.float64())
