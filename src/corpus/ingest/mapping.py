"""The fields of a structured row, whatever their types: which is what, and as which string."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from corpus.ingest.markup import is_fragment, is_page, opening
from corpus.ingest.media import HTML, PLAIN
from corpus.ingest.record import Fields, Row

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

_BETWEEN_KEYWORDS = re.compile(r"[,;]")
NAMES_SHOWN = 200  # characters of a row's field names that a reason shows
_LISTS = ("authors", "keywords")
_NAMES = ("name", "label", "term")  # what an author or keyword that is an object calls itself


class Plan(NamedTuple):
    """For each field, the names to try in order; `flatten`: in a text that is an object, the parts that make it up."""

    text: tuple[str, ...]
    id: tuple[str, ...]
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    flatten: tuple[str, ...] = ()


def row_of(values: Mapping[str, Json], plan: Plan) -> Row:
    """The row's id, text and fields; `values` is a JSON object."""
    found: dict[str, str | list[str]] = {}
    for name, names in plan.fields:
        for candidate in names:
            value = at(values, candidate)
            if value is not None and (plain := _plain(name, value)):
                found[name] = plain
                break
    own_id = next(filter(None, (string(at(values, name)) for name in plan.id)), None)
    fields = Fields(**found)  # type: ignore[arg-type] # lists are those of authors and keywords
    text = _text(values, plan)
    if text is None:
        return Row(own_id, None, None, fields, ", ".join(sorted(values))[:NAMES_SHOWN], " or ".join(plan.text))
    return Row(own_id, text, _text_type(text), fields)


def _text_type(text: str) -> str:
    """HTML where a field's text begins like it, else plain text."""
    if not text.lstrip().startswith("<"):
        return PLAIN
    first = opening(text.encode("utf-8", "replace"))
    return HTML if is_page(first) or is_fragment(first) else PLAIN


def string(value: Json) -> str | None:
    """A string as it is, a number as JSON writes it; null, booleans, lists, objects and blanks are none."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else str(value)


def strings(value: Json) -> list[str]:
    """A string as a list of one, a list's strings, and of objects in it their names."""
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    if isinstance(value, dict):
        return strings(next((value[name] for name in _NAMES if value.get(name)), None))
    text = string(value)
    return [] if text is None else [text]


def _plain(name: str, value: Json) -> str | list[str] | None:
    if name == "keywords" and isinstance(value, str):
        return [word for part in _BETWEEN_KEYWORDS.split(value) if (word := part.strip())]
    return strings(value) if name in _LISTS else string(value)


def _text(values: Mapping[str, Json], plan: Plan) -> str | None:
    """The first text that holds something; "" where a field for it is there and none holds any; None without one."""
    empty = None
    for name in plan.text:
        value = at(values, name)
        if isinstance(value, dict) and plan.flatten:
            value = "\n\n".join(_parts(value, plan.flatten))
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            value = "\n\n".join(str(part) for part in value)  # a list of paragraphs
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, str) or (value is None and name in values) or _is_nan(value):
            empty = ""
    return empty


def _parts(value: Json, names: tuple[str, ...]) -> list[str]:
    """The strings at these names, in their order, at any depth."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, list):
        return [part for item in value for part in _parts(item, names)]
    return [part for name in names for part in _parts(value.get(name), names)] if isinstance(value, dict) else []


def _is_nan(value: Json) -> bool:
    return isinstance(value, float) and math.isnan(value)  # what pandas writes for a text that is not there


def has(values: Mapping[str, Json], name: str) -> bool:
    """Whether there is a field of that name or at that path, whatever it holds."""
    if name in values or "." not in name:
        return name in values
    first, rest = name.split(".", 1)
    inner = values.get(first)
    return isinstance(inner, dict) and has(inner, rest)


def at(values: Mapping[str, Json], name: str) -> Json:
    """The field of that name, or at that path where the name has dots (`a.b.c`); None where there is none."""
    if name in values or "." not in name:
        return values.get(name)
    first, *steps = name.split(".")
    here = values.get(first)
    for step in steps:
        if not isinstance(here, dict):
            return None
        here = here.get(step)
    return here
