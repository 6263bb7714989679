"""`fold`: which records are one article, which of them is published, and what comes from what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.given import Given, Tables
from corpus.dedup.kept import KEPT, KEPT_DERIVED, Kept
from corpus.sections import Dedup
from corpus.stage import Fetch
from corpus.working import DERIVED, FOLDS

if TYPE_CHECKING:
    from corpus.dedup.change import Change

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Folded:
    """What `fold` decided: `folds` (FOLDS, in the order of the keys), `derived` (rows of derivations), and
    `clusters` (in the order of the keys): equal numbers for the records that are one article. `kept` is for the next
    time; the records `anew` (by number) were decided on anew, `known` were known before."""

    folds: pa.Table
    derived: pa.Table
    clusters: Ints
    kept: Kept
    anew: Ints
    known: int


def fold(keys: pa.Table, signatures: pa.Table, fetch: Fetch, settings: Dedup) -> Folded:
    """Decide the fate of every document that goes on, from narrow columns (KEYS; SIGNATURES without shingles).

    In this order, each step on the records that still stand: copies of one payload; versions of one article id; an
    outlet's corrected article under one headline; equal words; near duplicates; then which articles hold
    another.
    `fetch` gives shingles, texts and metadata of candidates. The order of rows does not matter.
    """
    given = Tables(keys, signatures, fetch)
    found = refold(given, None, settings)
    place = np.empty(keys.num_rows, np.int64)
    place[given.order] = np.arange(keys.num_rows)
    folds = found.folds.take(pa.array(place))
    return Folded(folds, found.derived, found.clusters[place], found.kept, found.anew, found.known)


def refold(given: Given, kept: Kept | None, settings: Dedup) -> Folded:
    """`fold`, in the order of record ids; with what is `kept` of an earlier one, of these settings, only what changed
    since, and what that touches, is decided anew. The result is the same."""
    from corpus.dedup.change import change_of, everything
    from corpus.dedup.links import FloodError

    if not len(given.record_id):
        empty = Kept(KEPT.empty_table(), KEPT_DERIVED.empty_table())
        return Folded(
            FOLDS.empty_table(), DERIVED.empty_table(), np.empty(0, np.int64), empty, np.empty(0, np.int64), 0
        )
    if kept is None or not kept.records.num_rows:
        return _result(everything(given, settings))
    try:
        return _result(change_of(given, kept, settings))
    except (FloodError, KeyError):  # what is kept does not tell enough
        return _result(everything(given, settings))


def _result(change: Change) -> Folded:
    kept = change.kept()
    return Folded(
        kept.records.select(FOLDS.names),
        kept.derived.select(DERIVED.names),
        kept.numbers("root"),
        kept,
        change.part.records,
        change.before.records.num_rows,
    )
