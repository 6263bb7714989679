"""`fold`: which records are one article, which of them is published, and what comes from what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.sections import Dedup
from corpus.stage import Fetch
from corpus.working import DERIVED, FOLDS


@dataclass(frozen=True)
class Folded:
    """What `fold` decided: `folds` (FOLDS, in the order of the keys) `derived` (rows of derivations), and
    `clusters` (in the order of the keys): equal numbers for the records that are one article."""

    folds: pa.Table
    derived: pa.Table
    clusters: npt.NDArray[np.int64]


def fold(keys: pa.Table, signatures: pa.Table, fetch: Fetch, settings: Dedup) -> Folded:
    """Decide the fate of every document that goes on, from narrow columns (KEYS; SIGNATURES without shingles).

    In this order, each step on the records that still stand: copies of one payload; versions of one article id; an
    outlet's corrected article under one headline; equal words; near duplicates; then which articles hold
    another.
    `fetch` gives shingles, texts and metadata of candidates. The order of rows does not matter.
    """
    from corpus.dedup.bands import MinHashes
    from corpus.dedup.contain import find_contained
    from corpus.dedup.decision import decide
    from corpus.dedup.derive import derived_table
    from corpus.dedup.fates import folds_table
    from corpus.dedup.identity import identities
    from corpus.dedup.narrow import narrow, places
    from corpus.dedup.near import fold_near
    from corpus.dedup.revise import fold_revisions
    from corpus.dedup.standing import BY_PAYLOAD, BY_WORDS, Standing
    from corpus.dedup.survivor import take_over
    from corpus.dedup.versions import fold_versions
    from corpus.dedup.wide import Wide
    from corpus.dedup.work import Levels, Work

    if not keys.num_rows:
        return Folded(FOLDS.empty_table(), DERIVED.empty_table(), np.empty(0, np.int64))
    corpus = narrow(keys, signatures)
    values = MinHashes.read(signatures["minhash"], corpus.signature, settings.permutations)
    work = Work(
        keys=keys,
        corpus=corpus,
        ids=identities(keys, corpus.row),
        sketch=values.sketch(),
        wide=Wide(fetch, keys["record_id"], corpus.row),
        settings=settings,
        levels=Levels.of(settings),
        standing=Standing.start(len(corpus)),
    )
    standing = work.standing
    standing.first_of_equals(np.arange(len(corpus)), corpus.payload, corpus.copy_rank, how=BY_PAYLOAD)
    fold_versions(work)
    fold_revisions(work)
    alive = standing.standing()
    standing.first_of_equals(alive, corpus.words[alive], corpus.rank, how=BY_WORDS)
    fold_near(work, values)
    contained = find_contained(work, signatures["samples"])

    decision = decide(corpus, work.ids, standing)
    taken = take_over(work, decision)
    clusters = standing.roots()[places(corpus.row)]
    return Folded(folds_table(work, decision, taken), derived_table(work, decision, taken, contained), clusters)
