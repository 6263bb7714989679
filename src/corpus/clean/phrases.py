"""The room's phrase lists (`data/phrases.toml`), read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "phrases.toml"
DATA_FILES = ("clean/data/phrases.toml",)
"""Package data that decides results, relative to the package's folder."""


@dataclass(frozen=True)
class Phrases:
    """The lists, in lower case; `phrases.toml` says what each is for and where it is from."""

    corrections: tuple[str, ...]
    source_lists: frozenset[str]
    generic_headings: frozenset[str]
    bylines: tuple[str, ...]
    author_labels: frozenset[str]
    credits: tuple[str, ...]
    agencies: frozenset[str]
    organisation_words: frozenset[str]
    roles: frozenset[str]
    role_words: frozenset[str]
    accounts: frozenset[str]
    published_words: tuple[str, ...]
    updated_words: tuple[str, ...]
    this_article: tuple[str, ...]
    day_first: frozenset[str]
    licenses: dict[str, str]
    tracking_prefixes: tuple[str, ...]
    tracking_names: frozenset[str]
    months: dict[str, int]
    zones: dict[str, int]


@cache
def phrases() -> Phrases:
    """The phrase lists of this version."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Phrases(
        corrections=tuple(data["corrections"]),
        source_lists=frozenset(data["source_lists"]),
        generic_headings=frozenset(data["generic_headings"]),
        bylines=tuple(sorted(data["bylines"], key=lambda phrase: (-len(phrase), phrase))),
        author_labels=frozenset(data["author_labels"]),
        credits=tuple(data["credits"]),
        agencies=frozenset(data["agencies"]),
        organisation_words=frozenset(data["organisation_words"]),
        roles=frozenset(data["roles"]),
        role_words=frozenset(data["role_words"]),
        accounts=frozenset(data["accounts"]),
        published_words=tuple(data["published_words"]),
        updated_words=tuple(data["updated_words"]),
        this_article=tuple(data["this_article"]),
        day_first=frozenset(data["day_first"]),
        licenses=data["licenses"],
        tracking_prefixes=tuple(data["tracking"]["prefixes"]),
        tracking_names=frozenset(data["tracking"]["names"]),
        months=data["months"],
        zones=data["zones"],
    )
