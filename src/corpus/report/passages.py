"""Texts of articles cut into pieces at the borders of their annotations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from corpus.report.blocks import Cell, Code, Passage, Piece
from corpus.report.material import Material
from corpus.tables import TABLES
from corpus.validate.views import identifier, quoted

NAMED_BY = ("label", "kind", "role", "host_class")
"""Columns that name a table's annotation, the first that the table has."""
NOT_SHOWN = frozenset({"paragraphs", "claims"})
"""Tables whose spans are no annotation of words, or only repeat another's."""


@dataclass(frozen=True)
class Span:
    """An annotation of a text, in code points, half open, and the name that it goes by."""

    start: int
    end: int
    label: str


def spans_of(material: Material, ids: Sequence[str]) -> dict[str, list[Span]]:
    """The annotations of these articles from every table that has spans in their text, whichever tables there are."""
    found: dict[str, list[Span]] = defaultdict(list)
    chosen = ", ".join(quoted(one) for one in ids)
    for table in TABLES.values():
        names = {column.name for column in table.columns}
        if table.name in NOT_SHOWN or not material.has(table.name) or not ids or "article_id" not in names:
            continue
        prefixes = [name.removesuffix("start_char") for name in sorted(names) if name.endswith("start_char")]
        named = next((identifier(name) for name in NAMED_BY if name in names), quoted(table.name.rstrip("s")))
        for prefix in prefixes:
            if prefix == "from_":  # in the source's text
                continue
            label = f"{quoted(prefix.strip('_'))} || ' ' || {named}" if prefix else named
            rows = material.database.rows(
                f"SELECT DISTINCT article_id, {prefix}start_char, {prefix}end_char, {label} "
                f"FROM {identifier(table.name)} WHERE article_id IN ({chosen}) AND {prefix}start_char IS NOT NULL "
                "ORDER BY ALL"
            )
            for article, start, end, name in rows:
                found[article].append(Span(start, end, str(name or table.name)))
    return found


def pieces_of(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """A text, or the beginning of one, cut wherever an annotation begins or ends."""
    here = [span for span in spans if span.start < len(text) and span.end > span.start]
    inner = {border for span in here for border in (span.start, span.end) if border < len(text)}
    borders = sorted({0, len(text)} | inner)
    pieces = []
    for start, end in pairwise(borders):
        labels = sorted({span.label for span in here if span.start <= start and span.end >= end})
        pieces.append(Piece(text[start:end], tuple(labels)))
    return tuple(pieces)


def passages(material: Material, ids: Sequence[str], longest: int, place: str, *, folded: bool) -> list[Passage]:
    """These articles as passages with their annotations, in the order given; texts as they are published."""
    if not ids:
        return []
    chosen = ", ".join(quoted(one) for one in ids)
    rows = {
        str(row[0]): row
        for row in material.database.rows(
            "SELECT article_id, record_id, title, source, host, published_at, language, n_words, left(text, "
            f"{longest}), n_chars, raw_path FROM articles WHERE article_id IN ({chosen})"
        )
    }
    spans = spans_of(material, ids)
    return [_passage(material, rows[one], spans.get(one, []), place, folded=folded) for one in ids if one in rows]


def _passage(material: Material, row: tuple[object, ...], spans: list[Span], place: str, *, folded: bool) -> Passage:
    article, record, title, source, host, published, language, n_words, text, n_chars, raw_path = row
    when = f"{published:%Y-%m-%d}" if isinstance(published, datetime) else None
    facts: list[tuple[str, Cell]] = [
        ("source", str(source)), ("host", _said(host)), ("published", when), ("language", _said(language)),
        ("words", int(str(n_words))), ("raw path", str(raw_path)),
        ("whole life", Code(material.why(str(record)) or str(record))),
    ]  # fmt: skip
    words = str(text) if text is not None else ""
    if text is None:
        facts.append(("text", "not published"))
    pieces = pieces_of(words, spans)
    more = max(0, int(str(n_chars)) - len(words)) if text is not None else 0
    return Passage(f"{place}-{article}", str(title or article), tuple(facts), pieces, more, folded)


def _said(value: object) -> str | None:
    return None if value is None else str(value)
