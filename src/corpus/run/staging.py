"""The published tables as Parquet files in the staging folder, article by article in a stable order."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.publish.ageing import Coming
from corpus.publish.following import ARTICLE_ID, Followed, follow_own, ids_of, row_key
from corpus.publish.manifest import read_manifest
from corpus.publish.places import Places
from corpus.publish.sharing import share_files
from corpus.publish.withheld import FULL, withhold
from corpus.publish.write import TableWriter, WrittenTable, group_rows
from corpus.run.annotating import selected_annotations
from corpus.run.assembling import (
    DOCUMENT_COLUMNS,
    Entities,
    Stretch,
    article_rows,
    either,
    ledger_rows,
    link_rows,
    mention_rows,
    paragraph_rows,
    quality_rows,
)
from corpus.run.retracting import hidden, removal_rows
from corpus.run.state import State
from corpus.tables import TABLES


@dataclass(frozen=True)
class Staged:
    """A release that is not one yet: its folder, version and tables."""

    folder: Path
    version: str
    tables: Mapping[str, WrittenTable]


def version_key(version: str) -> tuple[int, ...]:
    """A version as numbers, for sorting."""
    return tuple(int(part) for part in version.split("."))


def publishable(state: State, full: Staged, parent: Path | None) -> Staged:
    """What of the staged tables is published: `full` itself, or without what `[publish] text` leaves out; files that
    the parent release has already become links to them."""
    settings, staged = state.settings.publish, full
    if settings.text != FULL:
        folder = full.folder.with_name(f"{full.folder.name}.{settings.text}")
        tables = withhold(
            full.folder, full.tables, folder, text=settings.text, excerpt_chars=settings.excerpt_chars, cut=settings
        )
        staged = Staged(folder, full.version, tables)
    if parent is not None:
        share_files(staged.folder, staged.tables, parent, read_manifest(parent).files)
    return staged


def first_versions(parent: Path | None) -> pa.Table:
    """article_id and first_version of the last release."""
    columns = ["article_id", "first_version"]
    if parent is None:
        return TABLES["articles"].schema.empty_table().select(columns)
    return pa.concat_tables(
        [pq.ParquetFile(f).read(columns=columns) for f in sorted((parent / "articles").glob("*.parquet"))]
    )


def in_order(articles: pa.Table, parent: Path | None, version: str) -> tuple[np.ndarray, pa.Array]:
    """The order in which `articles` (article_id, source, published_at) are written, and the first version of each.

    Those of the parent as they lie there, so that its shards stay as they are; then new ones by time of publication,
    source and id: what a copy or a later version displaces was mostly published shortly before, so that the rows that
    go lie close together.
    """
    known = first_versions(parent)
    at = pc.index_in(articles["article_id"], value_set=known["article_id"])
    first = pc.fill_null(known["first_version"].take(at), version)
    keys = ("place", "published_at", "source", "article_id")
    order = pc.sort_indices(articles.append_column("place", at), sort_keys=[(key, "ascending") for key in keys])
    return order.to_numpy(), first.combine_chunks() if isinstance(first, pa.ChunkedArray) else first


def stage_tables(state: State, parent: Path | None, version: str) -> Staged:
    """Write every table of the release to be below `.corpus/staging/`."""
    folder = state.project.work / "staging" / f"{state.settings.name}-v{version}"
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(parents=True)
    published = pc.equal(state.folds["fate"], "published").to_numpy(zero_copy_only=False).nonzero()[0]
    folds = state.folds.take(pa.array(published))
    at = pc.index_in(folds["record_id"], value_set=state.inputs["record_id"])
    inputs = state.inputs.select(["source", "raw_path", "sha256", "media_type"]).take(at)
    order, first = in_order(_ordered_by(state, published, folds, inputs), parent, version)
    folds, inputs = (rows.take(pa.array(order)).combine_chunks() for rows in (folds, inputs))
    first = first.take(pa.array(order))
    places = state.documents.take(published[order])
    sizes = state.memo.narrow(places, ["n_chars"])["n_chars"].to_numpy()
    entities = Entities(state.named)
    writers = _writers(state, folder, parent, folds["article_id"])
    done = 0
    for documents in state.memo.stream(places, DOCUMENT_COLUMNS, sizes * 4 + 4096, state.scratch):
        here = slice(done, done + documents.num_rows)
        stretch = Stretch(documents, inputs[here], folds[here], first[here])
        writers["articles"].write(article_rows(stretch))
        writers["quality"].write(quality_rows(stretch))
        writers["paragraphs"].write(paragraph_rows(stretch))
        if state.annotations is not None:
            memo, chosen = selected_annotations(state, stretch.folds["record_id"])
            marked = memo.narrow(chosen, ["mentions", "links"])
            ids = stretch.folds["article_id"]
            writers["mentions"].write(mention_rows(marked["mentions"], ids, entities))
            writers["links"].write(link_rows(marked["links"], ids, state.targets))
        done += documents.num_rows
    writers["derivations"].write(_derivations(state.derived, folds["article_id"]))
    writers["removals"].write(removal_rows(state, parent, version))
    tables = {name: writer.close() for name, writer in writers.items()}
    records = hidden(state, ledger_rows(state.inputs, state.judged, state.folds))
    tables["records"] = _write_own(state, folder, parent, "records", records)
    tables["entities"] = _write_own(state, folder, parent, "entities", state.entities.sort_by("entity_id"))
    return Staged(folder, version, {name: tables[name] for name in TABLES})


def _ordered_by(state: State, published: np.ndarray, folds: pa.Table, inputs: pa.Table) -> pa.Table:
    """article_id, source and published_at of the published documents; a copy's time where their own is not known."""
    own = state.memo.narrow(state.documents.take(published), ["published_at"])["published_at"]
    taken = pa.chunked_array([pc.struct_field(folds["taken_over"].combine_chunks(), "published_at")])
    times = either(own, taken) if len(own) else own
    return pa.table({"article_id": folds["article_id"], "source": inputs["source"], "published_at": times})


def _writers(state: State, folder: Path, parent: Path | None, article_ids: pa.ChunkedArray) -> dict[str, TableWriter]:
    """Writers of the tables whose rows are about articles: the files of all of them hold the same articles."""
    cut = state.settings.publish
    coming = Coming.of(article_ids, Places(ids_of(parent, "articles")), cut.rows_per_file)
    return {
        name: TableWriter(table, folder, cut, Followed(parent, name, group_rows(table, cut), coming))
        for name, table in TABLES.items()
        if row_key(name) == ARTICLE_ID
    }


def _write_own(state: State, folder: Path, parent: Path | None, name: str, rows: pa.Table) -> WrittenTable:
    """Write a table whose rows have ids of their own: those of the parent as they lie there, then the others."""
    cut, table = state.settings.publish, TABLES[name]
    per_group = group_rows(table, cut)
    rows, follow = follow_own(rows, parent, name, per_group=per_group, per_file=cut.rows_per_file)
    writer = TableWriter(table, folder, cut, follow)
    writer.write(rows)
    return writer.close()


def _derivations(derived: pa.Table, article_ids: pa.ChunkedArray) -> pa.Table:
    """Derivations in the order of their articles."""
    rows = derived.sort_by([(column.name, "ascending") for column in TABLES["derivations"].columns])
    places = pc.fill_null(pc.index_in(rows["article_id"], value_set=article_ids), len(article_ids))
    return rows.take(pa.array(np.argsort(places.to_numpy(), kind="stable")))
