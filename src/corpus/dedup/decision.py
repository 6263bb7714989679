"""From where each record stands to its fate: published or folded, into what, under which id."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.dedup.identity import PAYLOAD, Identities, article_id
from corpus.dedup.narrow import NEVER, Narrow
from corpus.dedup.standing import BY_PAYLOAD, EXACT, NONE, Standing

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Decision:
    """One element per record, in the order of record ids.

    `published`: else folded. `kept`: the published record that it was folded into, or is published beside (-1: none).
    `link`: the record whose standing below another says why: itself, or the equal of it that stands nearer to `kept`.
    `rule` and `similarity` (ten-thousandths) are that record's. `derives`: it gets a derivation row. `n_duplicates`:
    records folded into it. `article`: its article id, None where it is folded.
    """

    published: Flags
    kept: Ints
    link: Ints
    rule: Ints
    similarity: Ints
    derives: Flags
    n_duplicates: Ints
    article: list[str | None]


def decide(corpus: Narrow, ids: Identities, standing: Standing) -> Decision:
    """Apply each source's `on_duplicate` and resolve every chain to the published record at its end."""
    root = standing.parent < 0
    same_bytes = standing.how == BY_PAYLOAD
    published = root | ~(corpus.folds | same_bytes)
    kept = standing.parent.copy()
    while True:
        climbing = np.flatnonzero((kept >= 0) & ~published[kept])
        if not len(climbing):
            break
        kept[climbing] = standing.parent[kept[climbing]]
    link = np.arange(len(corpus))
    while True:
        parent = standing.parent[link]
        climbing = np.flatnonzero((standing.why[link] == EXACT) & (parent != kept))
        if not len(climbing):
            break
        link[climbing] = parent[climbing]
    folded = ~published
    return Decision(
        published=published,
        kept=kept,
        link=link,
        rule=np.where(root, NONE, standing.why[link]),
        similarity=standing.similarity[link],
        derives=folded | (~root & corpus.marks),
        n_duplicates=np.bincount(kept[folded], minlength=len(corpus)),
        article=_article_ids(ids, standing, published),
    )


def _article_ids(ids: Identities, standing: Standing, published: Flags) -> list[str | None]:
    records = np.flatnonzero(published)
    kinds = np.where(standing.shared[records], PAYLOAD, ids.kind[records])
    found: list[str | None] = [None] * len(published)
    for record, name in zip(records.tolist(), ids.article_ids(records, kinds), strict=True):
        found[record] = name
    editions = records[standing.of_article[records] & ~standing.shared[records]]
    for record, payload in zip(editions.tolist(), ids.payloads(editions), strict=True):
        found[record] = article_id("version", str(found[record]), payload)
    return found


FULLEST, CANONICAL, EARLIEST, BY_RECORD, OTHERWISE = range(5)
"""Why one of two copies is kept, in the order in which the rule asks; OTHERWISE: another rule decided between them."""
KEPT_FOR = ("fullest_text", "canonical_url", "earliest", "record_id", "")


def kept_for(corpus: Narrow, kept: Ints, records: Ints) -> Ints:
    """For each record, by which part of the survivor rule `kept` goes before it."""
    found = np.full(len(records), OTHERWISE)
    tied = np.ones(len(records), np.bool_)
    first = np.where(corpus.published == NEVER, np.iinfo(np.int64).max, corpus.published)
    for part, order in enumerate((-corpus.n_words, ~corpus.canonical, first, np.arange(len(corpus)))):
        ours, theirs = order[kept], order[records]
        found[tied & (ours < theirs)] = part
        tied &= ours == theirs
    return found
