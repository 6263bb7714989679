"""How extracted articles compare with gold: the usual figures of article-extraction benchmarks.

Body: 4-gram shingles of lowercased `\\w+` tokens as multisets; precision and recall page by page, averaged, and the F1
of the two averages. Title: equal after white space and quotation marks are made alike. Authors: F1 of two sets of
names, averaged. Date: the same day. Each over the pages whose gold has the field.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

SHINGLE = 4  # tokens
TOKEN = re.compile(r"\w+")
QUOTES = str.maketrans({**dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("“”„‟″«»", '"')})


@dataclass(frozen=True)
class Article:
    """What gold or an extractor says of a page; `day` as an ISO date."""

    text: str = ""
    title: str | None = None
    authors: tuple[str, ...] = ()
    day: str | None = None


@dataclass(frozen=True)
class Figures:
    """Averages over a set's pages; None where no page's gold has the field."""

    pages: int
    f1: float | None
    precision: float | None
    recall: float | None
    title: float | None
    authors: float | None
    date: float | None


def figures(gold: Sequence[Article], found: Sequence[Article]) -> Figures:
    """The figures of one set; both in the order of its pages."""
    pairs = list(zip(gold, found, strict=True))
    bodies = [_body(want.text, got.text) for want, got in pairs if want.text]
    precision = _mean(p for p, _ in bodies if p is not None)
    recall = _mean(r for _, r in bodies)
    return Figures(
        pages=len(pairs),
        f1=None if precision is None or recall is None else _harmonic(precision, recall),
        precision=precision,
        recall=recall,
        title=_mean(float(_plain(want.title) == _plain(got.title)) for want, got in pairs if want.title),
        authors=_mean(_set_f1(_names(want.authors), _names(got.authors)) for want, got in pairs if want.authors),
        date=_mean(float(want.day == got.day) for want, got in pairs if want.day),
    )


def _body(want: str, got: str) -> tuple[float | None, float]:
    wanted, found = _shingles(want), _shingles(got)
    common = sum((wanted & found).values())
    return (common / found.total() if found else None), (common / wanted.total() if wanted else 0.0)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = TOKEN.findall(text.lower())
    return Counter(tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)) if words)


def _plain(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", (text or "").translate(QUOTES)).split())


def _names(names: Iterable[str]) -> set[str]:
    return {" ".join(TOKEN.findall(_plain(name).lower())) for name in names} - {""}


def _set_f1(want: set[str], got: set[str]) -> float:
    return 2 * len(want & got) / (len(want) + len(got)) if want or got else 1.0


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return fmean(listed) if listed else None
