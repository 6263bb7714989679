"""What changed between two releases: tables, articles, and what the one was made from that the other was not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.publish.changes import ArticleChanges, article_changes, change_counts
from corpus.publish.manifest import Manifest, TableEntry, read_manifest
from corpus.publish.releases import find_release

if TYPE_CHECKING:
    from rich.console import Console

SHOWN = 20
"""Articles that each list shows on a terminal; `--json` gives all."""


@dataclass(frozen=True)
class TableDiff:
    """One table in both releases; rows and digest are null where a release has it not. `columns`: added or removed."""

    table: str
    rows_before: int | None
    rows_now: int | None
    digest_before: str | None
    digest_now: str | None
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the table holds the same rows."""
        return self.digest_before == self.digest_now


@dataclass(frozen=True)
class Comparison:
    """Two releases compared. `causes` names what differs in what they were made from: raw, settings, code, libraries,
    models; a difference without a cause is a fault."""

    older: str
    newer: str
    digest_before: str
    digest_now: str
    tables: tuple[TableDiff, ...]
    articles: ArticleChanges
    causes: Mapping[str, tuple[str, ...]]

    @property
    def same(self) -> bool:
        """Whether both hold the same."""
        return self.digest_before == self.digest_now

    def to_json(self) -> dict[str, object]:
        """For programs."""
        said = asdict(self)
        return said | {"same": self.same, "causes": {key: list(names) for key, names in self.causes.items()}}


def diff(older: str | Path, newer: str | Path, project: str | Path | None = None) -> Comparison:
    """Compare two releases, each a folder or a version of `project` (null: the project around the current folder).

    Raises ProjectError where there is no such release.
    """
    folders = find_release(older, project), find_release(newer, project)
    before, now = read_manifest(folders[0]), read_manifest(folders[1])
    names = [*now.tables, *(name for name in before.tables if name not in now.tables)]
    return Comparison(
        before.version,
        now.version,
        before.digest,
        now.digest,
        tuple(_table_diff(name, before.tables.get(name), now.tables.get(name)) for name in names),
        article_changes(*folders),
        dict(_causes(before, now)),
    )


def show_diff(found: Comparison, out: Console) -> None:
    """Print a comparison for people."""
    from rich.table import Table

    _say(out, f"{found.older} → {found.newer}" + (": the same content" if found.same else ""))
    table = Table("table", "rows before", "rows now", "content", box=None, pad_edge=False)
    for one in found.tables:
        counts = ("–" if rows is None else str(rows) for rows in (one.rows_before, one.rows_now))
        table.add_row(one.table, *counts, "the same" if one.same else "changed")
    out.print(table)
    for cause, names in found.causes.items():
        _say(out, f"{cause} changed: {_some(names)}")
    articles = found.articles
    _say(
        out, f"Articles: {len(articles.added)} added, {len(articles.removed)} removed, {len(articles.changed)} changed."
    )
    for what, count in change_counts(articles):
        _say(out, f"  {what}: {count}")
    _list(out, "Added", articles.added)
    _list(out, "Removed", (f"{one.article_id}  {one.fate or 'raw bytes gone'}" for one in articles.removed))
    _list(out, "Changed", (f"{one.article_id}  {', '.join((*one.columns, *one.tables))}" for one in articles.changed))


def _table_diff(name: str, before: TableEntry | None, now: TableEntry | None) -> TableDiff:
    columns = [set(entry.columns) if entry else set() for entry in (before, now)]
    both = before is not None and now is not None
    return TableDiff(
        name,
        before.rows if before else None,
        now.rows if now else None,
        before.digest if before else None,
        now.digest if now else None,
        tuple(sorted(columns[1] - columns[0])) if both else (),
        tuple(sorted(columns[0] - columns[1])) if both else (),
    )


def _causes(before: Manifest, now: Manifest) -> Iterable[tuple[str, tuple[str, ...]]]:
    if before.inventory_digest != now.inventory_digest:
        yield "raw", ("files",)
    for cause, old, new in (
        ("settings", _flat(before.config), _flat(now.config)),
        ("code", before.code, now.code),
        ("libraries", before.libraries, now.libraries),
        ("models", before.models, now.models),
    ):
        names = tuple(sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key)))
        if names:
            yield cause, names


def _flat(values: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Settings by their dotted names, as corpus.toml has them."""
    flat: dict[str, object] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def _list(out: Console, heading: str, lines: Iterable[str]) -> None:
    shown = list(lines)
    if not shown:
        return
    _say(out, f"{heading}:")
    for line in shown[:SHOWN]:
        _say(out, f"  {line}")
    if len(shown) > SHOWN:
        _say(out, f"  … and {len(shown) - SHOWN} more (--json lists all)")


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _say(out: Console, line: str) -> None:
    out.print(line, markup=False, highlight=False, soft_wrap=True)
