"""One DuckDB database in memory, with a view on the Parquet files of each staged table."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

MEMORY_LIMIT = "500MB"
"""DuckDB's share of the gates' bound of 1 GB (Great Expectations itself takes 0.35); what is over it goes to disk."""
THREADS = 2


def quoted(text: str) -> str:
    """A string as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def literal(value: object) -> str:
    """A JSON value as an SQL literal."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else quoted(str(value))


def identifier(name: str) -> str:
    """A column or table name as SQL spells it whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def file_list(files: Iterable[Path]) -> str:
    """Files as the argument of read_parquet, which takes each for a glob."""
    return "[" + ", ".join(quoted(re.sub(r"([\[*?])", r"[\1]", str(file))) for file in files) + "]"


class Database:
    """The database that the gates and Great Expectations share; `url` opens it a second time within the process."""

    def __init__(self, url: str, connection: Any) -> None:
        self.url = url
        self._connection = connection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The result of a query."""
        return list(self._connection.execute(sql).fetchall())

    def value(self, sql: str) -> Any:
        """The one value of a query of one row and one column."""
        return self.rows(sql)[0][0]

    def run(self, sql: str) -> None:
        """A statement without a result."""
        self._connection.execute(sql)

    def view(self, name: str, files: Sequence[Path]) -> None:
        """A view on Parquet files of one schema. Raises duckdb.Error where they can't be read."""
        self.run(f"CREATE OR REPLACE VIEW {identifier(name)} AS SELECT * FROM read_parquet({file_list(files)})")

    def table(self, name: str, rows: pa.Table) -> None:
        """A table with those rows."""
        self._connection.register("arriving", rows)
        self.run(f"CREATE OR REPLACE TABLE {identifier(name)} AS SELECT * FROM arriving")
        self._connection.unregister("arriving")

    def columns(self, name: str) -> dict[str, str]:
        """Column names of a view and DuckDB's names of their types; empty where there is no such view."""
        if not self.rows(f"SELECT 1 FROM duckdb_views() WHERE view_name = {quoted(name)}"):
            return {}
        return {str(row[0]): str(row[1]) for row in self.rows(f"DESCRIBE SELECT * FROM {identifier(name)}")}

    def count(self, name: str) -> int:
        """Rows of a view."""
        return int(self.value(f"SELECT count(*) FROM {identifier(name)}"))


@contextmanager
def database(temporary: Path) -> Iterator[Database]:
    """A database of its own, gone at the end; `temporary` is where DuckDB puts what is over its memory."""
    import duckdb_engine  # noqa: F401  # registers its dialect with SQLAlchemy
    import sqlalchemy

    url = f"duckdb:///:memory:gates-{uuid.uuid4().hex}"
    engine = sqlalchemy.create_engine(url)
    raw = engine.raw_connection()
    try:
        opened = Database(url, raw.driver_connection)
        for setting in (
            f"memory_limit = '{MEMORY_LIMIT}'",
            f"threads = {THREADS}",
            f"temp_directory = {quoted(str(temporary))}",
            "preserve_insertion_order = false",
            "autoinstall_known_extensions = false",  # no gate asks a network
            "TimeZone = 'UTC'",
        ):
            opened.run(f"SET GLOBAL {setting}")
        yield opened
    finally:
        raw.close()
        engine.dispose()
