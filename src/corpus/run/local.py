"""The tasks of local steps, as workers run them: from one file on disk to another, in batches.

Tasks travel as paths and row positions, never as pickled tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus import annotate, clean, dedup
from corpus.run.keys import key_of
from corpus.run.limit import cpu_limit
from corpus.run.memo import KEY
from corpus.run.reading import GROUP_ROWS
from corpus.sections import Annotate, Clean, Dedup, Privacy, Source
from corpus.shards import read_rows, write_batches
from corpus.working import ANNOTATIONS, ARTICLE_INPUT, DOCUMENTS, READ, SIGNATURES

SIGN_INPUT = ("record_id", "text", "title", "language")
SIGNED_ROWS = pa.schema([*SIGNATURES, ("text", pa.string())])
"""A signature, and the text as it is: where two are alike, both are read again (null: of a text without some lines)."""
DOCUMENT_ROWS = pa.schema([*DOCUMENTS, ("sign_key", KEY), ("mark_key", KEY)])


@dataclass(frozen=True)
class CleanTask:
    """Rows `start` to `end` of a spool file, to one shard of documents.

    `progress`: a file that is told which row is begun, so that it is known which one killed the process.
    """

    spool: Path
    start: int
    end: int
    settings: Clean
    sources: dict[str, Source]
    privacy: Privacy
    shard: Path
    progress: Path | None = None


def run_clean(task: CleanTask) -> int:
    """Extract documents; returns how many."""

    def rows() -> Iterator[tuple[pa.Array, pa.RecordBatch]]:
        at = 0
        for batch in pq.ParquetFile(task.spool).iter_batches(batch_size=GROUP_ROWS):
            here = batch.slice(
                max(0, task.start - at), max(0, min(batch.num_rows, task.end - at) - max(0, task.start - at))
            )
            first, at = max(task.start, at), at + batch.num_rows
            for part in _parts(here, first, task.progress):
                with cpu_limit(task.settings.max_cpu_seconds):
                    documents = clean.extract(part.select(READ.names), task.settings, task.sources, task.privacy)
                yield part["content_key"], with_keys(documents)

    return write_rows(task.shard, DOCUMENT_ROWS, rows())


def _parts(batch: pa.RecordBatch, first: int, progress: Path | None) -> Iterator[pa.RecordBatch]:
    """The batch, or each of its rows by itself after its number (the first one's is `first`) is written down."""
    if progress is None:
        if batch.num_rows:
            yield batch
        return
    for row in range(batch.num_rows):
        progress.write_text(str(first + row))
        yield batch.slice(row, 1)


def with_keys(documents: pa.RecordBatch) -> pa.RecordBatch:
    """Documents with the keys of what later local steps make of them: digests of the columns that those read."""
    table = pa.Table.from_batches([documents])
    for name, columns in (("sign_key", SIGN_INPUT), ("mark_key", tuple(ARTICLE_INPUT.names))):
        values = zip(*(table[column].to_pylist() for column in columns), strict=True)
        table = table.append_column(pa.field(name, KEY), pa.array([key_of(*row) for row in values], KEY))
    return table.combine_chunks().to_batches()[0]


@dataclass(frozen=True)
class DocumentsTask:
    """Some rows (ascending) of a shard of documents, with the keys of their results, to one shard of a local step."""

    documents: Path
    rows: np.ndarray
    keys: tuple[bytes, ...]
    settings: Dedup | Annotate
    shard: Path


def run_sign(task: DocumentsTask) -> int:
    """Signatures of documents; returns how many."""
    settings = task.settings
    assert isinstance(settings, Dedup)

    def signed(batch: pa.RecordBatch) -> pa.RecordBatch:
        made = dedup.sign(batch, settings)
        return pa.record_batch([*made.columns, batch.column("text")], schema=SIGNED_ROWS)

    return _run_documents(task, SIGN_INPUT, signed, SIGNED_ROWS)


def run_mark(task: DocumentsTask) -> int:
    """Annotations of articles; returns how many."""
    settings = task.settings
    assert isinstance(settings, Annotate)
    columns = tuple(ARTICLE_INPUT.names)
    return _run_documents(task, columns, lambda batch: annotate.mark(batch, settings), ANNOTATIONS)


def _run_documents(
    task: DocumentsTask, columns: tuple[str, ...], verb: Callable[[pa.RecordBatch], pa.RecordBatch], schema: pa.Schema
) -> int:
    def rows() -> Iterator[tuple[pa.Array, pa.RecordBatch]]:
        for start in range(0, len(task.rows), GROUP_ROWS):
            here = slice(start, start + GROUP_ROWS)
            table = read_rows(task.documents, task.rows[here], list(columns)).combine_chunks()
            yield pa.array(task.keys[here], KEY), verb(table.to_batches()[0])

    return write_rows(task.shard, schema, rows())


def write_rows(path: Path, schema: pa.Schema, rows: Iterator[tuple[pa.Array, pa.RecordBatch]]) -> int:
    """Write (keys, rows) as one shard; returns how many rows."""
    keyed = pa.schema([("key", KEY), *schema])
    tables = (
        pa.Table.from_batches([batch]).cast(schema).add_column(0, keyed.field("key"), keys) for keys, batch in rows
    )
    return write_batches(path, keyed, tables)
