"""Row groups and files that follow the parent release's, so that what did not change keeps its bytes.

A Parquet file holds one column after the other, row group by row group. Were new rows put into a row group of old ones,
the end of each of its columns would change, and with many narrow columns nearly all bytes of the group; were they put
into a file of old ones, the whole file would be another. So the rows of the parent stay in groups and files of their
own, and new rows begin new files (`ageing`).

Small groups don't pile up: before new rows come, a group is merged with the next one of its file that has at least half
its rows, as log-structured merge trees do (O'Neil et al. 1996). n rows published in k releases stay in O(log n) small
groups, and each row is written anew O(log n) times. Files are merged as `ageing` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.publish.ageing import Coming, merged_files
from corpus.publish.count import table_files
from corpus.publish.places import Places
from corpus.tables import TABLES

ARTICLE_ID = "article_id"


def merged(sizes: Sequence[int], most: int) -> list[int]:
    """How many neighbouring row groups of one file become one, from the `sizes` (rows) of them; `most` rows a group."""
    groups: list[tuple[int, int]] = []
    for size in sizes:
        groups.append((1, size))
        while len(groups) > 1 and 2 * groups[-1][1] >= groups[-2][1] and groups[-1][1] + groups[-2][1] <= most:
            count, rows = groups.pop()
            groups[-1] = (groups[-1][0] + count, groups[-1][1] + rows)
    return [count for count, _ in groups]


def row_key(table: str) -> str:
    """The column by which rows are found again in the parent: the article's id, else the row's own."""
    names = TABLES[table].schema.names
    return ARTICLE_ID if table not in ("records", "entities") else names[0]


class Followed:
    """In which row group of the parent's table each row belongs: the one where it was, or a new one after all others.

    Rows are told by their article (or own id) and their number among its rows. `most`: rows of a group that small
    ones are merged to; 0: every group and file stays as it is. `coming`: what the release will hold; without it, what
    is not in the parent forms one group.
    """

    def __init__(self, parent: Path | None, table: str, most: int, coming: Coming | None = None) -> None:
        self.key, self._coming = row_key(table), coming
        files = [_File.read(path, self.key) for path in (table_files(parent, table) if parent else ())]
        ids = pa.concat_arrays([*(file.ids for file in files), pa.array([], pa.string())])
        before = np.cumsum([0, *(file.rows for file in files)], dtype=np.int64)
        starts = [file.starts + done for file, done in zip(files, before[:-1], strict=True)]
        first = _run_starts(ids)  # an article's rows go on in the next group
        self._starts = np.concatenate([*starts, np.empty(0, np.int64)])[first]
        self._counts = np.diff(np.append(self._starts, before[-1]))
        self._places = Places(pa.chunked_array([ids.take(pa.array(first))]))
        ends, last, done = [np.empty(0, np.int64)], [], 0
        for sizes in self._files(files, most):
            at = np.cumsum(merged(sizes, most), dtype=np.int64)
            ends.append(done + np.cumsum(sizes, dtype=np.int64)[at - 1] if sizes else ends[0])
            last.append(sum(map(len, ends)) - 1)
            done += sum(sizes)
        self._ends, self._last_groups = np.concatenate(ends), np.array(last, np.int64)
        self._group, self._id, self._number = 0, None, 0

    def _files(self, files: Sequence[_File], most: int) -> Iterator[list[int]]:
        """The sizes of the row groups of each file to be, of files that are merged all of them."""
        counts, coming = [1] * len(files), self._coming
        if most and coming is not None:
            ids = [pc.count_distinct(file.ids).as_py() for file in files]
            share = sum(ids) / len(coming.old) if self.key == ARTICLE_ID and len(coming.old) else 1
            counts = merged_files([count / (share or 1) for count in ids], len(coming.new), coming.most)
        at = 0
        for count in counts:
            yield [size for file in files[at : at + count] for size in file.sizes]
            at += count

    def groups(self, keys: pa.ChunkedArray) -> np.ndarray:
        """The number of each row's group; it never falls. Calls follow each other as the rows do."""
        if not len(keys):
            return np.empty(0, np.int64)
        ids = keys.combine_chunks()
        begun = _run_starts(ids)
        runs = np.repeat(np.arange(len(begun)), np.diff(np.append(begun, len(ids))))
        numbers = np.arange(len(ids)) - begun[runs]
        values = ids.take(pa.array(begun))
        if values[0].as_py() == self._id:
            numbers[runs == 0] += self._number
        places = self._places.of(values)[runs]
        at = np.zeros(len(ids), np.int64)
        found = places >= 0
        at[found] = self._starts[places[found]] + np.minimum(numbers[found], self._counts[places[found]] - 1)
        groups = np.where(found, np.searchsorted(self._ends, at, side="right"), len(self._ends))
        if self._coming is not None:
            groups = np.where(found, groups, groups + self._coming.file(values)[runs])
            # an old article whose first rows these are: they stay beside its neighbour's
            groups[~found & (self._coming.old.of(values)[runs] >= 0)] = 0
        groups = np.maximum(np.maximum.accumulate(groups), self._group)
        self._group, self._id, self._number = int(groups[-1]), values[-1].as_py(), int(numbers[-1]) + 1
        return groups

    def ends_file(self, group: int, following: int) -> bool:
        """Whether a file ends between two groups: one of the parent's, or one of new rows."""
        if group >= len(self._ends):
            return True
        return bool(((self._last_groups >= group) & (self._last_groups < following)).any())


@dataclass(frozen=True)
class _File:
    """A file of the parent: the rows of its groups, and where in it each stretch of rows of one id starts."""

    sizes: list[int]
    ids: pa.Array
    starts: np.ndarray

    @property
    def rows(self) -> int:
        return sum(self.sizes)

    @classmethod
    def read(cls, path: Path, key: str) -> _File:
        sizes: list[int] = []
        values, starts = [pa.array([], pa.string())], [np.empty(0, np.int64)]
        with pq.ParquetFile(path) as file:
            for number in range(file.num_row_groups):
                ids = file.read_row_group(number, columns=[key])[key].combine_chunks()
                begun = _run_starts(ids)
                values.append(ids.take(pa.array(begun)))
                starts.append(begun + sum(sizes))
                sizes.append(len(ids))
        return cls(sizes, pa.concat_arrays(values), np.concatenate(starts))


def ids_of(parent: Path | None, table: str) -> pa.ChunkedArray:
    """The ids by which rows of the parent's table are found again; none without a parent."""
    key = row_key(table)
    columns = [pq.ParquetFile(path).read(columns=[key])[key] for path in (table_files(parent, table) if parent else ())]
    return pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())


def as_in_parent(rows: pa.Table, parent: Path | None, table: str) -> pa.Table:
    """Rows, each with an id of its own, in the parent's order; after them the new ones in the order that they have."""
    return _in_order(rows, row_key(table), Places(ids_of(parent, table)))


def follow_own(
    rows: pa.Table, parent: Path | None, table: str, *, per_group: int, per_file: int
) -> tuple[pa.Table, Followed]:
    """Rows with ids of their own as `as_in_parent` has them, and what the writer of their table follows.

    Entities have no age: new articles change the counts of old ones all over the table, and small files gain nothing.
    """
    key, old = row_key(table), Places(ids_of(parent, table))
    rows = _in_order(rows, key, old)
    coming = Coming.of(rows[key], old, per_file, ageing=table != "entities")
    return rows, Followed(parent, table, per_group, coming)


def _in_order(rows: pa.Table, key: str, old: Places) -> pa.Table:
    at = old.of(rows[key])
    return rows.take(pa.array(np.argsort(np.where(at < 0, np.iinfo(np.int64).max, at), kind="stable")))


def _run_starts(ids: pa.Array) -> np.ndarray:
    """The places at which another value begins."""
    if not len(ids):
        return np.empty(0, np.int64)
    ends = pc.run_end_encode(ids, run_end_type=pa.int64()).run_ends.to_numpy()
    starts: np.ndarray = np.concatenate([[0], ends[:-1]]).astype(np.int64)
    return starts
