"""A release at a glance: what its articles are in figures, from Parquet alone.

Card and report both say these figures, and `verify` counts them anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from corpus.publish.relations import batches

UNKNOWN = "unknown"
"""Where an article has no value."""
LISTED = 25
"""Values that the card lists; the others are one line, so that the sum stays the same."""
COLUMNS = ["source", "host", "language", "license", "rights", "published_at", "n_words", "truncated"]


@dataclass(frozen=True)
class Glance:
    """The articles of a release: how many, their words, hosts and sources; articles by language, by licence and by
    rights signal (one with two signals counts in both); how many are dated, between which days (ISO 8601, UTC; null
    where none is), and how many break off."""

    articles: int
    words: int
    hosts: int
    sources: int
    languages: Mapping[str, int]
    licences: Mapping[str, int]
    rights: Mapping[str, int]
    dated: int
    first: str | None
    last: str | None
    truncated: int


def glance(folder: Path) -> Glance:
    """Count the articles of a release folder, or of staged tables."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("language", "license", "rights")}
    seen: dict[str, set[str]] = {"host": set(), "source": set()}
    sums: Counter[str] = Counter()
    days: list[datetime] = []
    for batch in batches(folder, "articles", COLUMNS):
        sums["articles"] += batch.num_rows
        sums["words"] += pc.sum(batch.column("n_words")).as_py() or 0
        sums["truncated"] += pc.sum(batch.column("truncated")).as_py() or 0
        dates = batch.column("published_at")
        sums["dated"] += len(dates) - dates.null_count
        span = pc.min_max(dates).as_py()
        days += [day for day in (span["min"], span["max"]) if day is not None]
        for name, values in seen.items():
            values.update(value for value in pc.unique(batch.column(name)).to_pylist() if value is not None)
        for name in ("language", "license"):
            counts[name].update(_counts(batch.column(name)))
        counts["rights"].update(_counts(_signals(batch.column("rights"))))
    return Glance(
        sums["articles"], sums["words"], len(seen["host"]), len(seen["source"]), _ranked(counts["language"]),
        _ranked(counts["license"]), _ranked(counts["rights"]), sums["dated"],
        f"{min(days):%Y-%m-%d}" if days else None, f"{max(days):%Y-%m-%d}" if days else None, sums["truncated"],
    )  # fmt: skip


def listed(counts: Mapping[str, int], limit: int = LISTED) -> dict[str, int]:
    """The first of ranked counts, and all others in one line."""
    pairs = list(counts.items())
    rest = pairs[limit:]
    return dict(pairs[:limit]) | ({f"{len(rest)} others": sum(count for _, count in rest)} if rest else {})


def _signals(rights: pa.Array) -> pa.Array:
    """One row for each article and signal that it has, however often it is there."""
    parents, signals = pc.list_parent_indices(rights), pc.struct_field(pc.list_flatten(rights), "signal")
    pairs = pa.table({"article": parents, "signal": signals})
    return pairs.group_by(["article", "signal"]).aggregate([])["signal"].combine_chunks()


def _counts(values: pa.Array) -> Counter[str]:
    """Rows by value, each on one line."""
    counts: Counter[str] = Counter()
    for one in pc.value_counts(values).to_pylist():
        counts[" ".join(str(one["values"] or UNKNOWN).split())] += one["counts"]
    return counts


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
