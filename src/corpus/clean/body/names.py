"""What an element's class and id say of it: groups of telling words, and a score learnt from pages with gold."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

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


class Naming(NamedTuple):
    """Of a class and id: bits of the groups that their words are of, and the sum of their words' scores."""

    flags: int
    score: float


@lru_cache(KEPT)
def naming(classes: str, identity: str) -> Naming:
    """What the words of a class and an id say."""
    flags, low, high = 0, 0.0, 0.0
    for token in f"{classes[:NAME_CHARS]} {identity[:NAME_CHARS]}".split():
        bits, lowest, highest = _token(token)
        if bits or lowest or highest:
            flags, low, high = flags | bits, min(low, lowest), max(high, highest)
    return Naming(flags, low + high)


@lru_cache(KEPT)
def _token(token: str) -> tuple[int, float, float]:
    """Of the words of one class or id: bits of their groups, the lowest and the highest score."""
    known = _words()
    flags, low, high = 0, 0.0, 0.0
    for word in WORD.findall(token):
        said = known.get(word.lower())
        if said is not None:
            flags, low, high = flags | said[0], min(low, said[1]), max(high, said[1])
    return flags, low, high


def words_of(classes: str, identity: str) -> set[str]:
    """The words of a class and an id, in lower case: `relatedPosts_list` -> related, posts, list."""
    return {word.lower() for word in WORD.findall(f"{classes[:NAME_CHARS]} {identity[:NAME_CHARS]}")}


@cache
def _words() -> dict[str, tuple[int, float]]:
    """Bits of its groups, and the score, of each word that has either."""
    data = tomllib.loads((DATA / "class_words.toml").read_text(encoding="utf-8"))
    groups: dict[str, int] = {}
    for bit, group in enumerate(GROUPS):
        for word in data["groups"][group]:
            groups[word] = groups.get(word, 0) | 1 << bit
    scores = read_scores(DATA / "class_scores.tsv")
    return {word: (groups.get(word, 0), scores.get(word, 0.0)) for word in groups.keys() | scores.keys()}


def read_scores(path: Path) -> dict[str, float]:
    """A table of words and scores: tab between them, `#` before a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return {word: float(score) for word, _, score in pairs}
