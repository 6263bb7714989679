"""Questions that several pages ask of a table: how often each value occurs, how numbers are spread, by which time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import pyarrow as pa

from corpus.report.blocks import Bar, Cell, Column, Grid
from corpus.report.material import Material
from corpus.report.wording import plural, share
from corpus.tables import TABLES
from corpus.validate.views import identifier

LISTED = 25
"""Values of a column that a table shows; the others are summed in one line."""
WORD_BOUNDS = (25, 50, 100, 200, 400, 800, 1600, 3200, 6400)
"""Where the classes of lengths in words begin: each twice the last one."""
MOST_CLASSES = 60
"""Classes of a chart over time: more would be thinner than a pixel on a phone."""


@dataclass(frozen=True)
class Spread:
    """How a numeric column is spread over its rows: lowest, 5 %, half, 95 %, highest, mean; `above` rows above zero."""

    column: str
    rows: int
    lowest: float
    low: float
    median: float
    high: float
    highest: float
    mean: float
    above: int


def value_counts(material: Material, table: str, value: str, where: str = "true") -> list[tuple[str, int]]:
    """How many rows have each value of an SQL expression, the most frequent first; null is `unknown`."""
    sql = (
        f"SELECT coalesce(cast({value} AS VARCHAR), 'unknown') AS v, count(*) AS n FROM {identifier(table)} "
        f"WHERE {where} GROUP BY v ORDER BY n DESC, v"
    )
    return [(str(name), int(count)) for name, count in material.database.rows(sql)]


def listed(pairs: Sequence[tuple[str, int]], limit: int = LISTED) -> list[tuple[str, int]]:
    """The first `limit` of ranked counts, and one line for all others, so that the sum stays the same."""
    rest = pairs[limit:]
    return [*pairs[:limit], *([(plural(len(rest), "other"), sum(count for _, count in rest))] if rest else [])]


def counted(caption: str, what: str, pairs: Sequence[tuple[str, int]], unit: str, total: int | None = None) -> Grid:
    """Ranked counts as a table with shares of `total` (rows; else of their sum) and bars."""
    whole = sum(count for _, count in pairs) if total is None else total
    rows: list[tuple[Cell, ...]] = [
        (name, count, share(count, whole), Bar(0, round(100 * count / whole, 2) if whole else 0))
        for name, count in listed(pairs)
    ]
    columns = (Column(what), Column(unit, numeric=True), Column("Share", numeric=True), Column(""))
    return Grid(caption, columns, tuple(rows))


def spreads(material: Material, table: str, columns: Sequence[str]) -> list[Spread]:
    """How each of these numeric columns is spread, rows without a value aside; one with no value at all is left out."""
    if not columns:
        return []
    asked = ", ".join(
        f"count({c}), min({c}), quantile_disc({c}, 0.05), quantile_disc({c}, 0.5), quantile_disc({c}, 0.95), max({c}), "
        f"avg({c}), count(*) FILTER ({c} > 0)"
        for c in map(identifier, columns)
    )
    row = material.database.rows(f"SELECT {asked} FROM {identifier(table)}")[0]
    parts = [row[at : at + 8] for at in range(0, len(row), 8)]
    return [
        Spread(name, int(part[0]), *_rounded(part[1:7]), int(part[7]))
        for name, part in zip(columns, parts, strict=True)
        if part[0]
    ]


def _rounded(values: Sequence[float]) -> tuple[float, float, float, float, float, float]:
    lowest, low, median, high, highest, mean = (round(float(value), 4) for value in values)
    return lowest, low, median, high, highest, mean


def words_by_class(material: Material, table: str = "articles", column: str = "n_words") -> list[tuple[str, int]]:
    """Rows by classes of length, each class twice as wide as the one before it; all classes up to the last filled."""
    cases = " ".join(f"WHEN {identifier(column)} < {bound} THEN {at}" for at, bound in enumerate(WORD_BOUNDS))
    rows = material.database.rows(
        f"SELECT CASE {cases} ELSE {len(WORD_BOUNDS)} END AS class, count(*) FROM {identifier(table)} "
        f"WHERE {identifier(column)} IS NOT NULL GROUP BY class ORDER BY class"
    )
    found = dict(rows)
    bounds = [0, *WORD_BOUNDS]
    names = [f"{low:,}–{high - 1:,}" for low, high in pairwise(bounds)] + [f"{bounds[-1]:,}+"]
    return [(names[at], int(found.get(at, 0))) for at in range(max(found, default=-1) + 1)]


def over_time(material: Material, table: str, column: str) -> tuple[str, list[tuple[str, int]]]:
    """Rows by day, month or year, whichever gives at most `MOST_CLASSES` classes, empty ones too: (unit, counts).

    Where even years are more, the oldest are one class.
    """
    span = material.database.rows(f"SELECT min({column}), max({column}) FROM {identifier(table)}")[0]
    first, last = span
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return "day", []
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if (last.date() - first.date()).days < MOST_CLASSES:
        unit, form = "day", "%Y-%m-%d"
    elif months <= MOST_CLASSES:
        unit, form = "month", "%Y-%m"
    else:
        unit, form = "year", "%Y"
    sql = (
        f"WITH t AS (SELECT unnest(generate_series(date_trunc('{unit}', min({column})), "
        f"date_trunc('{unit}', max({column})), INTERVAL 1 {unit})) AS t FROM {identifier(table)}) "
        f"SELECT strftime(t.t, '{form}'), count(r.{column}) FROM t LEFT JOIN {identifier(table)} r "
        f"ON date_trunc('{unit}', r.{column}) = t.t GROUP BY t.t ORDER BY t.t"
    )
    rows = [(str(name), int(count)) for name, count in material.database.rows(sql)]
    early = rows[: max(0, len(rows) - MOST_CLASSES + 1)] if len(rows) > MOST_CLASSES else []
    if early:
        rows = [(f"to {early[-1][0]}", sum(count for _, count in early)), *rows[len(early) :]]
    return unit, rows


def numeric_columns(table: str) -> list[str]:
    """The columns of numbers of a registered table that are no offsets."""
    return [
        column.name
        for column in TABLES[table].columns
        if pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    ]
