"""Articles to read: some drawn by a fixed seed, and those at the ends of each quality signal, annotations marked."""

from __future__ import annotations

from corpus.report.blocks import Cell, Code, Column, Grid, Link, Part, Section, Text
from corpus.report.counting import numeric_columns, spreads
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.passages import passages
from corpus.report.wording import anchor
from corpus.tables import TABLES
from corpus.validate.views import identifier

SEED = "corpus-report-1"
"""What the drawn articles depend on besides their ids: the same for every release, so that samples can be compared."""
DRAWN = 6
DRAWN_CHARS = 4_000
ENDS = 3
"""Articles shown at each end of a signal."""
END_CHARS = 1_500
MOST_TEXTS = 150
"""Texts of articles at the ends of signals; the page stays small however many signals there are."""


def build(material: Material) -> tuple[Section, ...]:
    """Drawn articles, then the ends of each signal and the texts that these lead to."""
    if not material.articles:
        return ()
    drawn = [
        str(row[0])
        for row in material.database.rows(
            f"SELECT article_id FROM articles ORDER BY sha256(article_id || '{SEED}'), article_id LIMIT {DRAWN}"
        )
    ]
    told = Text(
        "Drawn by a fixed seed, so the same articles come again as long as they are published. Marks are annotations."
    )
    ends = _ends(material) if material.has("quality") else {}
    chosen = list(dict.fromkeys(article for rows in ends.values() for article, _ in rows))[:MOST_TEXTS]
    shown = frozenset(chosen)
    sections = [
        Section("drawn", "Drawn by chance", (told, *passages(material, drawn, DRAWN_CHARS, "drawn", folded=False)))
    ]
    if ends:
        parts = tuple(_signal(name, rows, shown) for name, rows in ends.items())
        sections.append(Section("ends", "The ends of each signal", (), parts))
        texts = passages(material, chosen, END_CHARS, "text", folded=True)
        sections.append(Section("texts", "Texts of these articles", tuple(texts)))
    return tuple(sections)


def _ends(material: Material) -> dict[str, list[tuple[str, float]]]:
    """The articles with the highest and the lowest values of each signal that is not the same for all."""
    found: dict[str, list[tuple[str, float]]] = {}
    for spread in spreads(material, "quality", numeric_columns("quality")):
        if spread.lowest == spread.highest:
            continue
        name = identifier(spread.column)
        rows: list[tuple[str, float]] = []
        for direction in ("DESC", "ASC"):
            rows += material.database.rows(
                f"SELECT article_id, {name} FROM quality WHERE {name} IS NOT NULL "
                f"ORDER BY {name} {direction}, article_id LIMIT {ENDS}"
            )
        found[spread.column] = list(dict.fromkeys(rows))
    return found


def _signal(name: str, rows: list[tuple[str, float]], shown: frozenset[str]) -> Part:
    column = TABLES["quality"].column(name)
    cells: list[tuple[Cell, ...]] = [
        (Link(article, f"#text-{article}") if article in shown else Code(article), value) for article, value in rows
    ]
    columns = (Column("Article"), Column(name, numeric=True))
    grid = Grid(f"{name}: highest and lowest", columns, tuple(cells), quiet=True)
    return Part(anchor("signal", name), name, (Text(column.description), grid))


PAGE = Page("samples", "Samples", 80, build, ("articles",))
