"""What a page asks: the tables of the release, by SQL, and what the run says of itself."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpus.publish.glance import Glance, glance
from corpus.report.facts import ReportFacts
from corpus.report.funnel import Funnel, read_funnel
from corpus.tables import TABLES
from corpus.validate.views import Database, identifier, quoted

MEMORY_LIMIT = "500MB"
"""DuckDB's memory for the report; what is over it goes to disk."""


@dataclass(frozen=True)
class Material:
    """The facts of a release, and its tables as views of one DuckDB database; a table without a file has no view.

    Queries must order their rows by more than a count, so that the same tables give the same pages.
    """

    facts: ReportFacts
    database: Database
    tables: frozenset[str]

    def has(self, *tables: str) -> bool:
        """Whether the release has all of these tables."""
        return self.tables.issuperset(tables)

    @cached_property
    def funnel(self) -> Funnel:
        """The funnel of the release."""
        return read_funnel(self.facts.tables)

    @cached_property
    def glance(self) -> Glance:
        """The articles in figures, as the card has them."""
        return glance(self.facts.tables)

    @cached_property
    def articles(self) -> int:
        """Published articles."""
        return self.database.count("articles")

    def why(self, record_id: str) -> str | None:
        """The command that shows a record's whole life; None where no release has it."""
        return why_line(record_id, self.facts.version)


def why_line(record_id: str, version: str | None) -> str | None:
    """The command that shows a record's whole life; None where no release has it."""
    return f"corpus why {shlex.quote(record_id)} --version {version}" if version else None


@contextmanager
def open_material(facts: ReportFacts) -> Iterator[Material]:
    """The tables of a release folder, ready to be asked."""
    import duckdb

    with tempfile.TemporaryDirectory(dir=facts.temporary) as temporary, duckdb.connect() as connection:
        database = Database("", connection)
        for setting in (
            f"memory_limit = '{MEMORY_LIMIT}'",
            "threads = 1",  # sums of floats come out the same in every run
            f"temp_directory = {quoted(temporary)}",
            "autoinstall_known_extensions = false",
            "TimeZone = 'UTC'",
        ):
            database.run(f"SET {setting}")
        yield Material(facts, database, frozenset(_views(facts.tables, database)))


def _views(folder: Path, database: Database) -> Iterator[str]:
    for name, table in TABLES.items():
        if files := sorted((folder / name).glob("*.parquet")):
            database.view(name, files)
            if not database.columns(name).keys() >= set(table.schema.names):
                _complete(name, database)
            yield name


def _complete(name: str, database: Database) -> None:
    """Give a view of a release from before some of its columns were there those columns too, without a value."""
    there, registered = identifier(f"{name} as written"), identifier(f"{name} as registered")
    database.run(f"ALTER VIEW {identifier(name)} RENAME TO {there}")
    database.table(f"{name} as registered", TABLES[name].schema.empty_table())
    database.run(
        f"CREATE VIEW {identifier(name)} AS SELECT * FROM {registered} UNION ALL BY NAME SELECT * FROM {there}"
    )
