"""The narrow columns of the corpus as arrays of numbers, one place per record in the order of record ids.

Everything global is decided on these, so no result depends on the order in which rows arrive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
NEVER = np.iinfo(np.int64).min
"""Stands for a time that is not known: before all others."""


@dataclass(frozen=True)
class Narrow:
    """One element per record, in the order of record ids.

    `row`: its row in the keys; `signature`: its row in the signatures. `payload`, `words`: equal numbers for equal
    bytes and equal words (a text without words equals none). `rank`: place in the order of survivors (fullest text,
    canonical URL, earliest, id); `copy_rank`: the same for copies of one payload, of which the newest goes first where
    all else is equal; `age`: place in the order of versions, oldest first (contract: modified, else published, else
    retrieved; longer text; id). `published`: microseconds since 1970, or NEVER. `folds`, `marks`: on_duplicate.
    """

    row: Ints
    signature: Ints
    payload: Ints
    words: Ints
    n_shingles: Ints
    n_words: Ints
    truncated: npt.NDArray[np.bool_]
    canonical: npt.NDArray[np.bool_]
    published: Ints
    rank: Ints
    copy_rank: Ints
    age: Ints
    folds: npt.NDArray[np.bool_]
    marks: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.row)


def codes(column: pa.ChunkedArray) -> Ints:
    """Equal numbers for equal values, in order of appearance; -1 for null."""
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    return np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int64)


def paired(a: Ints, b: Ints) -> Ints:
    """Equal numbers, from 0, for equal pairs (elements at least -1)."""
    return np.unique((a + 1) * (b.max(initial=-1) + 2) + b + 1, return_inverse=True)[1].reshape(-1).astype(np.int64)


def moments(column: pa.ChunkedArray) -> Ints:
    """Microseconds since 1970; NEVER for null."""
    return np.asarray(column.cast(pa.int64()).fill_null(NEVER).to_numpy(), np.int64)


def flags(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Truth values; null is false."""
    return np.asarray(pc.fill_null(column, False).to_numpy(), np.bool_)


def places(order: Ints) -> Ints:
    """The inverse of an order: the place of each element in it."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place


def order_of(ids: pa.ChunkedArray) -> Ints:
    """The places of ids in ascending order; a run hands them in that order, which is seen at once."""
    if len(ids) < 2 or pc.all(pc.less(ids.slice(0, len(ids) - 1), ids.slice(1))).as_py():
        return np.arange(len(ids))
    return np.asarray(pc.sort_indices(ids).to_numpy(), np.int64)


def _rows_of(ids: pa.ChunkedArray, among: pa.ChunkedArray) -> Ints:
    """The place of each id among others, most often its own. KeyError where some are not there."""
    if ids.equals(among):
        return np.arange(len(ids))
    found = pc.index_in(ids, value_set=among)
    if found.null_count:
        raise KeyError(f"{found.null_count} of {len(ids)} records have no signature")
    return np.asarray(found.to_numpy(), np.int64)


def narrow(keys: pa.Table, signatures: pa.Table) -> Narrow:
    """Read KEYS and SIGNATURES (without shingles; rows in any order, the same records in both)."""
    row = order_of(keys["record_id"])
    signature = _rows_of(keys["record_id"], signatures["record_id"])[row]
    n_shingles = np.asarray(signatures["n_shingles"].to_numpy(), np.int64)[signature]
    words = codes(signatures["words_sha256"])[signature]
    words = np.where(n_shingles == 0, words.max(initial=0) + 1 + np.arange(len(row)), words)
    times = {name: moments(keys[name])[row] for name in ("published_at", "modified_at", "retrieved_at")}
    published, retrieved = times["published_at"], times["retrieved_at"]
    n_words = np.asarray(keys["n_words"].fill_null(0).to_numpy(), np.int64)[row]
    canonical = (flags(keys["canonical_counts"]) & keys["canonical_url"].is_valid().to_numpy())[row]
    policy = pc.fill_null(keys["on_duplicate"], "fold")
    newest = np.where(
        times["modified_at"] != NEVER, times["modified_at"], np.where(published != NEVER, published, retrieved)
    )
    first = np.where(published == NEVER, np.iinfo(np.int64).max, published)
    number = np.arange(len(row))
    age = places(np.lexsort((-number, n_words, newest)))
    return Narrow(
        row=row,
        signature=signature,
        payload=codes(keys["sha256"])[row],
        words=words,
        n_shingles=n_shingles,
        n_words=n_words,
        truncated=flags(keys["truncated"])[row],
        canonical=canonical,
        published=published,
        rank=places(np.lexsort((number, first, ~canonical, -n_words))),
        copy_rank=places(np.lexsort((-age, first, ~canonical, -n_words))),
        age=age,
        folds=np.asarray(pc.equal(policy, "fold").to_numpy())[row],
        marks=np.asarray(pc.equal(policy, "mark").to_numpy())[row],
    )
