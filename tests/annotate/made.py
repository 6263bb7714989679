"""Articles, names and links that the tests of this room make."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pyarrow as pa

from corpus.annotate.spans import Span
from corpus.working import ADDRESSES, ARTICLE_INPUT, CITING, NAMES


def articles(*texts: str, **columns: object) -> pa.RecordBatch:
    """Articles in English with these texts; `columns` are the same for all of them."""
    row = {"language": "en", "url": "https://news.alpha.org/story", "anchors": [], **columns}
    return pa.RecordBatch.from_pylist(
        [{"record_id": f"r_{i}", "text": t, **row} for i, t in enumerate(texts)], ARTICLE_INPUT
    )


def names(*rows: tuple[str, str, str, str], year: int = 2020) -> pa.Table:
    """Rows of (article, label, name, surface), each once; an article is published on the day that its number says."""
    made = [
        {"article_id": a, "label": label, "name": name, "surface": surface, "n": 1,
         "published_at": datetime(year, 1, 1 + int(a.rpartition("_")[2]), tzinfo=UTC)}
        for a, label, name, surface in rows
    ]  # fmt: skip
    return pa.Table.from_pylist(made, NAMES)


def citing(*rows: tuple[str, str, int | None]) -> pa.Table:
    """Links as (article, canonical address, place in the text or None), each ten characters long."""
    made = [
        {"article_id": a, "canonical_url": url, "start_char": at, "end_char": None if at is None else at + 10,
         "section": "inline" if at is not None else "metadata"}
        for a, url, at in rows
    ]  # fmt: skip
    return pa.Table.from_pylist(made, CITING)


def addresses(*rows: tuple[str, str | None, str | None]) -> pa.Table:
    """Published articles as (id, url, canonical url)."""
    return pa.Table.from_pylist([dict(zip(ADDRESSES.names, row, strict=True)) for row in rows], ADDRESSES)


class Guesses:
    """A model that finds what it is told: surface -> label, at every occurrence."""

    def __init__(self, **labels: str) -> None:
        self.labels = {surface.replace("_", " "): label for surface, label in labels.items()}

    def find(self, text: str, paragraphs: Iterable[tuple[int, int]]) -> list[Span]:
        found = []
        for surface, label in self.labels.items():
            at = text.find(surface)
            while at >= 0:
                found.append(Span(at, at + len(surface), label, "guess 1"))
                at = text.find(surface, at + len(surface))
        return sorted(found)


class OneGuess(Guesses):
    """As Guesses, but only the first occurrence of each surface is found."""

    def find(self, text: str, paragraphs: Iterable[tuple[int, int]]) -> list[Span]:
        first: dict[str, Span] = {}
        for span in super().find(text, paragraphs):
            first.setdefault(text[span.start : span.end], span)
        return sorted(first.values())
