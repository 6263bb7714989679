"""Where the articles come from: folders below raw/, sources and hosts, with fates, lengths and freshness."""

from __future__ import annotations

from datetime import datetime

from corpus.columns import FATES
from corpus.report.blocks import Bar, Block, Cell, Column, Figures, Grid, Section, Text
from corpus.report.material import Material
from corpus.report.page import Page
from corpus.report.repeated import repeated_lines
from corpus.report.wording import number, plural, share

LISTED = 50
"""Hosts, sources and folders shown; the others are summed in one line, so that 10,000 hosts fit too."""
_FOLDER = (
    "CASE WHEN fate = 'retracted' THEN '(retracted)' WHEN contains(raw_path, '/') THEN split_part(raw_path, '/', 1) "
    "ELSE '(raw/ itself)' END"
)


def build(material: Material) -> tuple[Section, ...]:
    """Folders of raw files, sources and hosts."""
    hosts, sources, undated = material.database.rows(
        "SELECT count(DISTINCT host), count(DISTINCT source), count(*) FILTER (published_at IS NULL) FROM articles"
    )[0]
    figures = Figures(
        (("Articles", number(material.articles)), ("Sources", number(sources)), ("Hosts", number(hosts)),
         ("Articles without a date", number(undated)))
    )  # fmt: skip
    return (
        Section("sources", "Sources", (figures, _published(material, "source", "Source"))),
        Section("hosts", "Hosts", _hosts(material)),
        Section("folders", "Folders of raw files", (_folders(material),)),
        *_repeated(material),
    )


def _repeated(material: Material) -> tuple[Section, ...]:
    """The lines that recur over a host's articles, where there are any."""
    lines = repeated_lines(material.facts.tables, LISTED)
    if not lines:
        return ()
    told = Text("Left out where texts are compared, and flagged in paragraphs.repeated; the texts keep them.")
    columns = (Column("Host"), Column("Articles that hold it", numeric=True), Column("Line"))
    rows: list[tuple[Cell, ...]] = [(found.host or "unknown", found.articles, found.line) for found in lines]
    grid = Grid(f"The most frequent, {LISTED} at most", columns, tuple(rows))
    return (Section("repeated", "Lines that recur over a host", (told, grid)),)


def _hosts(material: Material) -> tuple[Block, ...]:
    told = Text(
        "The host of an article's own address. Lengths are in words; an article is as many days behind as it is older "
        "than the newest of the release."
    )
    return (told, _published(material, "host", "Host"))


def _published(material: Material, column: str, heading: str) -> Grid:
    """The published articles by one of their columns."""
    sql = (
        f"SELECT {column} AS key, count(*) AS n, quantile_disc(n_words, 0.5), count(published_at), min(published_at), "
        f"max(published_at), sum(n_duplicates), count(*) FILTER (truncated) FROM articles GROUP BY key "
        f"ORDER BY n DESC, key NULLS LAST"
    )
    rows = material.database.rows(sql)
    newest = max((row[5] for row in rows if row[5]), default=None)
    total = material.articles
    cells: list[tuple[Cell, ...]] = [
        (
            row[0] if row[0] is not None else "unknown", row[1], Bar(0, round(100 * row[1] / total, 2)), row[2],
            share(row[3], row[1]), _day(row[4]), _day(row[5]), _behind(row[5], newest), int(row[6]), row[7],
        )
        for row in rows[:LISTED]
    ]  # fmt: skip
    rest = rows[LISTED:]
    if rest:
        n = sum(row[1] for row in rest)
        cells.append(
            (
                plural(len(rest), "other"), n, Bar(0, round(100 * n / total, 2)), None,
                share(sum(r[3] for r in rest), n), None, None, None, int(sum(r[6] for r in rest)),
                sum(r[7] for r in rest),
            )
        )  # fmt: skip
    columns = (
        Column(heading), Column("Articles", numeric=True), Column(""), Column("Median words", numeric=True),
        Column("Dated", numeric=True), Column("Oldest", numeric=True), Column("Newest", numeric=True),
        Column("Days behind", numeric=True), Column("Folded", numeric=True), Column("Broken off", numeric=True),
    )  # fmt: skip
    return Grid(f"Published articles by {heading.lower()}", columns, tuple(cells))


def _folders(material: Material) -> Grid:
    """All raw records by the first folder that they lie in, and by fate."""
    counts = ", ".join(f"count(*) FILTER (fate = '{fate}')" for fate in FATES)
    rows = material.database.rows(
        f"SELECT {_FOLDER} AS folder, count(*) AS n, {counts} FROM records GROUP BY folder ORDER BY n DESC, folder"
    )
    cells: list[tuple[Cell, ...]] = [(*row, share(row[2], row[1])) for row in rows[:LISTED]]
    if rest := rows[LISTED:]:
        sums = [sum(row[at] for row in rest) for at in range(1, len(FATES) + 2)]
        cells.append((plural(len(rest), "other"), *sums, share(sums[1], sums[0])))
    fates = tuple(Column(fate.capitalize(), numeric=True) for fate in FATES)
    columns = (Column("Folder"), Column("Records", numeric=True), *fates, Column("Yield", numeric=True))
    return Grid("Raw records by the first folder below raw/, and what became of them", columns, tuple(cells))


def _day(when: datetime | None) -> str | None:
    return f"{when:%Y-%m-%d}" if when else None


def _behind(when: datetime | None, newest: datetime | None) -> int | None:
    return (newest - when).days if when and newest else None


PAGE = Page("sources", "Sources", 10, build, ("articles", "records"))
