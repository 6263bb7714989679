"""What the articles are like: lengths, languages, dates, which columns are filled, and every quality signal."""

from __future__ import annotations

import pyarrow as pa

from corpus.report import charts
from corpus.report.blocks import Block, Cell, Code, Column, Figures, Grid, Link, Section, Side, Text
from corpus.report.counting import counted, numeric_columns, over_time, spreads, value_counts, words_by_class
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.wording import anchor, number, share
from corpus.tables import TABLES
from corpus.validate.views import identifier


def build(material: Material) -> tuple[Section, ...]:
    """Lengths, languages, dates, columns, paragraphs, signals."""
    return (
        _lengths(material), _languages(material), _dates(material), _filled(material), *_paragraphs(material),
        *_signals(material),
    )  # fmt: skip


def _lengths(material: Material) -> Section:
    figures: list[tuple[str, str]] = [("Articles", number(material.articles))]
    for spread in spreads(material, "articles", ["n_words"]):
        total = material.database.value("SELECT sum(n_words) FROM articles")
        figures += [
            ("Words in all", number(int(total))), ("Median words", number(int(spread.median))),
            ("Shortest", number(int(spread.lowest))), ("Longest", number(int(spread.highest))),
        ]  # fmt: skip
    chart = charts.columns("Articles by length", "words", words_by_class(material))
    return Section("lengths", "Lengths", (Figures(tuple(figures)), chart))


def _languages(material: Material) -> Section:
    seen = material.glance
    by_language = counted("Articles by language", "Language", list(seen.languages.items()), "Articles")
    licences = counted("Articles by licence", "Licence", list(seen.licences.items()), "Articles")
    rights = counted("Articles with a rights signal", "Signal", list(seen.rights.items()), "Articles", seen.articles)
    return Section("languages", "Languages, licences, rights", (Side((by_language, licences, rights)),))


def _dates(material: Material) -> Section:
    unit, counts = over_time(material, "articles", "published_at")
    precision = value_counts(material, "articles", "published_at_precision")
    found = value_counts(material, "articles", "published_at_source")
    return Section(
        "dates",
        "Dates",
        (
            charts.columns(f"Articles by {unit} of first publication", unit, counts),
            Side(
                (
                    counted("How precisely the date is known", "Precision", precision, "Articles"),
                    counted("Where the date was found", "Place", found, "Articles"),
                )
            ),
        ),
    )


def _filled(material: Material) -> Section:
    """How many articles have a value in each column that may be empty."""
    columns = [column for column in TABLES["articles"].columns if not column.required and column.filled]
    asked = ", ".join(
        f"count(*) FILTER (len({name}) > 0)" if pa.types.is_list(column.type) else f"count({name})"
        for column, name in ((column, identifier(column.name)) for column in columns)
    )  # fmt: skip
    counts = material.database.rows(f"SELECT {asked} FROM articles")[0]
    pairs = [(column.name, int(count)) for column, count in zip(columns, counts, strict=True)]
    grid = counted(
        "Articles that have a value in a column that may be empty", "Column", pairs, "Articles", material.articles
    )
    return Section("filled", "Columns", (grid,))


def _paragraphs(material: Material) -> tuple[Section, ...]:
    if not material.has("paragraphs"):
        return ()
    roles = counted("Paragraphs by what they are", "Role", value_counts(material, "paragraphs", "role"), "Paragraphs")
    repeated, exact, total = material.database.rows(
        "SELECT count(*) FILTER (repeated), count(raw_start_byte), count(*) FROM paragraphs"
    )[0]
    figures = Figures(
        (
            ("Paragraphs", number(total)),
            ("Lead back to exact raw bytes", share(exact, total)),
            *([("Repeated over their host", share(repeated, total))] if repeated else []),
        )
    )
    return (Section("paragraphs", "Paragraphs", (figures, roles)),)


def _signals(material: Material) -> tuple[Section, ...]:
    """Every signal of the registry: numbers by how they are spread, yes-or-no ones and words by their values."""
    if not material.has("quality"):
        return ()
    blocks: list[Block] = [_numbers(material)]
    words = []
    for column in TABLES["quality"].columns:
        if pa.types.is_boolean(column.type) or (pa.types.is_string(column.type) and column.name != "article_id"):
            pairs = value_counts(material, "quality", identifier(column.name))
            words.append(counted(f"{column.name}: {column.meaning}", "Value", pairs, "Articles"))
    told = Text("A signal is measured; it keeps no article out unless a rule of the funnel says so.")
    return (Section("signals", "Quality signals", (told, *blocks, Side(tuple(words)))),)


def _numbers(material: Material) -> Grid:
    rows: list[tuple[Cell, ...]] = []
    for spread in spreads(material, "quality", numeric_columns("quality")):
        column = TABLES["quality"].column(spread.column)
        ends = f"samples.html#{anchor('signal', spread.column)}"
        rows.append(
            (
                Link(spread.column, ends) if spread.lowest < spread.highest else Code(spread.column),
                column.description, share(spread.above, spread.rows), spread.low, spread.median, spread.high,
                spread.highest,
            )
        )  # fmt: skip
    columns = (
        Column("Signal"), Column("Meaning"), Column("Above zero", numeric=True), Column("5 %", numeric=True),
        Column("Median", numeric=True), Column("95 %", numeric=True), Column("Highest", numeric=True),
    )  # fmt: skip
    return Grid("Signals that are numbers; each leads to the articles at its ends", columns, tuple(rows), stacked=True)


PAGE = Page("content", "Content", 20, build, ("articles",))
