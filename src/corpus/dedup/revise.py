"""The same outlet's article under the same headline, corrected later: versions without a common id."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.changes import changes, corrects
from corpus.dedup.minhash import least_agreement
from corpus.dedup.narrow import Narrow, codes
from corpus.dedup.standing import BY_HEADLINE, Standing
from corpus.dedup.version_kernels import connect, predecessors
from corpus.dedup.versions import stand_versions, ten_thousandths
from corpus.dedup.wide import Shingles, Wide, chunks, grouped
from corpus.settings import Dedup

Ints = npt.NDArray[np.int64]
PREDECESSORS = 8
"""Earlier articles under the same headline that an article is compared with."""


def headlines(keys: pa.Table, row: Ints) -> Ints:
    """Equal numbers for records of one outlet (host, else source) under one headline, -1 for those without a headline."""
    title = pc.utf8_trim_whitespace(pc.utf8_lower(pc.replace_substring_regex(keys["title"], r"\s+", " ")))
    outlet = np.where(keys["host"].is_valid().to_numpy(), 2 * codes(keys["host"]), 2 * codes(keys["source"]) + 1)
    heading = codes(title)
    heading[np.asarray(pc.fill_null(pc.equal(title, ""), True).to_numpy(), np.bool_)] = -1
    _, group = np.unique(np.stack([outlet, heading]), axis=1, return_inverse=True)
    return np.asarray(np.where(heading >= 0, group.reshape(-1), -1), np.int64)[row]


def fold_revisions(
    corpus: Narrow, keys: pa.Table, sketch: npt.NDArray[np.uint8], wide: Wide, settings: Dedup, standing: Standing
) -> None:
    """Put earlier versions of an outlet's article below the newest, where a figure or a sentence was changed."""
    alive = standing.standing()
    alive = alive[np.argsort(corpus.age[alive], kind="stable")]
    places, groups = grouped(headlines(keys, corpus.row)[alive])
    members = alive[places]
    least = least_agreement(settings.version_jaccard, settings.permutations)
    left, right = predecessors(
        groups, corpus.published[members], corpus.words[members], sketch, members, least,
        settings.revision_days, PREDECESSORS,
    )  # fmt: skip
    involved = connect(len(members), left, right)
    chosen, groups = grouped(involved)
    place = np.full(len(members), -1)
    place[chosen] = np.arange(len(chosen))
    left, right, members = place[left], place[right], members[chosen]
    for start, stop in chunks(groups, corpus.n_shingles[members]):
        first, last = int(groups[start]), int(groups[stop])
        part, inside = members[first:last], (left >= first) & (left < last)
        pairs = (left[inside] - first, right[inside] - first)
        sets = wide.shingles(part)
        linked = _linked(part, pairs, sets, wide, settings)
        component = connect(len(part), pairs[0][linked], pairs[1][linked])
        contained = ten_thousandths(settings.version_containment)
        stand_versions(corpus, standing, part, sets, grouped(component), contained, how=BY_HEADLINE)


def _linked(part: Ints, pairs: tuple[Ints, Ints], sets: Shingles, wide: Wide, settings: Dedup) -> npt.NDArray[np.bool_]:
    """Which pairs (earlier, later; places in `part`) are versions of one article."""
    from corpus.dedup.sets import measure_pairs

    near, alike = ten_thousandths(settings.near_jaccard), ten_thousandths(settings.version_jaccard)
    similar, _ = measure_pairs(sets.grams, sets.at, sets.end, *pairs, alike, 10_000)
    linked = np.asarray(similar >= near, np.bool_)
    doubtful = np.flatnonzero(~linked & (similar >= alike))
    if len(doubtful):
        needed = np.unique(np.concatenate([pairs[0][doubtful], pairs[1][doubtful]]))
        texts = dict(zip(needed.tolist(), wide.columns(part[needed], ["text"])["text"].to_pylist(), strict=True))
        for k in doubtful.tolist():
            found = changes(texts[int(pairs[0][k])] or "", texts[int(pairs[1][k])] or "")
            linked[k] = corrects(found, settings.revision_changes)
    return linked
