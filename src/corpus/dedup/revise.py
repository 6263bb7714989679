"""The same outlet's article under the same headline, corrected later: versions without a common id."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.changes import changes, corrects
from corpus.dedup.forest import connect
from corpus.dedup.minhash import least_agreement
from corpus.dedup.narrow import codes, paired
from corpus.dedup.sets import ONE, Sets, measure_pairs
from corpus.dedup.sorting import by_label
from corpus.dedup.standing import BY_HEADLINE
from corpus.dedup.version_kernels import predecessors
from corpus.dedup.versions import stand_versions
from corpus.dedup.wide import chunks, grouped
from corpus.dedup.work import Work

Ints = npt.NDArray[np.int64]
PREDECESSORS = 8
"""Earlier articles under the same headline that an article is compared with."""


def normalised_titles(keys: pa.Table) -> pa.ChunkedArray:
    """Titles in lower case, with single spaces."""
    return pc.utf8_trim_whitespace(pc.utf8_lower(pc.replace_substring_regex(keys["title"], r"\s+", " ")))


def headlines(keys: pa.Table, row: Ints) -> Ints:
    """Equal numbers for records of one outlet (host, else source) under one headline; -1 for those without headline."""
    title = normalised_titles(keys)
    outlet = np.where(keys["host"].is_valid().to_numpy(), 2 * codes(keys["host"]), 2 * codes(keys["source"]) + 1)
    heading = codes(title)
    heading[np.asarray(pc.fill_null(pc.equal(title, ""), True).to_numpy(), np.bool_)] = -1
    return np.where(heading >= 0, paired(outlet, heading), -1)[row]


def fold_revisions(work: Work) -> None:
    """Put earlier versions of an outlet's article below the newest, where a figure or a sentence was changed."""
    corpus = work.corpus
    alive = work.standing.standing()
    alive = alive[by_label(corpus.age[alive], len(corpus))]
    places, groups = grouped(headlines(work.keys, corpus.row)[alive])
    members = alive[places]
    left, right = predecessors(
        groups,
        corpus.published[members],
        corpus.words[members],
        work.sketch[members],
        least_agreement(work.settings.version_jaccard, work.settings.permutations),
        work.settings.revision_days,
        PREDECESSORS,
    )
    chosen, groups = grouped(connect(len(members), left, right))
    place = np.full(len(members), -1)
    place[chosen] = np.arange(len(chosen))
    left, right, members = place[left], place[right], members[chosen]
    for start, stop in chunks(groups, corpus.n_shingles[members]):
        first, last = int(groups[start]), int(groups[stop])
        part, inside = members[first:last], (left >= first) & (left < last)
        pairs = (left[inside] - first, right[inside] - first)
        sets = work.wide.shingles(part)
        linked = _linked(work, part, sets, pairs)
        component = connect(len(part), pairs[0][linked], pairs[1][linked])
        stand_versions(work, part, sets, grouped(component), how=BY_HEADLINE)


def _linked(work: Work, part: Ints, sets: Sets, pairs: tuple[Ints, Ints]) -> npt.NDArray[np.bool_]:
    """Which pairs (earlier, later; places in `part`) are versions of one article."""
    similar, _ = measure_pairs(sets, *pairs, work.levels.version, ONE)
    linked = similar >= work.levels.near
    doubtful = np.flatnonzero(~linked & (similar >= work.levels.version))
    if len(doubtful):
        texts = work.wide.texts(part[np.unique(np.concatenate([pairs[0][doubtful], pairs[1][doubtful]]))])
        for k in doubtful.tolist():
            earlier, later = (texts[int(part[side[k]])] for side in pairs)
            linked[k] = corrects(changes(earlier, later), work.settings.revision_changes)
    return np.asarray(linked, np.bool_)
