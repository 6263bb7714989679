"""The registry of tables as a page: `python -m corpus.publish.dictionary > docs/tables.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from corpus.columns import Column, Table
from corpus.tables import TABLES


def page() -> str:
    """Every published table and column in Markdown: type, meaning, unit, standard term, closed vocabulary."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# The tables"
    yield ""
    yield "Made from the registry, `src/corpus/tables.py`, which the schemas, the card, Croissant and the baseline"
    yield "expectations come from too. Spans count Unicode code points of `articles.text` and are half open."
    for table in TABLES.values():
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield ""
    yield f"## {table.name}"
    yield ""
    yield table.meaning + (f" Key: {', '.join(f'`{name}`' for name in table.key)}." if table.key else "")
    yield ""
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    references = {reference.column: f" → `{reference.table}.{reference.key}`" for reference in table.references}
    for column in table.columns:
        needed = "" if column.required else ", may be null"
        yield f"| `{column.name}` | {column.type}{needed} | {_meaning(column)}{references.get(column.name, '')} |"


def _meaning(column: Column) -> str:
    term = f" ({column.term})" if column.term else ""
    values = f" One of: {', '.join(f'`{value}`' for value in column.allowed)}." if column.allowed else ""
    copies = "" if column.copies is None else " Null where `[publish] text` leaves its words out."
    return f"{column.description}{term}{values}{copies}".replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
