"""What `[publish] text = "excerpt"` and `"standoff"` leave out: texts, and every column that repeats words of them.

Offsets, lengths and hashes go on speaking of the full text. Which columns repeat words says the registry (`copies`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.columns import Column
from corpus.publish.count import table_files
from corpus.publish.disk import named_faults
from corpus.publish.following import Followed
from corpus.publish.places import Places
from corpus.publish.write import Cut, TableWriter, WrittenTable
from corpus.tables import TABLES

FULL, EXCERPT, STANDOFF = "full", "excerpt", "standoff"
ARTICLES, TEXT = "articles", "text"
ROWS_AT_ONCE = 8192
_LAST_WORD = re.compile(r"\s+\S*$")


def withhold(
    full: Path, tables: Mapping[str, WrittenTable], folder: Path, *, text: str, excerpt_chars: int, cut: Cut
) -> dict[str, WrittenTable]:
    """Write the staged tables of `full` into `folder` without what `text` (excerpt, standoff) leaves out.

    Tables that repeat no words are linked, not written. `excerpt_chars`: code points of an excerpt at most.
    """
    limit = excerpt_chars if text == EXCERPT else 0
    written: dict[str, WrittenTable] = {}
    kept = _Kept()
    for name, table in tables.items():  # articles come first
        columns = [column for column in TABLES[name].columns if column.copies is not None]
        if name != ARTICLES and not columns:
            written[name] = _linked(full, folder, table)
            continue
        writer = TableWriter(TABLES[name], folder, cut, Followed(full, name, most=0))  # cut as they are
        for batch in _batches(full, name):
            rows = _cut(batch, limit) if name == ARTICLES else batch
            shown = kept.add(rows) if name == ARTICLES else kept.of(rows)
            for column in columns:
                rows = _without(rows, column, shown)
            writer.write(rows)
        written[name] = writer.close()
    return written


def leaks(folder: Path, text: str) -> Iterator[str]:
    """Columns of a release that hold words which its `text` (excerpt, standoff) says are left out."""
    if text == FULL:
        return
    kept = _Kept()
    for name, table in TABLES.items():
        columns = [column for column in table.columns if column.copies is not None]
        if name != ARTICLES and not columns:
            continue
        found = dict.fromkeys([TEXT, *(column.name for column in columns)], 0)
        for batch in _batches(folder, name):
            shown = kept.add(batch) if name == ARTICLES else kept.of(batch)
            if text == STANDOFF:
                found[TEXT] += int((shown > 0).sum()) if name == ARTICLES else 0
                shown = np.zeros(batch.num_rows, np.int64)
            for column in columns:
                if column.name in batch.schema.names:
                    stays = _without(batch, column, shown).column(column.name)
                    found[column.name] += stays.null_count - batch.column(column.name).null_count
        for what, rows in found.items():
            if rows:
                yield f"{name}.{what}: {rows} rows hold words that {text} leaves out"


class _Kept:
    """How many code points of each article's text are published."""

    def __init__(self) -> None:
        self._ids: list[pa.Array] = []
        self._lengths: list[np.ndarray] = []
        self._places: Places | None = None

    def add(self, articles: pa.RecordBatch) -> np.ndarray:
        """Take rows of articles as they are published; the lengths of their texts."""
        lengths = pc.fill_null(pc.utf8_length(articles.column(TEXT)), 0).to_numpy().astype(np.int64)
        self._ids.append(articles.column("article_id"))
        self._lengths.append(lengths)
        return np.asarray(lengths)

    def of(self, rows: pa.RecordBatch) -> np.ndarray:
        """Of each row's article; 0 where there is no such article."""
        if self._places is None:
            self._places = Places(pa.chunked_array(self._ids, pa.string()))
            self._lengths = [np.concatenate([*self._lengths, np.zeros(1, np.int64)])]
        return np.asarray(self._lengths[0][self._places.of(rows.column("article_id"))])


def _cut(rows: pa.RecordBatch, limit: int) -> pa.RecordBatch:
    """Articles with their texts cut; a text of which nothing is left is null."""
    texts = [_beginning(text, limit) for text in rows.column(TEXT).to_pylist()]
    at = rows.schema.get_field_index(TEXT)
    return rows.set_column(at, rows.schema.field(at), pa.array(texts, rows.schema.field(at).type))


def _beginning(text: str | None, limit: int) -> str | None:
    """The first words of a text, at most `limit` code points; None where that is none."""
    if text is None or limit == 0:
        return None
    if len(text) <= limit:
        return text
    begun = text[: limit + 1]
    return _LAST_WORD.sub("", begun).rstrip() or None


def _without(rows: pa.RecordBatch, column: Column, kept: np.ndarray) -> pa.RecordBatch:
    """Rows with a column null where the words that it repeats lie beyond what is published."""
    at = rows.schema.get_field_index(column.name)
    values = rows.column(at)
    if column.copies:
        ends = pc.fill_null(rows.column(column.copies), np.iinfo(np.int64).max).to_numpy()
        stays = ends <= kept
    else:
        stays = np.zeros(rows.num_rows, bool)
    shown = pc.if_else(pa.array(stays), values, pa.scalar(None, values.type))
    return rows.set_column(at, rows.schema.field(at), shown)


def _linked(full: Path, folder: Path, table: WrittenTable) -> WrittenTable:
    with named_faults(folder):
        for file in table.files:
            (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            os.link(full / file.path, folder / file.path)
    return table


def _batches(folder: Path, table: str) -> Iterator[pa.RecordBatch]:
    for path in table_files(folder, table):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=ROWS_AT_ONCE)
