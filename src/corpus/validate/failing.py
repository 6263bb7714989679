"""Failing rows, found in full by SQL and kept as Parquet beside the run, never in a release."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.validate.suites import Rule
from corpus.validate.views import Database, identifier, literal, quoted

EXAMPLES = 5
"""Ids that a gate shows; all of them are in its file."""


@dataclass(frozen=True)
class Kept:
    """How many rows fail, ids of some of them (the query's first column, in order), and the file that has all."""

    rows: int
    examples: tuple[str, ...] = ()
    place: str = ""


class Failing:
    """The folder of failing rows: one Parquet file a gate, those of the last run cleared away; None: none are kept."""

    def __init__(self, folder: Path | None, database: Database) -> None:
        self._folder = folder
        self._database = database
        for old in folder.glob("*.parquet") if folder is not None and folder.is_dir() else ():
            old.unlink()

    def keep(self, gate: str, sql: str) -> Kept:
        """Run a query that selects failing rows, and write them to `<gate>.parquet` if there are any."""
        rows = int(self._database.value(f"SELECT count(*) FROM ({sql})"))
        if not rows:
            return Kept(0)
        place = self._written(gate, sql, self._folder) if self._folder is not None else ""
        first = self._database.rows(f"DESCRIBE {sql}")[0][0]
        ids = f'SELECT DISTINCT CAST("{first}" AS VARCHAR) AS id FROM ({sql}) WHERE "{first}" IS NOT NULL'
        examples = tuple(str(row[0]) for row in self._database.rows(f"{ids} ORDER BY id LIMIT {EXAMPLES}"))
        return Kept(rows, examples, place)

    def _written(self, gate: str, sql: str, folder: Path) -> str:
        """Write the rows; the file, as it may be shown elsewhere."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{gate}.parquet"
        self._database.run(f"COPY (SELECT * FROM ({sql}) ORDER BY ALL) TO {quoted(str(file))} (FORMAT parquet)")
        return f"{folder.parent.name}/{folder.name}/{file.name}"


def failing_rows(rule: Rule, key: str) -> str:
    """SQL for the rows that break one of Great Expectations' usual rules, by `key` and the columns that it is about.

    Empty for a rule of another type.
    """
    table, columns = identifier(rule.table), [identifier(column) for column in rule.columns]
    shown = ", ".join(dict.fromkeys([identifier(key), *columns]))
    names = ", ".join(columns)
    if rule.type in ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"):
        all_null = " AND ".join(f"{column} IS NULL" for column in columns)
        doubled = f"GROUP BY {names} HAVING count(*) > 1 AND NOT ({all_null})"
        return f"SELECT {names}, count(*) AS n FROM {table} {doubled}"
    wrong = {
        "expect_column_values_to_not_be_null": f"{names} IS NULL",
        "expect_column_values_to_be_null": f"{names} IS NOT NULL",
        "expect_column_values_to_be_in_set": _outside(names, rule),
        "expect_column_values_to_be_between": _beyond(names, rule),
    }.get(rule.type)
    return f"SELECT {shown} FROM {table} WHERE {wrong}" if wrong else ""


def _outside(column: str, rule: Rule) -> str:
    allowed = ", ".join(literal(value) for value in rule.kwargs.get("value_set") or ())
    return f"{column} NOT IN ({allowed})" if allowed else f"{column} IS NOT NULL"


def _beyond(column: str, rule: Rule) -> str:
    limits = rule.kwargs
    below = "<=" if limits.get("strict_min") else "<"
    above = ">=" if limits.get("strict_max") else ">"
    found = [
        f"{column} {sign} {literal(limits[key])}"
        for key, sign in (("min_value", below), ("max_value", above))
        if limits.get(key) is not None
    ]
    return " OR ".join(found) or "false"
