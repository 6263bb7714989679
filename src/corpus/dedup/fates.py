"""Rows of FOLDS: each record's fate with its reasons, in numbers and in words."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from corpus.columns import REASONS
from corpus.dedup.decision import OTHERWISE, Decision, kept_for
from corpus.dedup.narrow import places
from corpus.dedup.sets import ONE
from corpus.dedup.standing import EXACT, NEAR, NONE, REVISION, RULES, SHORTER
from corpus.dedup.survivor import Taken
from corpus.dedup.work import Work
from corpus.working import FOLDS

WORDS = {
    EXACT: "the same text as record {kept}",
    NEAR: "a near duplicate of record {kept}: {similarity} of their 5-grams are shared",
    REVISION: "an earlier version of record {kept}",
    SHORTER: "a shorter version of record {kept}",
}
KEPT = (
    ", kept as the fuller text ({} words to {})",
    ", kept for its canonical URL",
    ", kept as the earlier one",
    ", kept by its record id, as all else is equal",
    "",
)
"""By which part of the survivor rule, in the order of KEPT_FOR."""
CHAINED = "{}; copies in between are more alike"
STAYS = "; published all the same, as its source's on_duplicate asks"


def folds_table(work: Work, decision: Decision, taken: Taken) -> pa.Table:
    """FOLDS in the order of the keys."""
    row, count = work.corpus.row, len(work.corpus)
    record_id = work.keys["record_id"].take(pa.array(row))
    published, kept = decision.published, decision.kept
    articles = pa.array(decision.article, pa.string())
    target = pa.array(np.where(published, 0, kept), mask=published)
    at = np.full(count, -1)
    at[taken.survivors] = np.arange(len(taken.survivors))
    at[~published] = -1
    columns = {
        "record_id": record_id,
        "fate": pa.array(["duplicate", "published"]).take(pa.array(published.astype(np.int64))),
        "article_id": articles,
        "kept_article_id": articles.take(target),
        "reasons": _reasons(work, decision),
        "detail": _details(work, decision, record_id),
        "below": record_id.take(pa.array(np.where(kept < 0, 0, kept), mask=kept < 0)),
        "n_duplicates": pa.array(decision.n_duplicates, pa.int64(), mask=~published),
        "taken_over": taken.rows.take(pa.array(at, mask=at < 0)),
    }
    table = pa.table([columns[name] for name in FOLDS.names], schema=FOLDS)
    return table.take(pa.array(places(row)))


def _reasons(work: Work, decision: Decision) -> pa.Array:
    """For each record the rule that put it below another, and the one that took a shared id from it."""
    standing, settings = work.standing, work.settings
    shown = pa.array([str(value / ONE) for value in range(ONE + 1)])
    threshold = {
        EXACT: 1.0,
        NEAR: settings.near_jaccard,
        REVISION: settings.version_jaccard,
        SHORTER: settings.version_containment,
    }
    rules = pa.array([*RULES, "id_shared"])
    limits = [str(float(threshold[rule])) for rule in range(1, len(RULES))]
    thresholds = pa.array(["", *limits, str(float(settings.version_jaccard))])
    ruled = np.flatnonzero(decision.rule != NONE)
    shared = np.flatnonzero(standing.shared)
    held = standing.held[decision.link[ruled]]
    values = np.where(decision.rule[ruled] == SHORTER, held, decision.similarity[ruled])
    owner = np.concatenate([ruled, shared])
    order = np.argsort(owner, kind="stable")
    rule = np.concatenate([decision.rule[ruled], np.full(len(shared), len(RULES))])[order]
    value = np.concatenate([values, standing.shared_similarity[shared]])[order]
    items = pa.StructArray.from_arrays(
        [rules.take(pa.array(rule)), shown.take(pa.array(value)), thresholds.take(pa.array(rule))],
        fields=list(REASONS.value_type),
    )
    bounds = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(decision.rule)))])
    return pa.ListArray.from_arrays(pa.array(bounds, pa.int32()), items, type=REASONS)


def _details(work: Work, decision: Decision, record_id: pa.ChunkedArray) -> pa.Array:
    """In words, why a record stands below another, and why the other is kept; null where it does not."""
    below = np.flatnonzero(decision.rule != NONE)
    owners = decision.kept[below]
    kept = record_id.take(pa.array(owners)).to_pylist()
    parts = np.where(decision.rule[below] <= NEAR, kept_for(work.corpus, owners, below), OTHERWISE)
    words = work.corpus.n_words
    found = []
    for record, owner, name, part in zip(below.tolist(), owners.tolist(), kept, parts.tolist(), strict=True):
        rule, similarity = int(decision.rule[record]), int(decision.similarity[record]) / ONE
        text = WORDS[rule].format(kept=name, similarity=similarity)
        if rule == NEAR and similarity < work.settings.near_jaccard:
            text = CHAINED.format(text)
        text += KEPT[part].format(words[owner], words[record])
        found.append(text + (STAYS if decision.published[record] else ""))
    place = np.full(len(decision.rule), -1)
    place[below] = np.arange(len(below))
    return pa.array(found, pa.string()).take(pa.array(place, mask=place < 0))
