"""What changed since the last release: tables, and articles by why they came, went or changed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from corpus.publish.changes import ArticleChanges, article_changes
from corpus.report.blocks import Cell, Code, Column, Figures, Grid, Part, Section, Text
from corpus.report.counting import counted
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.wording import number, plural, share
from corpus.tables import TABLES
from corpus.validate.views import quoted

SHOWN = 25


def build(material: Material) -> tuple[Section, ...]:
    """Tables and articles compared with the last release; a sentence where there is none."""
    parent = material.facts.parent
    if parent is None:
        return (
            Section("change", "Change", (Text("This is the first release: there is nothing to compare it with."),)),
        )
    found = material.facts.changes or article_changes(parent, material.facts.tables)
    figures = Figures(
        (
            ("Articles added", number(len(found.added))), ("Articles gone", number(len(found.removed))),
            ("Articles changed", number(len(found.changed))),
            ("As before", share(material.articles - len(found.added) - len(found.changed), material.articles)),
        )
    )  # fmt: skip
    told = Text(f"Compared with {parent.name}. `corpus diff` lists every article.")
    return (
        Section("change", "Change", (told, figures, _tables(material, parent))),
        Section("articles", "Articles", (), (_added(material, found), _removed(found), _changed(material, found))),
    )


def _rows(folder: Path, table: str) -> int | None:
    files = sorted((folder / table).glob("*.parquet"))
    return sum(pq.read_metadata(file).num_rows for file in files) if files else None


def _tables(material: Material, parent: Path) -> Grid:
    rows: list[tuple[Cell, ...]] = []
    for name in TABLES:
        before, now = _rows(parent, name), _rows(material.facts.tables, name)
        gained = now - before if before is not None and now is not None else None
        rows.append((Code(name), before, now, gained))
    columns = (
        Column("Table"), Column("Rows before", numeric=True), Column("Rows now", numeric=True),
        Column("Difference", numeric=True),
    )  # fmt: skip
    return Grid("Rows of each table before and now", columns, tuple(rows))


def _added(material: Material, found: ArticleChanges) -> Part:
    ids = ", ".join(quoted(one) for one in found.added[:SHOWN])
    rows = (
        material.database.rows(
            f"SELECT article_id, title, host, raw_path FROM articles WHERE article_id IN ({ids}) ORDER BY article_id"
        )
        if ids
        else []
    )
    cells: list[tuple[Cell, ...]] = [(Code(article), title, host, path) for article, title, host, path in rows]
    columns = (Column("Article"), Column("Title"), Column("Host"), Column("Raw path"))
    grid = Grid(_first("Articles added", len(found.added)), columns, tuple(cells), stacked=True)
    return Part("added", "Added", (grid,), plural(len(found.added), "article"))


def _removed(found: ArticleChanges) -> Part:
    why = Counter(_why(one.fate, one.rules) for one in found.removed)
    causes = counted("Why articles are gone", "What became of their record", why.most_common(), "Articles")
    cells: list[tuple[Cell, ...]] = [
        (Code(one.article_id), _why(one.fate, one.rules), Code(one.kept_article_id) if one.kept_article_id else None)
        for one in found.removed[:SHOWN]
    ]
    columns = (Column("Article"), Column("Why"), Column("Folded into"))
    grid = Grid(_first("Articles gone", len(found.removed)), columns, tuple(cells), stacked=True)
    return Part("gone", "Gone", (causes, grid), plural(len(found.removed), "article"))


def _changed(material: Material, found: ArticleChanges) -> Part:
    what = Counter(name for one in found.changed for name in (*one.columns, *one.tables))
    ranked = sorted(what.items(), key=lambda pair: (-pair[1], pair[0]))
    causes = counted("What changed in articles", "Column or table", ranked, "Articles", material.articles)
    cells: list[tuple[Cell, ...]] = [
        (Code(one.article_id), ", ".join(one.columns), ", ".join(one.tables)) for one in found.changed[:SHOWN]
    ]
    columns = (Column("Article"), Column("Columns"), Column("Other tables"))
    grid = Grid(_first("Articles changed", len(found.changed)), columns, tuple(cells), stacked=True)
    return Part("changed", "Changed", (causes, grid), plural(len(found.changed), "article"))


def _why(fate: str | None, rules: tuple[str, ...]) -> str:
    return f"{fate or 'raw bytes gone'}{': ' + ', '.join(rules) if rules else ''}"


def _first(what: str, count: int) -> str:
    return what if count <= SHOWN else f"{what}: the first {SHOWN} by id, of {number(count)}"


PAGE = Page("change", "Change", 70, build, ("articles", "records"))
