"""Which articles differ between two release folders, and in what: from their Parquet files alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus.publish.count import table_files
from corpus.publish.digest import encode, row_digests, undigested
from corpus.publish.places import Places
from corpus.publish.relations import batches
from corpus.publish.sharing import shared_files

ARTICLES, RECORDS, REMOVALS = "articles", "records", "removals"
ID = "article_id"


@dataclass(frozen=True)
class Removed:
    """An article of the older release that the newer has not: what became of its record there, and by which rules.

    `fate` is null where the record is not in the newer ledger: its bytes are gone from raw/.
    """

    article_id: str
    record_id: str | None
    fate: str | None
    rules: tuple[str, ...]
    kept_article_id: str | None


@dataclass(frozen=True)
class Changed:
    """An article of both releases: the columns of articles that differ, and the other tables whose rows about it do."""

    article_id: str
    columns: tuple[str, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class ArticleChanges:
    """The articles added, removed and changed, each in the order of their ids."""

    added: tuple[str, ...]
    removed: tuple[Removed, ...]
    changed: tuple[Changed, ...]


def change_counts(changes: ArticleChanges) -> tuple[tuple[str, int], ...]:
    """How many articles were removed by which fate and rules, and how many changed in which column or table."""
    why = Counter((one.fate or "raw bytes gone", one.rules) for one in changes.removed)
    what = Counter(name for one in changes.changed for name in (*one.columns, *one.tables))
    removed = [
        (f"removed, {fate}{': ' + ', '.join(rules) if rules else ''}", count)
        for (fate, rules), count in sorted(why.items())
    ]
    changed = [(f"changed in {name}", count) for name, count in sorted(what.items(), key=lambda one: (-one[1], one[0]))]
    return (*removed, *changed)


def article_changes(older: Path, newer: Path) -> ArticleChanges:
    """Compare the articles of two release folders by id; neither needs a manifest.

    Of files that both hold only the ids of articles are read: no row in them differs.
    """
    before, now = _sides(older, newer)
    where = now.places.of(before.ids)
    shared = np.flatnonzero(where >= 0)
    added = np.ones(len(now.ids), bool)
    added[where[shared]] = False
    pair = _Pair(before, now, shared, where[shared])
    return ArticleChanges(
        tuple(sorted(now.ids.take(pa.array(np.flatnonzero(added))).to_pylist())),
        tuple(_removed(before, newer, np.flatnonzero(where < 0))),
        tuple(_changed(pair)),
    )


class _Side:
    """One of the two folders; `same` are the files of each table that the other one has too."""

    def __init__(self, folder: Path, same: Mapping[str, frozenset[str]]) -> None:
        self.folder, self.same = folder, same
        chunks = [batch.column(0) for batch in batches(folder, ARTICLES, [ID])]
        self.ids = pa.concat_arrays(chunks or [pa.array([], pa.string())])
        self.places = Places(pa.chunked_array([self.ids]))

    @cached_property
    def tables(self) -> dict[str, frozenset[str]]:
        """The tables with rows about articles -> their columns."""
        found = {}
        for folder in sorted(path for path in self.folder.iterdir() if path.is_dir()):
            files = table_files(self.folder, folder.name)
            if files and folder.name != REMOVALS:
                names = frozenset(pq.read_schema(files[0]).names)
                if ID in names:
                    found[folder.name] = names
        return found

    def values(self, column: str) -> np.ndarray:
        """The canonical values of a column of articles, a row an article; zeros for those in files of both."""
        kind = pq.read_schema(table_files(self.folder, ARTICLES)[0]).field(column).type
        found = [encode(pa.array([], kind))]
        found += (
            encode(batch.column(0)) for batch in batches(self.folder, ARTICLES, [column], without=self.same[ARTICLES])
        )
        own = np.concatenate(found)
        values = np.zeros((len(self.ids), own.shape[1]), own.dtype)
        values[self.own] = own
        return values

    @cached_property
    def own(self) -> np.ndarray:
        """Whether an article's row is in a file that the other folder has not."""
        files = table_files(self.folder, ARTICLES)
        return np.repeat(
            [path.name not in self.same[ARTICLES] for path in files],
            [pq.read_metadata(path).num_rows for path in files],
        )

    def sums(self, table: str, columns: list[str]) -> np.ndarray:
        """Of each article, the sum of the digests of its rows in the files of a table that are not in both folders.

        It is the same for the same rows in any order.
        """
        sums = np.zeros((len(self.ids), 2), np.uint64)
        for batch in batches(self.folder, table, columns, without=self.same[table]):
            places = self.places.of(batch.column(ID))
            about = places >= 0
            digests = np.frombuffer(row_digests(batch, sorted(columns)), "<u8").reshape(-1, 2)
            np.add.at(sums, places[about], digests[about])
        return sums


def _sides(older: Path, newer: Path) -> tuple[_Side, _Side]:
    tables = [path.name for path in sorted(newer.iterdir()) if path.is_dir()]
    same = {table: shared_files(older, newer, table) for table in tables}
    return (
        _Side(older, {table: before for table, (before, _) in same.items()}),
        _Side(newer, {table: now for table, (_, now) in same.items()}),
    )


@dataclass(frozen=True)
class _Pair:
    """Two sides, and the places in each of the articles that they share."""

    before: _Side
    now: _Side
    at_before: np.ndarray
    at_now: np.ndarray

    def differs(self, before: np.ndarray, now: np.ndarray) -> np.ndarray:
        """Which shared articles have other values, of rows an article on each side."""
        differs: np.ndarray = (before[self.at_before] != now[self.at_now]).any(axis=1)
        return differs


def _changed(pair: _Pair) -> Iterator[Changed]:
    """Column by column and table by table, so that one column at a time is in memory."""
    columns: dict[int, list[str]] = {}
    tables: dict[int, list[str]] = {}
    compared = pair.before.tables[ARTICLES] & pair.now.tables[ARTICLES] - undigested(ARTICLES)
    for name in sorted(compared) if len(pair.at_before) else ():
        for row in np.flatnonzero(pair.differs(pair.before.values(name), pair.now.values(name))).tolist():
            columns.setdefault(row, []).append(name)
    for table in sorted((pair.before.tables.keys() & pair.now.tables.keys()) - {ARTICLES, RECORDS}):
        shared = sorted((pair.before.tables[table] & pair.now.tables[table]) - undigested(table))
        differs = pair.differs(pair.before.sums(table, shared), pair.now.sums(table, shared))
        for row in np.flatnonzero(differs).tolist():
            tables.setdefault(row, []).append(table)
    rows = sorted(columns.keys() | tables.keys())
    ids = pair.now.ids.take(pa.array(pair.at_now[rows], pa.int64())).to_pylist()
    found = [
        Changed(article_id, tuple(columns.get(row, ())), tuple(tables.get(row, ())))
        for row, article_id in zip(rows, ids, strict=True)
    ]
    yield from sorted(found, key=lambda changed: changed.article_id)


def _removed(before: _Side, newer: Path, places: np.ndarray) -> Iterator[Removed]:
    """What the newer release says of the records of articles that it has not."""
    if not len(places):
        return
    wanted: dict[str, str] = {}  # record -> article
    gone = set(before.ids.take(pa.array(places)).to_pylist())
    for batch in batches(before.folder, ARTICLES, [ID, "record_id"], without=before.same[ARTICLES]):
        pairs = zip(batch.column(ID).to_pylist(), batch.column("record_id").to_pylist(), strict=True)
        wanted |= {record: article for article, record in pairs if article in gone}
    told: dict[str, Removed] = {}
    value_set = pa.array(sorted(wanted), pa.string())
    known = Places(pa.chunked_array([value_set]))
    for batch in batches(newer, RECORDS, ["record_id", "fate", "reasons", "kept_article_id"]):
        here = known.of(batch.column("record_id")) >= 0
        for row in batch.filter(pa.array(here)).to_pylist():
            article = wanted[row["record_id"]]
            rules = tuple(reason["rule"] for reason in row["reasons"])
            told[article] = Removed(article, row["record_id"], row["fate"], rules, row["kept_article_id"])
    retracted: set[str] = set()
    for batch in batches(newer, REMOVALS, [ID]):
        retracted.update(batch.column(0).to_pylist())
    records = {article: record for record, article in wanted.items()}
    for article in sorted(gone):
        if article in retracted:  # its record's id is salted in the newer ledger
            yield Removed(article, None, "retracted", ("retracted",), None)
        else:
            yield told.get(article) or Removed(article, records[article], None, (), None)
