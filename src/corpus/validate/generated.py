"""The expectations that follow from the registry of tables: columns, types, keys, vocabularies, ranges, references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from corpus.columns import Column, Table
from corpus.tables import TABLES
from corpus.validate.gx_duckdb import QUERY
from corpus.validate.suites import RELATIONS

Entry = dict[str, Any]
"""One expectation as its suite file holds it: type, kwargs, meta."""
BASELINE = "baseline"
SHARE = "0 to 1"
COUNTS = {
    "records", "words", "code points", "bytes", "sentences", "headings", "articles", "mentions",
    "lines", "occurrences", "characters", "phrases", "per word", "per code point",
}  # fmt: skip
"""Units of what can't be negative."""
_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.timestamp("us", tz="UTC"): "TIMESTAMP WITH TIME ZONE",
}


def generated(name: str) -> list[Entry]:
    """The expectations that the registry asks for in one suite (`relations`: its foreign keys)."""
    return list(_foreign_keys() if name == RELATIONS else _of_table(TABLES[name]))


def _of_table(table: Table) -> Iterator[Entry]:
    names = [column.name for column in table.columns]
    yield _entry(
        f"{table.name}.columns", "expect_table_columns_to_match_ordered_list", {"column_list": names}, "columns"
    )
    types = ", ".join(f"('{c.name}', '{sql_type(c.type)}')" for c in table.columns)
    described = "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {batch})"
    yield _query(
        f"{table.name}.types",
        f"{described} WHERE (column_name, replace(column_type, '\"', '')) NOT IN ({types})",
        "columns",
    )
    if len(table.key) == 1:
        unique = {"column": table.key[0]}
        yield _entry(f"{table.name}.{table.key[0]}.unique", "expect_column_values_to_be_unique", unique)
    elif table.key:
        kwargs = {"column_list": list(table.key)}
        yield _entry(f"{table.name}.{'+'.join(table.key)}.unique", "expect_compound_columns_to_be_unique", kwargs)
    for column in table.columns:
        yield from _of_column(table, column)


def _of_column(table: Table, column: Column) -> Iterator[Entry]:
    gate, kwargs = f"{table.name}.{column.name}", {"column": column.name}
    if column.required:
        yield _entry(f"{gate}.not_null", "expect_column_values_to_not_be_null", kwargs)
    if not column.filled:
        yield _entry(f"{gate}.always_null", "expect_column_values_to_be_null", kwargs)
        return
    if column.allowed and pa.types.is_list(column.type):
        yield _list_in_set(gate, table.columns[0].name, column)
    elif column.allowed:
        allowed = {**kwargs, "value_set": list(column.allowed)}
        yield _entry(f"{gate}.in_set", "expect_column_values_to_be_in_set", allowed)
    if column.unit == SHARE:
        yield _entry(
            f"{gate}.in_range", "expect_column_values_to_be_between", {**kwargs, "min_value": 0, "max_value": 1}
        )
    elif column.unit in COUNTS:
        yield _entry(f"{gate}.in_range", "expect_column_values_to_be_between", {**kwargs, "min_value": 0})
    elif column.unit == "hexadecimal":
        wrong = f"NOT regexp_full_match({column.name}, '[0-9a-f]{{{{64}}}}')"
        sql = f"SELECT {table.columns[0].name}, {column.name} FROM {{batch}} WHERE {wrong}"
        yield _query(f"{gate}.hexadecimal", sql, f"{column.name} IS NOT NULL")


def _list_in_set(gate: str, key: str, column: Column) -> Entry:
    allowed = ", ".join(f"'{value}'" for value in column.allowed or ())
    items = f"SELECT {key}, unnest({column.name}) AS item FROM {{batch}}"
    return _query(
        f"{gate}.in_set", f"SELECT {key}, item FROM ({items}) WHERE item IS NULL OR item NOT IN ({allowed})",
        f"len({column.name}) > 0",
    )  # fmt: skip


def _foreign_keys() -> Iterator[Entry]:
    for table in TABLES.values():
        key = table.columns[0].name
        for ref in table.references:
            shown = ", ".join(dict.fromkeys([f"r.{key}", f"r.{ref.column}"]))
            # a query with a JOIN names its own aliases; without one, {batch} brings an alias with it
            joined = f"{{batch}} r ANTI JOIN {ref.table} t ON t.{ref.key} = r.{ref.column}"
            sql = f"SELECT {shown} FROM {joined} WHERE r.{ref.column} IS NOT NULL"
            entry = _query(f"relations.{table.name}_{ref.column}", sql, f"{ref.column} IS NOT NULL")
            cause = f"{table.name}.{ref.column} leads to no row of {ref.table}"
            yield entry | {"meta": entry["meta"] | {"table": table.name, "cause": cause}}


def _entry(gate: str, type_: str, kwargs: Mapping[str, Any], evaluates: str | None = None) -> Entry:
    meta = {"gate": gate, "origin": BASELINE, "severity": "critical"}
    return {"type": type_, "kwargs": dict(kwargs), "meta": meta | ({"evaluates": evaluates} if evaluates else {})}


def _query(gate: str, sql: str, evaluates: str | None = None) -> Entry:
    return _entry(gate, QUERY, {"unexpected_rows_query": sql}, evaluates)


def sql_type(type_: pa.DataType) -> str:
    """DuckDB's name of an Arrow type, unquoted. Raises KeyError for one that no published column has."""
    if pa.types.is_list(type_):
        return f"{sql_type(type_.value_type)}[]"
    if pa.types.is_struct(type_):
        return f"STRUCT({', '.join(f'{f.name} {sql_type(f.type)}' for f in type_)})"
    return _SQL_TYPES[type_]
