"""The cues of what kind of thing a name is, read from data/cues.toml and the lists beside it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from corpus.annotate.lists import DATA


@dataclass(frozen=True)
class Cues:
    """See data/cues.toml, where each list says what it is for."""

    mixed_up: frozenset[str]
    place_like: frozenset[str]
    titles: frozenset[str]
    last_words: dict[str, str]
    first_words: dict[str, str]
    given_names: frozenset[str]
    surnames: frozenset[str]
    speech: re.Pattern[str]
    place_prepositions: frozenset[str]
    place_share: float


@cache
def cues() -> Cues:
    """The cues of data/cues.toml, data/given_names.txt and data/surnames.txt."""
    raw = tomllib.loads((DATA / "cues.toml").read_text(encoding="utf-8"))
    return Cues(
        mixed_up=frozenset(raw["mixed_up"]),
        place_like=frozenset(raw["place_like"]),
        titles=frozenset(raw["titles"]),
        last_words={word: label for label, found in raw["last_words"].items() for word in found},
        first_words={word: label for label, found in raw["first_words"].items() for word in found},
        given_names=_lines("given_names.txt"),
        surnames=_lines("surnames.txt"),
        speech=re.compile(rf"\s(?:{'|'.join(raw['speech'])})\b"),
        place_prepositions=frozenset(raw["place_prepositions"]),
        place_share=raw["place_share"],
    )


@cache
def places() -> frozenset[str]:
    """The names of cities of data/places.txt."""
    return _lines("places.txt")


def _lines(name: str) -> frozenset[str]:
    """The lines of a list, without comments."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
