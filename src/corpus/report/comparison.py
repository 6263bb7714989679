"""`corpus diff A B --page FILE`: two releases compared, as one page that works offline."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from corpus.publish.diff import Comparison
from corpus.publish.wordings import Wording, wordings
from corpus.report.blocks import Block, Cell, Code, Column, Figures, Grid, Mark, Part, Section, Text
from corpus.report.page import Page
from corpus.report.site import Built, Frame, render_pages
from corpus.report.wording import clipped, number

LISTED = 500
"""Articles that each list of the page shows; `--json` gives all."""
SHOWN = 100
"""Changed articles whose paragraphs are shown."""
LONGEST = 600
"""Code points of a paragraph that are shown."""
CAUSES = {
    "raw": "raw files came, went or changed", "settings": "settings", "code": "code", "libraries": "libraries",
    "models": "models",
}  # fmt: skip


def render_comparison(found: Comparison, older: Path, newer: Path, title: str) -> str:
    """The page as HTML; `title`: the dataset's name. Paragraphs come from the release folders."""
    words = wordings(older, newer, found.articles.changed[:SHOWN])
    sections = (_summary(found), _tables(found), _removed(found), _added(found), _changed(found, words))
    page = Page("diff", "What changed", 1, lambda _: sections)
    frame = Frame(title, f"{found.older} → {found.newer}", "What changed", "Made from the two releases alone.")
    (html,) = render_pages(frame, [Built(page, sections)]).values()
    return html


def _summary(found: Comparison) -> Section:
    articles = found.articles
    figures = Figures((
        ("Added", number(len(articles.added))), ("Removed", number(len(articles.removed))),
        ("Changed", number(len(articles.changed))),
    ))  # fmt: skip
    rows = tuple((CAUSES.get(cause, cause), ", ".join(names)) for cause, names in found.causes.items())
    why: Block = Grid("What else was made from", (Column("Cause"), Column("What")), rows, stacked=True)
    if not rows:
        why = Text("Both were made from the same raw files, settings, code, libraries and models.")
    same = (Text("Both hold the same rows."),) if found.same else ()
    return Section("summary", f"{found.older} and {found.newer}", (figures, *same, why))


def _tables(found: Comparison) -> Section:
    columns = (
        Column("Table"), Column("Rows before", numeric=True), Column("Rows now", numeric=True), Column("Content"),
        Column("Columns added"), Column("Columns removed"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            one.table, one.rows_before, one.rows_now, "the same" if one.same else Mark("changed", "warn"),
            ", ".join(one.columns_added), ", ".join(one.columns_removed),
        )
        for one in found.tables
    ]  # fmt: skip
    return Section("tables", "Tables", (Grid("Every table in both releases", columns, tuple(rows), stacked=True),))


def _removed(found: Comparison) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            Code(one.article_id), one.fate or "raw bytes gone", ", ".join(one.rules),
            Code(one.kept_article_id) if one.kept_article_id else "",
        )
        for one in found.articles.removed
    ]  # fmt: skip
    columns = (Column("Article"), Column("Its record now"), Column("Rules"), Column("Folded into"))
    return _list("removed", "Removed", columns, rows, "No article was removed.")


def _added(found: Comparison) -> Section:
    rows: list[tuple[Cell, ...]] = [(Code(one),) for one in found.articles.added]
    return _list("added", "Added", (Column("Article"),), rows, "No article was added.")


def _list(id: str, heading: str, columns: tuple[Column, ...], rows: list[tuple[Cell, ...]], none: str) -> Section:
    if not rows:
        return Section(id, heading, (Text(none),))
    more = (Text(f"… and {number(len(rows) - LISTED)} more: --json lists all."),) if len(rows) > LISTED else ()
    caption = f"{heading}: {number(len(rows))}"
    return Section(id, heading, (Grid(caption, columns, tuple(rows[:LISTED]), stacked=True), *more))


def _changed(found: Comparison, words: Iterable[Wording]) -> Section:
    changed = found.articles.changed
    rows: list[tuple[Cell, ...]] = [
        (Code(one.article_id), ", ".join(one.columns), ", ".join(one.tables)) for one in changed
    ]
    columns = (Column("Article"), Column("Columns that differ"), Column("Tables whose rows about it differ"))
    listed = _list("changed", "Changed", columns, rows, "No article that both have was changed.")
    parts = [
        Part(f"a{at}", one.title or one.article_id, tuple(_blocks(one)), one.article_id)
        for at, one in enumerate(words)
        if one.removed or one.added or one.rows
    ]
    return Section(listed.id, listed.heading, listed.blocks, tuple(parts))


def _blocks(one: Wording) -> Iterable[Block]:
    paragraphs: list[tuple[Cell, ...]] = [(Mark("−", "bad"), clipped(text, LONGEST)) for text in one.removed]
    paragraphs += [(Mark("+", "good"), clipped(text, LONGEST)) for text in one.added]
    if paragraphs:
        yield Grid("Paragraphs that went and came", (Column("", narrow=True), Column("Paragraph")), tuple(paragraphs))
    if one.rows:
        rows: tuple[tuple[Cell, ...], ...] = tuple((name, old, new) for name, (old, new) in one.rows.items())
        columns = (Column("Table"), Column("Rows before", numeric=True), Column("Rows now", numeric=True))
        yield Grid("Rows about it", columns, rows)
