"""Driving the second pass of `dedup`: a host's repeated lines are found, and left out where similarity is measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus import dedup
from corpus.run.keys import key_of
from corpus.run.local import write_rows
from corpus.run.memo import KEY, Memo, Selection
from corpus.run.reading import GROUP_ROWS
from corpus.run.state import State
from corpus.sections import Dedup
from corpus.shards import read_rows
from corpus.working import SIGNATURES

MEASURED = ("n_shingles", "minhash", "samples")
"""Columns of a signature that are taken without repeated lines; equal texts and paragraphs are those of whole texts."""


@dataclass(frozen=True)
class Repeated:
    """The repeated lines of the records that were folded, in their order: `places` (list of paragraph indexes) and
    `ratio`, the share of the text's characters in them."""

    places: pa.Array
    ratio: pa.Array

    @property
    def rows(self) -> np.ndarray:
        """The records that have any."""
        return np.flatnonzero(pc.list_value_length(self.places).to_numpy(zero_copy_only=False))


def find_repeated(
    state: State, going: np.ndarray, keys: pa.Table, signatures: pa.Table, clusters: np.ndarray
) -> Repeated:
    """The repeated lines of the records at `going`, whose KEYS, SIGNATURES (narrow) and clusters are given.

    Only hosts with enough articles are looked at, so that a corpus of many small hosts costs nothing.
    """
    settings = state.settings.boilerplate
    counts = pc.value_counts(keys["host"].combine_chunks())
    large = counts.field("values").filter(pc.greater_equal(counts.field("counts"), settings.min_clusters)).drop_null()
    rows = np.flatnonzero(pc.is_in(keys["host"], value_set=large).to_numpy(zero_copy_only=False))
    places: list[list[int]] = [[] for _ in going]
    ratio = np.zeros(len(going))
    if len(rows):
        paragraphs = state.memo.narrow(state.documents.take(going[rows]), ["paragraphs"])["paragraphs"]
        flat = paragraphs.combine_chunks()
        items = pc.list_flatten(flat)
        sentence = pa.ListArray.from_arrays(_bounds(flat), pc.struct_field(items, "sentence"))
        length = pc.subtract(pc.struct_field(items, "end_char"), pc.struct_field(items, "start_char")).to_numpy()
        first = _bounds(flat).to_numpy()
        at = pc.index_in(keys["record_id"].take(pa.array(rows)), value_set=signatures["record_id"])
        lines = dedup.Lines.of(signatures.take(at), pa.chunked_array([sentence]))
        hosts = keys["host"].take(pa.array(rows))
        n_chars = keys["n_chars"].to_numpy()
        for row, found in zip(rows.tolist(), dedup.find_repeated(lines, hosts, clusters[rows], settings), strict=True):
            places[row] = found
        for number, row in enumerate(rows.tolist()):
            if places[row]:
                chars = int(length[first[number] + np.array(places[row])].sum())
                ratio[row] = round(chars / max(int(n_chars[row]), 1), 4)
    return Repeated(pa.array(places, pa.list_(pa.int64())), pa.array(ratio))


def _bounds(lists: pa.ListArray) -> pa.Array:
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))


@dataclass(frozen=True)
class WithoutTask:
    """Some rows (ascending) of a shard of documents, and of each the paragraphs that are left out."""

    documents: Path
    rows: np.ndarray
    without: tuple[tuple[int, ...], ...]
    keys: tuple[bytes, ...]
    settings: Dedup
    shard: Path


def run_sign_without(task: WithoutTask) -> int:
    """Signatures of documents without some of their paragraphs; returns how many."""

    def rows() -> Iterator[tuple[pa.Array, pa.RecordBatch]]:
        for start in range(0, len(task.rows), GROUP_ROWS):
            here = slice(start, start + GROUP_ROWS)
            table = read_rows(task.documents, task.rows[here], ["record_id", "text", "paragraphs"]).combine_chunks()
            batch = dedup.sign_without(table.to_batches()[0], task.without[here], task.settings)
            yield pa.array(task.keys[here], KEY), batch

    return write_rows(task.shard, SIGNATURES, rows())


def sign_without(state: State, memo: Memo, going: np.ndarray, sign_keys: pa.Array, repeated: Repeated) -> pa.Array:
    """The keys of all signatures in the second pass: those at `going`, in `repeated`'s order, without repeated lines.

    A text that is nothing but repeated lines keeps its own.
    """
    rows = repeated.rows
    first = sign_keys.take(pa.array(going[rows])).to_pylist()
    without = [tuple(places) for places in repeated.places.take(pa.array(rows)).to_pylist()]
    keys = [key_of("without", key.hex(), places) for key, places in zip(first, without, strict=True)]
    missing = memo.unknown(pa.array(keys, KEY))
    size = state.settings.run.batch_records
    tasks = []
    for path, wanted, at in state.memo.by_shard(state.documents.take(going[rows[missing]])):
        for start in range(0, len(wanted), size):
            part = missing[at[start : start + size]].tolist()
            tasks.append(
                WithoutTask(
                    path, np.ascontiguousarray(wanted[start : start + size]), tuple(without[i] for i in part),
                    tuple(keys[i] for i in part), state.settings.dedup, memo.new_shard(),
                )
            )  # fmt: skip
    for done in state.each(run_sign_without, tasks):
        if done.died:
            raise MemoryError(f"a worker of dedup died at {len(done.task.rows)} documents")
    memo.refresh()
    left = memo.narrow(memo.select(pa.array(keys, KEY)), ["n_shingles"])["n_shingles"].to_numpy() > 0
    second = sign_keys.to_pylist()
    for place in np.flatnonzero(left).tolist():
        second[int(going[rows[place]])] = keys[place]
    return pa.array(second, KEY)


def measured_without(signatures: pa.Table, memo: Memo, second: Selection) -> pa.Table:
    """The first pass's narrow signatures with what similarity is measured on taken from the second's."""
    found = memo.narrow(second, list(MEASURED))
    for name in MEASURED:
        signatures = signatures.set_column(signatures.schema.get_field_index(name), name, found[name])
    return signatures
