"""The word lists and rules of this room, read from its data files and typed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Words:
    """What decides how names are read: see data/words.toml, where each list and limit has its unit and source."""

    honorifics: frozenset[str]
    legal_forms: frozenset[str]
    dotted: frozenset[str]
    small_words: frozenset[str]
    no_names: frozenset[str]
    lower_case: frozenset[str]
    propagated: frozenset[str]
    max_piece: int
    max_run: int
    min_name: int
    min_capitals: int
    max_mention: int
    max_acronym: int
    max_title: int
    min_title_words: int
    max_lower_words: int
    minor_share: float
    dominant_share: float
    title_share: float


@dataclass(frozen=True)
class Known:
    """One listed name: its canonical form, its other forms, its label and how far it may be trusted.

    `marked`: every occurrence is a mention. `may_be_person`: not where the article has a person called so.
    """

    name: str
    aliases: tuple[str, ...]
    label: str
    marked: bool
    may_be_person: bool


@cache
def words() -> Words:
    """The lists of data/words.toml."""
    raw = tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))
    limits, shares = raw["limits"], raw["shares"]
    return Words(
        honorifics=frozenset(raw["honorifics"]),
        legal_forms=frozenset(raw["legal_forms"]),
        dotted=frozenset(raw["dotted"]),
        small_words=frozenset(raw["small_words"]),
        no_names=frozenset(raw["no_names"]),
        lower_case=frozenset(raw["lower_case"]),
        propagated=frozenset(raw["propagated"]),
        max_piece=limits["piece"],
        max_run=limits["run"],
        min_name=limits["name"],
        min_capitals=limits["capitals"],
        max_mention=limits["mention"],
        max_acronym=limits["acronym"],
        max_title=limits["title"],
        min_title_words=limits["title_words"],
        max_lower_words=limits["lower_words"],
        minor_share=shares["minor"],
        dominant_share=shares["dominant"],
        title_share=shares["title"],
    )


@cache
def known_names() -> tuple[Known, ...]:
    """The names of data/names.toml, in its order."""
    raw = tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))
    return tuple(
        Known(
            name=row[0],
            aliases=tuple(row[1:]),
            label=group["label"],
            marked=group.get("marked", True),
            may_be_person=group.get("may_be_person", False),
        )
        for group in raw["group"]
        for row in group["names"]
    )
