"""What an element's class and id say of it: groups of telling words, and a score learnt from pages with gold."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

GROUPS = (
    "comments", "share", "related", "advert", "newsletter", "footer", "menu", "sidebar", "author", "date", "caption",
    "title", "body", "cookies", "topics", "paywall", "quote", "summary", "media", "notice",
)  # fmt: skip
"""The groups of `data/class_words.toml`, in the order of their bits."""
HIDDEN = 1 << len(GROUPS)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
KEPT = 65_536  # namings remembered; they depend on the names alone
NAME_CHARS = 400
DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Naming:
    """Of a class and id: bits of the groups that their words are of, and the sum of their words' scores."""

    flags: int
    score: float


@dataclass(frozen=True)
class _Words:
    groups: dict[str, int]
    scores: dict[str, float]


@lru_cache(KEPT)
def naming(classes: str, identity: str) -> Naming:
    """What the words of a class and an id say."""
    if not classes and not identity:
        return Naming(0, 0.0)
    flags, low, high = 0, 0.0, 0.0
    known = _words()
    for word in words_of(classes, identity):
        flags |= known.groups.get(word, 0)
        score = known.scores.get(word, 0.0)
        low, high = min(low, score), max(high, score)
    return Naming(flags, low + high)


def words_of(classes: str, identity: str) -> set[str]:
    """The words of a class and an id, in lower case: `relatedPosts_list` -> related, posts, list."""
    return {word.lower() for word in WORD.findall(f"{classes[:NAME_CHARS]} {identity[:NAME_CHARS]}")}


@cache
def _words() -> _Words:
    data = tomllib.loads((DATA / "class_words.toml").read_text(encoding="utf-8"))
    groups: dict[str, int] = {}
    for bit, group in enumerate(GROUPS):
        for word in data["groups"][group]:
            groups[word] = groups.get(word, 0) | 1 << bit
    return _Words(groups, read_scores(DATA / "class_scores.tsv"))


def read_scores(path: Path) -> dict[str, float]:
    """A table of words and scores: tab between them, `#` before a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return {word: float(score) for word, _, score in pairs}
