"""Presets: the exports that people already have, told by their fields or named in [[source]]."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from corpus.ingest.formats import USUAL_FIELDS
from corpus.ingest.mapping import Json, Plan, at, has
from corpus.ingest.record import Fields
from corpus.sections import FieldMap, Source

_NOT_FIELDS = ("source", "detect", "also", "flatten")


class Preset(NamedTuple):
    """One kind of export: sets of fields that tell it, its own names for ours, and the parts of a text in pieces."""

    detect: tuple[tuple[str, ...], ...]
    names: Mapping[str, tuple[str, ...]]
    flatten: tuple[str, ...]


@cache
def presets() -> Mapping[str, Preset]:
    """presets.toml, by name."""
    data = tomllib.loads(files("corpus.ingest").joinpath("presets.toml").read_text(encoding="utf-8"))
    return {
        name: Preset(
            tuple(map(tuple, (table["detect"], *table.get("also", ())))),
            {field: tuple(names) for field, names in table.items() if field not in _NOT_FIELDS},
            tuple(table.get("flatten", ())),
        )
        for name, table in data.items()
    }


def plan_for(values: Mapping[str, Json], source: Source) -> Plan:
    """Which field of this row is what: as the source's `fields` say, then its preset, or the one that the row fits."""
    name: str | None = source.preset
    if name is None and source.fields == FieldMap():
        name = next((kind for kind, preset in presets().items() if _fits(values, preset)), None)
    return plan(source.fields, name)


def _fits(values: Mapping[str, Json], preset: Preset) -> bool:
    return any(all(has(values, field) for field in fields) for fields in preset.detect)


@lru_cache(maxsize=256)
def plan(fields: FieldMap, preset: str | None = None) -> Plan:
    """The names that a source's field map gives, those of a preset, and the usual ones for what both leave open."""
    mapped = fields.model_dump()
    own = presets()[preset] if preset else Preset((), {}, ())
    names = {
        name: (mapped[name],) if mapped[name] else own.names.get(name, usual) for name, usual in USUAL_FIELDS.items()
    }
    pairs = tuple((name, names[name]) for name in Fields._fields if name in names)  # no row has HTTP headers
    return Plan(names["text"], names["id"], pairs, own.flatten)


def names_of_text(source: Source) -> set[str]:
    """The names under which a row of this source may have its text."""
    if source.fields.text:
        return {source.fields.text}
    return {*USUAL_FIELDS["text"], *(name for preset in presets().values() for name in preset.names.get("text", ()))}


def columns_of(source: Source, columns: list[str]) -> tuple[Plan, list[str]]:
    """The plan for a table with these columns, and those of them (at the beginning of a path) that it looks at."""
    chosen = plan_for(dict.fromkeys(columns), source)
    wanted = {*chosen.text, *chosen.id, *(name for _, names in chosen.fields for name in names)}
    roots = {name.split(".", 1)[0] for name in wanted} | wanted
    return chosen, [column for column in columns if column in roots]


__all__ = ["at", "columns_of", "names_of_text", "plan", "plan_for", "presets"]
