"""What must hold between the rows of a release: keys, closed vocabularies, foreign keys, the ledger's balance.

Each check reads the columns that it needs, a batch at a time, and yields what it found wrong, in words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.columns import Table
from corpus.publish.count import Ledger, table_files
from corpus.publish.digest import ROWS_AT_ONCE, row_digests
from corpus.publish.multiset import WIDTH, SortedDigests
from corpus.tables import TABLES

Present = Mapping[str, frozenset[str]]
"""The tables of a release that can be read -> their columns."""


def batches(folder: Path, table: str, columns: list[str], *, without: Collection[str] = ()) -> Iterator[pa.RecordBatch]:
    """The rows of a table of a release, some columns of them, and not those of the files `without`."""
    for path in (path for path in table_files(folder, table) if path.name not in without):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=ROWS_AT_ONCE, columns=columns)


def key_faults(folder: Path, present: Present) -> Iterator[str]:
    """Keys that are null or occur more than once."""
    for table in _registered(present):
        key = [name for name in table.key if name in present[table.name]]
        if not key:
            continue
        seen, nulls = SortedDigests(), 0
        for batch in batches(folder, table.name, key):
            nulls += sum(batch.column(name).null_count for name in key)
            seen.add(row_digests(batch, key))
        if nulls:
            yield f"{table.name}: {nulls} values of its key ({', '.join(key)}) are null"
        if twice := sum(_repeated(piece) for piece in seen):
            yield f"{table.name}: {twice} rows have a key ({', '.join(key)}) that another row has"


def vocabulary_faults(folder: Path, present: Present) -> Iterator[str]:
    """Values outside a column's closed vocabulary."""
    for table in _registered(present):
        for column in table.columns:
            if column.allowed is None or column.name not in present[table.name]:
                continue
            found = _distinct(folder, table.name, column.name)
            if unknown := sorted(set(found.to_pylist()) - set(column.allowed)):
                yield f"{table.name}.{column.name}: {', '.join(map(repr, unknown[:5]))} is none of its values"


def reference_faults(folder: Path, present: Present) -> Iterator[str]:
    """Foreign keys that point at no row."""
    known: dict[tuple[str, str], pa.Array] = {}
    for table in _registered(present):
        for reference in table.references:
            there = present.get(reference.table, frozenset())
            if reference.column not in present[table.name] or reference.key not in there:
                continue
            target = (reference.table, reference.key)
            if target not in known:
                known[target] = _distinct(folder, *target)
            used = _distinct(folder, table.name, reference.column)
            lost = used.filter(pc.invert(pc.is_in(used, value_set=known[target])))
            if len(lost):
                yield (
                    f"{table.name}.{reference.column}: {len(lost)} of its values are not in "
                    f"{reference.table}.{reference.key}, {lost[0].as_py()!r} first"
                )


def ledger_faults(folder: Path, present: Present, ledger: Ledger) -> Iterator[str]:
    """Where the ledger does not balance: records = published + duplicate + rejected + quarantined + retracted."""
    fates = ledger.fates
    articles = sum(batch.num_rows for batch in batches(folder, "articles", ["article_id"]))
    if fates.get("published", 0) != articles:
        yield f"{fates.get('published', 0)} records are published, but there are {articles} articles"
    if "n_duplicates" in present["articles"]:
        folded = sum(
            pc.sum(b.column("n_duplicates")).as_py() or 0 for b in batches(folder, "articles", ["n_duplicates"])
        )
        if fates.get("duplicate", 0) != folded:
            yield f"{fates.get('duplicate', 0)} records are duplicates, but articles count {folded}"
    silent = unlinked = 0
    for batch in batches(folder, "records", ["fate", "reasons", "article_id", "kept_article_id"]):
        published = pc.equal(batch.column("fate"), "published")
        unexplained = pc.equal(pc.fill_null(pc.list_value_length(batch.column("reasons")), 0), 0)
        silent += pc.sum(pc.and_(pc.invert(published), unexplained)).as_py() or 0
        folded_here = pc.equal(batch.column("fate"), "duplicate")
        unlinked += pc.sum(pc.xor(published, batch.column("article_id").is_valid())).as_py() or 0
        unlinked += pc.sum(pc.xor(folded_here, batch.column("kept_article_id").is_valid())).as_py() or 0
    if silent:
        yield f"{silent} records are not published, without a reason"
    if unlinked:
        yield f"{unlinked} records name an article that does not suit their fate, or none"


def _registered(present: Iterable[str]) -> Iterator[Table]:
    return (TABLES[name] for name in present if name in TABLES)


def _distinct(folder: Path, table: str, column: str) -> pa.Array:
    """The distinct values of a column, those within lists too, without null."""
    found: list[pa.Array] = []
    for batch in batches(folder, table, [column]):
        values = batch.column(0)
        found.append(pc.unique(pc.list_flatten(values) if pa.types.is_list(values.type) else values))
    return pc.unique(pa.chunked_array(found)).drop_null() if found else pa.array([], pa.string())


def _repeated(digests: bytes) -> int:
    """How many of some sorted digests are equal to the one before."""
    rows = np.frombuffer(digests, np.uint8).reshape(-1, WIDTH)
    return int((rows[1:] == rows[:-1]).all(axis=1).sum())
