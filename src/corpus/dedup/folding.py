"""`fold`: which records are one article, which of them is published, and what comes from what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from corpus.settings import Dedup
from corpus.stage import Fetch
from corpus.working import FOLDS


@dataclass(frozen=True)
class Folded:
    """What `fold` decided: `folds` (FOLDS, in the order of the keys) and `derived` (rows of derivations)."""

    folds: pa.Table
    derived: pa.Table


def fold(keys: pa.Table, signatures: pa.Table, fetch: Fetch, settings: Dedup) -> Folded:
    """Decide the fate of every document that goes on, from narrow columns (KEYS; SIGNATURES without shingles).

    In this order, each step on the records that still stand: copies of one payload; versions of one article id; an
    outlet's corrected article under one headline; equal words; near duplicates; then which articles hold another.
    `fetch` gives shingles, texts and metadata of candidates. The order of rows does not matter.
    """
    from corpus.dedup.contain import find_contained
    from corpus.dedup.decision import decide
    from corpus.dedup.derive import Names, of_contained, of_duplicates, of_syndication, revisions, table_of
    from corpus.dedup.fates import folds_table
    from corpus.dedup.identity import identities
    from corpus.dedup.narrow import narrow
    from corpus.dedup.near import MinHashes, fold_near
    from corpus.dedup.revise import fold_revisions
    from corpus.dedup.standing import BY_PAYLOAD, BY_WORDS, Standing
    from corpus.dedup.survivor import take_over
    from corpus.dedup.versions import fold_versions
    from corpus.dedup.wide import Wide

    if not keys.num_rows:
        return Folded(FOLDS.empty_table(), table_of([]))
    corpus = narrow(keys, signatures)
    ids = identities(keys, corpus.row)
    wide = Wide(fetch, keys["record_id"], corpus.row)
    values = MinHashes.read(signatures["minhash"], corpus.signature, settings.permutations)
    sketch = values.sketch()
    standing = Standing.start(len(corpus))

    standing.first_of_equals(np.arange(len(corpus)), corpus.payload, corpus.copy_rank, how=BY_PAYLOAD)
    fold_versions(corpus, ids, wide, settings, standing)
    fold_revisions(corpus, keys, sketch, wide, settings, standing)
    alive = standing.standing()
    standing.first_of_equals(alive, corpus.words[alive], corpus.rank, how=BY_WORDS)
    fold_near(corpus, values, sketch, wide, settings, standing)
    contained = find_contained(corpus, signatures["samples"], wide, settings, standing)

    decision = decide(corpus, ids, standing)
    taken = take_over(corpus, wide, decision)
    names = Names(keys["record_id"].take(pa.array(corpus.row)).to_pylist(), decision.article)
    rows = of_duplicates(decision, standing, names, taken.given, revisions(decision, standing, wide), settings)
    rows += of_contained(contained, names, wide)
    rows += of_syndication(keys, corpus.row, decision, names)
    derived = table_of(rows).sort_by(
        [(name, "ascending") for name in ("article_id", "kind", "from_record_id", "evidence")]
    )
    return Folded(folds_table(corpus.row, decision, standing, names, taken, settings), derived)
