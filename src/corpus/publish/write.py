"""A published table's rows as Parquet files: the same rows give the same bytes, whatever batches they come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus.columns import Table
from corpus.errors import RefusedError, WiringError
from corpus.publish.digest import LogicalDigest, undigested
from corpus.publish.disk import named_faults, sha256_of
from corpus.publish.following import Followed
from corpus.publish.sizes import filled_rows, row_bytes

GROUP_BYTES = 96 * 1024**2
"""A row group's largest size before compression; readers hold a row group at a time (Hugging Face advises ~100 MB)."""
ZSTD_LEVEL = 9
"""It makes up for small row groups: together as large as level 6 with groups of 10,000 rows (`benchmarks.release`)."""
PARTS = 5
"""A row group of a table with several rows an article has this many times the rows of one with a row an article: about
as many articles, since an article has five paragraphs at least and tens of mentions."""
SMALL_PAGES = {"min_chunk_size": 16 * 1024, "max_chunk_size": 64 * 1024}
"""Pages of all tables but `articles`, in bytes before compression: a changed value changes its page, and a page of ids
or numbers is hardly smaller in a larger one. Texts keep the default (256 KiB to 1 MiB), since they compress better."""
DISTINCT = ("_id", "sha256")
"""Ends of the names of columns of ids and hashes. They get no dictionary: of values that hardly repeat it would be as
large as they are, and one new value would move all others."""


def repeating(schema: pa.Schema) -> list[str]:
    """The Parquet paths of the columns that are written with a dictionary."""
    return [path for field in schema if not field.name.endswith(DISTINCT) for path in _leaves(field.name, field.type)]


def compared(schema: pa.Schema) -> list[str]:
    """The Parquet paths of the columns whose least and greatest value are written down: all but hashes and texts, where
    they rule nothing out and are the longest there are."""
    return [
        path
        for field in schema
        if not field.name.endswith(("sha256", "text"))
        for path in _leaves(field.name, field.type)
    ]


def group_rows(table: Table, cut: Cut) -> int:
    """Most rows of a row group of a table: `rows_per_group` where an article or record is one row, else PARTS times as
    many."""
    return cut.rows_per_group * (1 if table.key in (("article_id",), ("record_id",)) else PARTS)


def _leaves(path: str, kind: pa.DataType) -> list[str]:
    if pa.types.is_struct(kind):
        return [leaf for field in kind for leaf in _leaves(f"{path}.{field.name}", field.type)]
    if pa.types.is_list(kind):
        return _leaves(f"{path}.list.element", kind.value_type)
    return [path]


class Cut(Protocol):
    """How a table is cut into files: the part of `settings.Publish` that the writer reads."""

    @property
    def rows_per_file(self) -> int:
        """Most rows of a file; with a `Followed`, most articles (or records, or entities) of one."""

    @property
    def rows_per_group(self) -> int:
        """Most rows of a row group of a table with a row an article; see `group_rows`."""


@dataclass(frozen=True)
class WrittenFile:
    """One Parquet file: `path` relative to the release with /, `rows`, `bytes` on disk, `sha256` in hexadecimal."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class WrittenTable:
    """One table as written: its files, rows, `num_bytes` before encoding (see `sizes`), logical digest, and of each
    column the rows where it is `filled`: not null, and not an empty list."""

    name: str
    files: tuple[WrittenFile, ...]
    rows: int
    num_bytes: int
    digest: str
    filled: Mapping[str, int] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Bytes of its files."""
        return sum(file.bytes for file in self.files)


class TableWriter:
    """Writes one table below `folder`, strictly in the registry's schema.

    Row groups end where one more row would be over `group_rows` or GROUP_BYTES, files at `cut.rows_per_file`:
    both are counted row by row, so that the incoming batches leave no trace. With `follow` files end where it says, and
    row groups there too. A table without rows is one file with a schema and no row group.
    """

    def __init__(self, table: Table, folder: Path, cut: Cut, follow: Followed | None = None) -> None:
        self._table, self._schema = table, table.schema
        self._folder, self._cut = folder, cut
        self._follow, self._at = follow, 0
        self._digest = LogicalDigest(self._schema, undigested(table.name))
        self._num_bytes = 0
        self._filled: Counter[str] = Counter()
        self._group: list[pa.Table] = []
        self._group_rows = self._group_bytes = 0
        self._writer: pq.ParquetWriter | None = None
        self._file_rows = 0
        self._files: list[WrittenFile] = []
        with named_faults(folder):
            (folder / table.name).mkdir(parents=True, exist_ok=True)

    def write(self, rows: pa.RecordBatch | pa.Table) -> None:
        """Take more rows, in the order in which they are published.

        Raises WiringError where columns are missing, unknown or of another type, RefusedError where a required value is
        null, EnvironmentFaultError where the disk is full or not to be written.
        """
        table = self._conform(rows)
        sizes = row_bytes(table)
        self._num_bytes += int(sizes.sum())
        if self._follow is None:
            self._take(table, sizes)
            return
        groups = self._follow.groups(table[self._follow.key])
        starts = np.flatnonzero(np.diff(groups, prepend=-1))
        for start, end in pairwise([*starts.tolist(), table.num_rows]):
            self._turn_to(int(groups[start]))
            self._take(table.slice(start, end - start), sizes[start:end])

    def _turn_to(self, at: int) -> None:
        """Rows come that belong into the group `at` of those that are followed."""
        if self._follow is None or at == self._at:
            return
        if self._group:
            self._flush()
        if self._file_rows and self._follow.ends_file(self._at, at):
            self._close_file()
        self._at = at

    def _take(self, table: pa.Table, sizes: np.ndarray) -> None:
        ends = np.cumsum(sizes)
        start = 0
        while start < table.num_rows:
            taken = self._fitting(ends, start)
            if taken:
                self._group.append(table.slice(start, taken))
                self._group_rows += taken
                self._group_bytes += int(ends[start + taken - 1] - (ends[start - 1] if start else 0))
                start += taken
            if start < table.num_rows or self._room() == 0:
                self._flush()

    def close(self) -> WrittenTable:
        """Write what is left and say what was written."""
        if self._group:
            self._flush()
        if not self._files and self._writer is None:
            self._writer = self._open()
        self._close_file()
        return WrittenTable(
            self._table.name,
            tuple(self._files),
            sum(file.rows for file in self._files),
            self._num_bytes,
            self._digest.hexdigest(),
            {name: self._filled[name] for name in self._schema.names},
        )

    def _conform(self, rows: pa.RecordBatch | pa.Table) -> pa.Table:
        name, schema = self._table.name, self._schema
        if sorted(rows.schema.names) != sorted(schema.names):
            odd = sorted(set(rows.schema.names) ^ set(schema.names)) or ["one column twice"]
            raise WiringError(
                f"rows for {name} don't have its columns: {', '.join(odd)}", mend="see corpus/tables.py for its columns"
            )
        columns = []
        for wanted in schema:
            column = rows.column(wanted.name)
            try:
                column = column if column.type == wanted.type else column.cast(wanted.type)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise WiringError(
                    f"{name}.{wanted.name} is {column.type}, which is not a {wanted.type}: {error}",
                    mend="see corpus/tables.py for its type",
                ) from error
            if not wanted.nullable and column.null_count:
                raise RefusedError(
                    f"{name}.{wanted.name} is null in {column.null_count} rows, but each row needs one",
                    mend="this is a fault of the stage that makes the column; `corpus why` shows the records",
                )
            columns.append(column)
        return pa.Table.from_arrays(columns, schema=schema).combine_chunks()

    def _room(self) -> int:
        cut, most = self._cut, group_rows(self._table, self._cut)
        left = most if self._follow is not None else cut.rows_per_file - self._file_rows
        return min(most, left) - self._group_rows

    def _fitting(self, ends: np.ndarray, start: int) -> int:
        """How many of the rows from `start` go into the present row group; at least one into an empty one."""
        before = int(ends[start - 1]) if start else 0
        by_bytes = int(np.searchsorted(ends, GROUP_BYTES - self._group_bytes + before, side="right")) - start
        return min(self._room(), max(by_bytes, 0 if self._group_rows else 1), len(ends) - start)

    def _flush(self) -> None:
        group = pa.concat_tables(self._group).combine_chunks()  # in pieces, other bytes would be written
        self._digest.update(group)
        self._filled.update(filled_rows(group))
        if self._writer is None:
            self._writer = self._open()
        with named_faults(self._folder):
            self._writer.write_table(group, row_group_size=group.num_rows)
        self._file_rows += group.num_rows
        self._group, self._group_rows, self._group_bytes = [], 0, 0
        if self._follow is None and self._file_rows >= self._cut.rows_per_file:
            self._close_file()

    @property
    def _path(self) -> Path:
        return self._folder / self._table.name / f"train-{len(self._files):05d}.parquet"

    def _open(self) -> pq.ParquetWriter:
        with named_faults(self._folder):
            return pq.ParquetWriter(
                str(self._path),
                self._schema,
                compression="zstd",
                compression_level=ZSTD_LEVEL,
                use_dictionary=repeating(self._schema),
                write_statistics=compared(self._schema),
                write_page_index=True,
                write_page_checksum=True,
                use_content_defined_chunking=SMALL_PAGES if "text" not in self._schema.names else True,
            )

    def _close_file(self) -> None:
        if self._writer is None:
            return
        path = self._path
        with named_faults(self._folder):
            self._writer.close()
            self._files.append(
                WrittenFile(f"{self._table.name}/{path.name}", self._file_rows, path.stat().st_size, sha256_of(path))
            )
        self._writer, self._file_rows = None, 0
