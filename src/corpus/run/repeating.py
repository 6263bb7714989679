"""Driving the second pass of `dedup`: a host's repeated lines are found, and left out where similarity is measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus import dedup
from corpus.run.documents import FEW
from corpus.run.keeping import Keeping
from corpus.run.keys import key_of
from corpus.run.local import SIGNED_ROWS, write_rows
from corpus.run.memo import KEY
from corpus.run.reading import GROUP_ROWS
from corpus.run.remembering import Remembered, one_key_array
from corpus.run.state import State
from corpus.sections import Dedup
from corpus.shards import read_rows

ROWS = pa.schema(
    [
        ("record_id", pa.string()),
        ("fact", pa.uint64()),
        ("measured", KEY),  # the key of the whole text's signature
        ("host", pa.uint64()),
        ("places", pa.list_(pa.int64())),  # of its repeated lines among its paragraphs
        ("ratio", pa.float64()),
        ("second", KEY),  # the key of its signature without them
    ]
)
"""What is kept of each record, in the order of record ids."""
RECURRING = pa.schema([("line", pa.uint64())])
"""All lines that recur on their hosts, sorted."""


@dataclass(frozen=True)
class Repeated:
    """The repeated lines of the records that were folded (ROWS), and which of those rows are new; RECURRING."""

    rows: pa.Table
    new: np.ndarray
    recurring: pa.Table

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(pc.any(pc.greater(pc.list_value_length(self.rows["places"]), 0)).as_py())


def find_repeated(state: State, corpus: Remembered, folded: dedup.Folded, keeping: Keeping) -> Repeated:
    """The repeated lines of the corpus after its first pass, of which `folded` tells.

    With what is kept since the pass before that one, only the lines of records that were decided on anew are counted,
    and only what changes with them is flagged anew. `second` is that of the whole text where a row is new.
    """
    from corpus.dedup.recurring import among, lines_of, recurring

    settings, count = state.settings.boilerplate, len(corpus.record_id)
    host = corpus.hosts
    rows, known = keeping.load() or (ROWS.empty_table(), RECURRING.empty_table())
    old = pc.fill_null(pc.index_in(pa.array(corpus.fact), value_set=rows["fact"]), -1).to_numpy(False).astype(np.int64)
    new = old < 0
    new[folded.anew] = True
    lines = None
    stays = np.zeros(rows.num_rows, np.bool_)
    stays[old[old >= 0]] = True
    gone = np.flatnonzero(~stays)
    lost = one_key_array(rows["measured"].take(pa.array(gone)))
    if len(corpus.memo.unknown(lost)):
        new[:] = True
    if not new.all():
        found = [
            lines_of(corpus.paragraphs(new), host)[0],
            lines_of(corpus.paragraphs_of(lost), rows["host"].to_numpy()[gone])[0],
        ]
        lines = np.unique(np.concatenate(found))
    everyone = np.ones(count, np.bool_)
    now = recurring(*lines_of(corpus.paragraphs(everyone), host, lines), folded.clusters, settings.min_clusters)
    if lines is not None:
        before = known["line"].to_numpy()
        changed = np.setxor1d(before[among(before, lines)], now)
        if len(changed):
            new[lines_of(corpus.paragraphs(everyone), host, changed)[1]] = True
        now = np.sort(np.concatenate([before[~among(before, lines)], now]))
    at = np.flatnonzero(new)
    made = pa.table([
        corpus.record_id.take(pa.array(at)), pa.array(corpus.fact[at]), corpus.measured.take(pa.array(at)),
        pa.array(host[at]), *_flagged(state, corpus, at, now), corpus.measured.take(pa.array(at)),
    ], schema=ROWS)  # fmt: skip
    place = np.where(new, 0, old)
    place[at] = rows.num_rows + np.arange(len(at))
    whole = made if new.all() else pa.concat_tables([rows, made]).take(pa.array(place))
    return Repeated(whole.combine_chunks(), at, pa.table([now], schema=RECURRING))


def _flagged(state: State, corpus: Remembered, records: np.ndarray, recurring: np.ndarray) -> tuple[pa.Array, pa.Array]:
    """Of some records the places of the repeated lines, and the share of the text's characters in them."""
    narrow = corpus.records.columns(["sentences", "lengths", "n_chars"], records)
    signatures = corpus.columns(["paragraphs", "paragraph_words"], records)
    lines = dedup.Lines.of(signatures, narrow["sentences"])
    found = dedup.places_of(lines, lines.recur(corpus.hosts[records], recurring), state.settings.boilerplate)
    lengths, n_chars = narrow["lengths"].combine_chunks(), narrow["n_chars"].to_numpy()
    length, first = pc.list_flatten(lengths).to_numpy(), _starts(lengths)
    ratio = np.zeros(len(records))
    for number, places in enumerate(found):
        if places:
            chars = int(length[first[number] + np.array(places)].sum())
            ratio[number] = round(chars / max(int(n_chars[number]), 1), 4)
    return pa.array(found, pa.list_(pa.int64())), pa.array(ratio)


def _starts(lists: pa.ListArray | pa.ChunkedArray) -> np.ndarray:
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


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
            nothing = pa.nulls(batch.num_rows, pa.string())
            yield pa.array(task.keys[here], KEY), pa.record_batch([*batch.columns, nothing], schema=SIGNED_ROWS)

    return write_rows(task.shard, SIGNED_ROWS, rows())


def sign_without(state: State, corpus: Remembered, repeated: Repeated) -> Repeated:
    """With the keys of all signatures in the second pass, without repeated lines, which are made where they are new.

    A text that is nothing but repeated lines keeps its own.
    """
    memo, table = corpus.memo, repeated.rows
    lists = table["places"].take(pa.array(repeated.new)).to_pylist()
    rows = repeated.new[[bool(places) for places in lists]] if lists else repeated.new
    if not len(rows):
        return repeated
    without = [tuple(places) for places in lists if places]
    first = corpus.measured.take(pa.array(rows)).to_pylist()
    keys = [key_of("without", key.hex(), places) for key, places in zip(first, without, strict=True)]
    missing = memo.unknown(pa.array(keys, KEY))
    size = state.settings.run.batch_records
    tasks = []
    for path, wanted, at in state.memo.by_shard(corpus.records.documents.take(rows[missing])):
        for start in range(0, len(wanted), size):
            part = missing[at[start : start + size]].tolist()
            tasks.append(
                WithoutTask(
                    path, np.ascontiguousarray(wanted[start : start + size]), tuple(without[i] for i in part),
                    tuple(keys[i] for i in part), state.settings.dedup, memo.new_shard(),
                )
            )  # fmt: skip
    for done in state.each(run_sign_without, tasks, alone=len(missing) <= FEW):
        if done.died:
            raise MemoryError(f"a worker of dedup died at {len(done.task.rows)} documents")
    memo.refresh()
    left = memo.narrow(memo.select(pa.array(keys, KEY)), ["n_shingles"])["n_shingles"].to_numpy() > 0
    place = np.arange(len(corpus.record_id))
    place[rows[left]] = len(place) + np.flatnonzero(left)
    second = pa.chunked_array([*table["second"].chunks, pa.array(keys, KEY)]).take(pa.array(place))
    at = table.schema.get_field_index("second")
    return Repeated(table.set_column(at, ROWS.field("second"), second), repeated.new, repeated.recurring)
