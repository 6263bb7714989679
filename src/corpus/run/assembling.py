"""The published rows out of the working tables, a stretch of articles at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus.signals import OF_CORPUS
from corpus.tables import TABLES
from corpus.working import DOCUMENTS, NAMED, TAKEN_OVER

FROM_INPUTS = {"source": "source", "raw_path": "raw_path", "raw_sha256": "sha256", "media_type": "media_type"}
"""Columns of articles that come from the ledger's row."""
DOCUMENT_COLUMNS = [
    name for name in DOCUMENTS.names if name not in ("fate", "reasons", "detail", "record_id", "canonical_counts")
]

TIMES = ("published_at", "modified_at")
"""Columns beside which another tells where each value was found."""


def picked(places: np.ndarray, *columns: pa.ChunkedArray) -> pa.Array:
    """Rows of several columns laid end to end, of any type: place 0 is the first row of the first column."""
    return pa.chunked_array([chunk for column in columns for chunk in column.chunks], columns[0].type).take(
        pa.array(places)
    )


def either(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ChunkedArray:
    """`first`, and where it is null `second`; for any type."""
    count = len(first)
    places = np.arange(count) + np.where(first.is_null().to_numpy(), count, 0)
    return picked(places, first, second)


def ledger_rows(inputs: pa.Table, judged: pa.Table, folds: pa.Table) -> pa.Table:
    """The `records` table: each record's fate and reasons from whichever stage it ended in.

    Rows are ordered by raw path, place in the file and id. A record that no stage gave a fate keeps a null fate, which
    the gates refuse.
    """
    n = inputs.num_rows
    in_judged = _positions(inputs["record_id"], judged["record_id"])
    in_folds = _positions(inputs["record_id"], folds["record_id"])
    fated = np.zeros(judged.num_rows + 1, bool)
    fated[: judged.num_rows] = judged["fate"].is_valid().to_numpy()
    ended_here = inputs["fate"].is_valid().to_numpy()
    places = np.where(
        ended_here, np.arange(n), np.where(fated[in_judged], n + in_judged, n + judged.num_rows + in_folds)
    )
    lost = ~ended_here & ~fated[in_judged] & (in_folds < 0)
    places[lost] = np.flatnonzero(lost)  # its own row, whose fate is null
    columns = {
        name: inputs[name] for name in ("record_id", "raw_path", "byte_start", "byte_end", "sha256", "media_type")
    }
    for name in ("fate", "reasons", "detail"):
        columns[name] = picked(places, inputs[name], judged[name], folds[name])
    # how a record was read stands where no later stage says more: the encoding and why, what was put right in a row
    read = pc.coalesce(judged["detail"].take(pa.array(in_judged, mask=in_judged < 0)), inputs["detail"])
    columns["detail"] = pc.coalesce(columns["detail"], read)
    ended_last = ~ended_here & ~fated[in_judged] & ~lost
    folded = pa.array(np.where(ended_last, in_folds, 0), pa.int64(), mask=~ended_last)
    for name in ("article_id", "kept_article_id"):
        columns[name] = folds[name].take(folded)
    empty = pa.array([[]], columns["reasons"].type)
    columns["reasons"] = either(columns["reasons"], pa.chunked_array([empty.take(pa.array(np.zeros(n, np.int64)))]))
    names = TABLES["records"].schema.names
    table = pa.table([columns[name] for name in names], names=names)
    return table.sort_by([("raw_path", "ascending"), ("byte_start", "ascending"), ("record_id", "ascending")])


def _positions(wanted: pa.ChunkedArray, among: pa.ChunkedArray) -> np.ndarray:
    """Where each value is found; -1 where it is not."""
    return np.asarray(pc.fill_null(pc.index_in(wanted, value_set=among), -1).to_numpy().astype(np.int64))


@dataclass(frozen=True)
class Stretch:
    """Some published articles in order: `documents`, and the rows of the ledger and of `folds` that belong to them."""

    documents: pa.Table
    inputs: pa.Table
    folds: pa.Table
    first_version: pa.Array


def article_rows(stretch: Stretch) -> pa.Table:
    """Rows of `articles`: the document, what copies gave it, and where it is from."""
    documents, folds = stretch.documents, stretch.folds
    taken = folds["taken_over"].combine_chunks()
    columns = {name: documents[name] for name in documents.column_names}
    lacked = {name: columns[name].is_null() for name in TIMES}
    for field in TAKEN_OVER:
        given = pa.chunked_array([pc.struct_field(taken, field.name)])
        columns[field.name] = either(given, columns[field.name])  # given only what it lacks: an empty list, for one
    for name in TIMES:
        copied = pc.and_(lacked[name], columns[name].is_valid())
        columns[f"{name}_source"] = pc.if_else(copied, "copy", columns[f"{name}_source"])
    columns |= {name: stretch.inputs[theirs] for name, theirs in FROM_INPUTS.items()}
    columns |= {name: folds[name] for name in ("article_id", "record_id", "n_duplicates")}
    columns["first_version"] = stretch.first_version
    columns["story_id"] = pa.nulls(documents.num_rows, pa.string())
    schema = TABLES["articles"].schema
    return pa.table([columns[name] for name in schema.names], names=schema.names)


def quality_rows(stretch: Stretch) -> pa.Table:
    """Rows of `quality`: the signals, flat."""
    signals = stretch.documents["signals"].combine_chunks()
    columns = {field.name: pc.struct_field(signals, field.name) for field in signals.type}
    columns |= {name: stretch.folds[name] for name in ("article_id", *OF_CORPUS)}
    names = TABLES["quality"].schema.names
    return pa.table([columns[name] for name in names], names=names)


def exploded(lists: pa.ChunkedArray, article_ids: pa.ChunkedArray) -> tuple[np.ndarray, pa.Table]:
    """Each item of a list-of-structs column as a row with its article; and its place in its list."""
    flat = lists.combine_chunks()
    parents = pc.list_parent_indices(flat).to_numpy()
    items = pc.list_flatten(flat)
    starts = np.concatenate([[0], np.cumsum(np.bincount(parents, minlength=len(flat)))])[parents]
    names = [field.name for field in items.type]
    table = pa.table(
        [article_ids.take(pa.array(parents)), *(pc.struct_field(items, name) for name in names)],
        names=["article_id", *names],
    )
    return np.arange(len(items)) - starts, table


def paragraph_rows(stretch: Stretch) -> pa.Table:
    """Rows of `paragraphs`."""
    index, rows = exploded(stretch.documents["paragraphs"], stretch.folds["article_id"])
    rows = rows.append_column("paragraph_index", pa.array(index, pa.int64()))
    lists, copied = stretch.documents["paragraphs"], stretch.folds["copied"].combine_chunks()
    starts = np.concatenate([[0], np.cumsum(pc.list_value_length(lists).fill_null(0).to_numpy())])
    items, owner = pc.list_flatten(copied), pc.list_parent_indices(copied).to_numpy()
    at = np.full(rows.num_rows, -1)
    at[starts[owner] + pc.struct_field(items, "paragraph_index").to_numpy()] = np.arange(len(items))
    for name in ("duplicate_of_article_id", "duplicate_of_paragraph_index"):
        rows = rows.append_column(name, pc.struct_field(items, name).take(pa.array(at, mask=at < 0)))
    repeated = stretch.folds["repeated"].combine_chunks()
    flags = np.zeros(rows.num_rows, np.bool_)
    flags[starts[pc.list_parent_indices(repeated).to_numpy()] + pc.list_flatten(repeated).to_numpy()] = True
    rows = rows.append_column("repeated", pa.array(flags))
    return rows.select(TABLES["paragraphs"].schema.names)


class Entities:
    """The entity of each (article, label, name), looked up by article."""

    def __init__(self, named: pa.Table) -> None:
        self._named = named.sort_by("article_id") if named.num_rows else NAMED.empty_table()
        ids = self._named["article_id"]
        runs = pc.run_end_encode(ids.combine_chunks()) if named.num_rows else None
        self._articles = runs.values if runs is not None else pa.array([], pa.string())
        self._ends = runs.run_ends.to_numpy().astype(np.int64) if runs is not None else np.empty(0, np.int64)

    def of(self, article_ids: pa.ChunkedArray) -> dict[tuple[str, str, str], str]:
        """(article_id, label, name) -> entity_id, for some articles."""
        at = pc.index_in(pc.unique(article_ids), value_set=self._articles).drop_null().to_numpy()
        starts = np.concatenate([[0], self._ends[:-1]])
        spans = [np.arange(starts[i], self._ends[i]) for i in at.tolist()]
        rows = self._named.take(pa.array(np.concatenate(spans))) if spans else self._named.slice(0, 0)
        values = [rows[name].to_pylist() for name in NAMED.names]
        return {(article, label, name): entity for article, label, name, entity in zip(*values, strict=True)}


def mention_rows(mentions: pa.ChunkedArray, article_ids: pa.ChunkedArray, entities: Entities) -> pa.Table:
    """Rows of `mentions`, each with its entity."""
    _, rows = exploded(mentions, article_ids)
    of = entities.of(article_ids)
    keys = zip(*(rows[name].to_pylist() for name in ("article_id", "label", "name")), strict=True)
    rows = rows.append_column("entity_id", pa.array([of.get(key) for key in keys], pa.string()))
    return rows.select(TABLES["mentions"].schema.names)


def link_rows(links: pa.ChunkedArray, article_ids: pa.ChunkedArray, targets: pa.Table) -> pa.Table:
    """Rows of `links`, each with the article that it points at; a link to itself points at none."""
    _, rows = exploded(links, article_ids)
    at = pc.index_in(rows["canonical_url"], value_set=targets["canonical_url"], skip_nulls=True)
    target = targets["article_id"].take(at) if targets.num_rows else pa.nulls(rows.num_rows, pa.string())
    if isinstance(target, pa.Array):
        target = pa.chunked_array([target])
    other = pc.fill_null(pc.not_equal(target, rows["article_id"]), False)
    rows = rows.append_column("target_article_id", pc.if_else(other, target, pa.scalar(None, pa.string())))
    return rows.select(TABLES["links"].schema.names)
