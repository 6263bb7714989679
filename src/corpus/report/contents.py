"""What the report counts in the staged tables: tables and their rows, records by rule with examples."""

from __future__ import annotations

import heapq
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
    """A record that was not published: where it lay, the value and threshold that decided, and
    the other rules that spoke."""

    raw_path: str
    record_id: str
    value: str
    threshold: str
    kept_article_id: str
    other_rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Left:
    """The records that left at one step, with the first `EXAMPLES` of them by raw path."""

    step: Step
    examples: tuple[Example, ...]


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
    said: list[dict[str, str]] = reasons if isinstance(reasons, list) else []
    first = said[0] if said else {}
    return Example(
        raw_path=str(row["raw_path"]),
        record_id=str(row["record_id"]),
        value=first.get("value") or "",
        threshold=first.get("threshold") or "",
        kept_article_id=str(row["kept_article_id"] or ""),
        other_rules=tuple(reason["rule"] or "" for reason in said[1:]),
    )
