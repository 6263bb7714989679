"""A pydantic error on corpus.toml as a message that names the line and the nearest right key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from corpus.errors import SettingsError

_TABLE = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*=")


def line_of(text: str, location: Sequence[str | int]) -> int | None:
    """The 1-based line that sets the key at `location` (keys and list indices from the root); None if not found.

    tomllib keeps no positions, so table headers and keys are followed line by line.
    """
    wanted = [str(part) for part in location if not isinstance(part, int)]
    index = next((part for part in location if isinstance(part, int)), None)
    current: list[str] = []
    seen: dict[str, int] = {}
    best: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if table := _TABLE.match(line):
            current = [part.strip(" \"'") for part in table[2].split(".")]
            if table[1] == "[[":
                seen[table[2]] = seen.get(table[2], -1) + 1
            if current == wanted[: len(current)] and _same_item(index, seen, current):
                best = number
            if current == wanted and _same_item(index, seen, current):
                return number
            continue
        key = _KEY.match(line)
        if key and [*current, key[1]] == wanted[: len(current) + 1] and _same_item(index, seen, current):
            best = number
            if [*current, key[1]] == wanted:
                return number
    return best


def _same_item(index: int | None, seen: dict[str, int], current: list[str]) -> bool:
    return index is None or not current or seen.get(current[0], index) == index


def keys_at(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """The keys that may stand in the table at `location`."""
    for part in location:
        if isinstance(part, int):
            continue
        field = next((f for n, f in model.model_fields.items() if part in (n, f.alias)), None)
        if field is None:
            return []
        found = _model_in(field.annotation)
        if found is None:
            return []
        model = found
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in get_args(annotation) if (m := _model_in(a))), None)


def explain(error: ValidationError, model: type[BaseModel], path: Path) -> SettingsError:
    """Every fault of the file, one line each: line number, key, what was found, what was expected."""
    text = path.read_text(encoding="utf-8")
    found: list[str] = []
    for fault in error.errors():
        location = fault["loc"]
        where = f"line {line}" if (line := line_of(text, location)) else "the file"
        key = ".".join(str(part) for part in location if not isinstance(part, int))
        if fault["type"] == "extra_forbidden":
            known = keys_at(model, location[:-1])
            near = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.5)
            hint = f"did you mean `{near[0]}`?" if near else f"known keys: {', '.join(known)}"
            found.append(f"{where}: unknown key `{key}`; {hint}")
        elif fault["type"] == "missing":
            found.append(f"{where}: the key `{key}` is missing")
        else:
            found.append(f"{where}: `{key}` is {fault['input']!r}: {fault['msg'].removeprefix('Value error, ')}")
    return SettingsError("; ".join(found), where=str(path), mend="correct the lines named; nothing was run")
