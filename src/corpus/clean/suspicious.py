"""Phrases that tell what a text is not (`data/suspicious.toml`): policy lines, and orders to a language model."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = "clean/data/suspicious.toml"
"""Package data that decides results, relative to the package's folder."""


@dataclass(frozen=True)
class Injection:
    """A family of phrases: a regular expression, and words of which a text has one before it is tried."""

    needs: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Suspicious:
    """The lists, in lower case; the data file says where they are from."""

    policies: tuple[str, ...]
    injections: tuple[Injection, ...]


@cache
def suspicious() -> Suspicious:
    """The lists of this version."""
    data = tomllib.loads((Path(__file__).parents[1] / FILE).read_text(encoding="utf-8"))
    injections = (Injection(tuple(row["needs"]), re.compile(row["pattern"])) for row in data["injection"])
    return Suspicious(tuple(data["policies"]), tuple(injections))


def count_injections(text: str) -> int:
    """Phrases in a text that tell a language model what to do."""
    lower = text.lower()
    return sum(
        len(family.pattern.findall(lower))
        for family in suspicious().injections
        if any(word in lower for word in family.needs)
    )
