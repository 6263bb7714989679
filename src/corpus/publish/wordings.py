"""What changed in the texts and annotations of articles that two releases have both, as far as they are published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from corpus.publish.changes import Changed
from corpus.publish.count import table_files
from corpus.publish.relations import batches

PARAGRAPH = "\n\n"


@dataclass(frozen=True)
class Wording:
    """One changed article: its title now, the paragraphs that went and came, and its rows in each table that differs
    (before, now)."""

    article_id: str
    title: str | None
    removed: tuple[str, ...]
    added: tuple[str, ...]
    rows: Mapping[str, tuple[int, int]]


def wordings(older: Path, newer: Path, changed: Iterable[Changed]) -> tuple[Wording, ...]:
    """What changed in each of some articles, in their order; texts that a release leaves out count as empty."""
    chosen = list(changed)
    ids = pa.array([one.article_id for one in chosen], pa.string())
    before, now = _pages(older, ids), _pages(newer, ids)
    tables = sorted({table for one in chosen for table in one.tables})
    counts = {table: (_rows(older, table, ids), _rows(newer, table, ids)) for table in tables}
    found = []
    for one in chosen:
        old, new = before.get(one.article_id, (None, "")), now.get(one.article_id, (None, ""))
        removed, added = _paragraphs(old[1], new[1]) if "text" in one.columns else ((), ())
        rows = {table: (counts[table][0][one.article_id], counts[table][1][one.article_id]) for table in one.tables}
        found.append(Wording(one.article_id, new[0], removed, added, rows))
    return tuple(found)


def _pages(folder: Path, ids: pa.Array) -> dict[str, tuple[str | None, str]]:
    found = {}
    for batch in batches(folder, "articles", ["article_id", "title", "text"]):
        for row in batch.filter(pc.is_in(batch.column(0), value_set=ids)).to_pylist():
            found[row["article_id"]] = (row["title"], row["text"] or "")
    return found


def _rows(folder: Path, table: str, ids: pa.Array) -> Counter[str]:
    found: Counter[str] = Counter()
    for batch in batches(folder, table, ["article_id"]) if table_files(folder, table) else ():
        found.update(batch.column(0).filter(pc.is_in(batch.column(0), value_set=ids)).to_pylist())
    return found


def _paragraphs(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paragraphs that only the one or only the other text has, in their order."""
    before, now = old.split(PARAGRAPH) if old else [], new.split(PARAGRAPH) if new else []
    removed: list[str] = []
    added: list[str] = []
    for kind, start, end, first, last in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if kind != "equal":
            removed += before[start:end]
            added += now[first:last]
    return tuple(removed), tuple(added)
