"""What the report counts in the staged tables: rows, records by rule with examples, how well columns are filled."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.report.funnel import Step, deciding_rules, read_batches
from corpus.tables import TABLES

EXAMPLES = 10
"""Records shown for each rule; the ledger in `records` has all of them."""
LISTED = 20
"""Values shown of a column with many (sources, languages)."""
FILLED = ("title", "authors", "published_at", "url", "language", "license")
"""Columns of articles that a record may lack, whose share is worth knowing."""


@dataclass(frozen=True)
class TableCount:
    """A published table: its rows, its Parquet files and their size in bytes."""

    name: str
    meaning: str
    rows: int
    files: int
    size: int


@dataclass(frozen=True, order=True)
class Example:
    """A record that was not published: where it lay, and the value and threshold that decided."""

    raw_path: str
    record_id: str
    value: str
    threshold: str
    kept_article_id: str


@dataclass(frozen=True)
class Left:
    """The records that left at one step, with the first `EXAMPLES` of them by raw path."""

    step: Step
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Count:
    """How many articles have a value."""

    value: str
    articles: int


@dataclass(frozen=True)
class Articles:
    """The published articles in figures: by source, by language, and how many have each column of `FILLED`."""

    total: int
    sources: tuple[Count, ...]
    languages: tuple[Count, ...]
    filled: tuple[Count, ...]


def count_tables(folder: Path) -> tuple[TableCount, ...]:
    """Rows, files and size of each table staged in `folder`."""
    counts = []
    for table in TABLES.values():
        if (folder / table.name).is_dir():
            files = sorted((folder / table.name).glob("*.parquet"))
            rows = sum(pq.read_metadata(file).num_rows for file in files)
            size = sum(file.stat().st_size for file in files)
            counts.append(TableCount(table.name, table.meaning, rows, len(files), size))
    return tuple(counts)


def examples_of(folder: Path, steps: Sequence[Step]) -> tuple[Left, ...]:
    """The first records, by raw path, that left at each of `steps`; nothing of their text."""
    found: dict[tuple[str, str | None], list[Example]] = {(step.fate, step.rule): [] for step in steps}
    for batch in read_batches(folder, "records", ["record_id", "raw_path", "fate", "reasons", "kept_article_id"]):
        left = pa.Table.from_batches([batch]).filter(pc.not_equal(batch["fate"], "published"))
        rows = left.append_column("rule", deciding_rules(left["reasons"]))
        for fate, rule in {(fate, rule) for fate, rule in zip(*_pairs(rows), strict=True)}:
            known = found[fate, rule]
            found[fate, rule] = heapq.nsmallest(EXAMPLES, [*known, *_first(rows, fate, rule)])
    return tuple(Left(step, tuple(found[step.fate, step.rule])) for step in steps)


def _pairs(rows: pa.Table) -> tuple[list[str], list[str | None]]:
    pairs = rows.group_by(["fate", "rule"]).aggregate([])
    return pairs["fate"].to_pylist(), pairs["rule"].to_pylist()


def _first(rows: pa.Table, fate: str, rule: str | None) -> list[Example]:
    same_rule = pc.is_null(rows["rule"]) if rule is None else pc.fill_null(pc.equal(rows["rule"], rule), False)
    chosen = rows.filter(pc.and_(pc.equal(rows["fate"], fate), same_rule))
    order = pc.select_k_unstable(chosen, k=EXAMPLES, sort_keys=[("raw_path", "ascending"), ("record_id", "ascending")])
    return [_example(row) for row in chosen.take(order).to_pylist()]


def _example(row: dict[str, object]) -> Example:
    reasons = row["reasons"]
    first = reasons[0] if isinstance(reasons, list) and reasons else {}
    return Example(
        raw_path=str(row["raw_path"]),
        record_id=str(row["record_id"]),
        value=first.get("value") or "",
        threshold=first.get("threshold") or "",
        kept_article_id=str(row["kept_article_id"] or ""),
    )


def count_articles(folder: Path) -> Articles:
    """The published articles by source and language, and how many have each column of `FILLED`."""
    total = 0
    values: dict[str, Counter[str]] = {"source": Counter(), "language": Counter()}
    filled: Counter[str] = Counter(dict.fromkeys(FILLED, 0))
    for batch in read_batches(folder, "articles", sorted({*FILLED, *values})):
        total += batch.num_rows
        for name, counter in values.items():
            for item in pc.value_counts(batch[name]).to_pylist():
                counter[item["values"] or "unknown"] += item["counts"]
        for name in FILLED:
            filled[name] += _filled(batch[name])
    return Articles(
        total, _largest(values["source"]), _largest(values["language"]), tuple(Count(k, n) for k, n in filled.items())
    )


def _filled(column: pa.Array) -> int:
    if pa.types.is_list(column.type):
        return int(pc.sum(pc.greater(pc.fill_null(pc.list_value_length(column), 0), 0)).as_py() or 0)
    return len(column) - int(column.null_count)


def _largest(counter: Counter[str]) -> tuple[Count, ...]:
    ranked = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(n for _, n in ranked[LISTED:])
    shown = [Count(value, n) for value, n in ranked[:LISTED]]
    return (*shown, Count(f"{len(ranked) - LISTED} others", rest)) if rest else tuple(shown)
