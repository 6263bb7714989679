"""Records of one article id: versions of one article where alike, of which the newest stands (contract, Identity)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.narrow import paired
from corpus.dedup.sets import Sets, measure_pairs
from corpus.dedup.sorting import by_label
from corpus.dedup.standing import BY_ID, BY_WORDS, EXACT, REVISION, SHORTER
from corpus.dedup.version_kernels import alike_components, choose_versions
from corpus.dedup.wide import chunks, grouped
from corpus.dedup.work import Work

Ints = npt.NDArray[np.int64]


def fold_versions(work: Work) -> None:
    """Put every record of an article id below the version to publish, and mark those that only share its id."""
    corpus, standing = work.corpus, work.standing
    text = paired(work.ids.group, corpus.words)  # records of one id and equal words are one text
    weight, first = np.bincount(text), np.full(text.max(initial=-1) + 1, len(corpus))
    np.minimum.at(first, text, np.arange(len(corpus)))
    alive = standing.standing()
    below = standing.first_of_equals(alive, text[alive], -corpus.age, how=BY_WORDS)
    standing.of_article[below] = True

    alive = standing.standing()
    alive = alive[by_label(corpus.age[alive], len(corpus))]
    places, groups = grouped(work.ids.group[alive])
    members = alive[places]
    for start, stop in chunks(groups, corpus.n_shingles[members]):
        part = members[groups[start] : groups[stop]]
        bounds = groups[start : stop + 1] - groups[start]
        sets = work.wide.shingles(part)
        component = alike_components(bounds, sets, work.levels.version, work.levels.version_contained)
        keeper = _keepers(bounds, component, weight[text[part]], first[text[part]])
        stand_versions(work, part, sets, grouped(np.where(component == keeper, component, -1), least=1), how=BY_ID)
        _mark_shared(work, part, sets, text, np.where(component != keeper, keeper, -1))


def stand_versions(work: Work, part: Ints, sets: Sets, chosen: tuple[Ints, Ints], *, how: int) -> None:
    """Of each group of versions put all below the one to publish.

    `part`: the records at hand, `sets` their shingles; `chosen`: places in `part`, oldest first, and bounds of groups.
    """
    places, bounds = chosen
    corpus, standing, records = work.corpus, work.standing, part[places]
    newest, shorter, similar, held = choose_versions(
        bounds,
        Sets(sets.grams, sets.at[places], sets.end[places]),
        corpus.n_words[records],
        corpus.truncated[records],
        work.levels.version_contained,
    )
    below = np.flatnonzero(newest >= 0)
    ours, theirs = records[below], records[newest[below]]
    why = np.where(shorter[below], SHORTER, REVISION)
    why[corpus.words[ours] == corpus.words[theirs]] = EXACT
    standing.put_below(ours, theirs, why=why, how=how)
    standing.similarity[ours], standing.held[ours] = similar[below], held[below]
    if how == BY_ID:
        standing.of_article[ours] = True


def _keepers(bounds: Ints, component: Ints, weight: Ints, first: Ints) -> Ints:
    """For each member, the component of its group that keeps the id: most records, then the smallest record."""
    total, earliest = np.zeros(len(component), np.int64), np.full(len(component), np.iinfo(np.int64).max)
    np.add.at(total, component, weight)
    np.minimum.at(earliest, component, first)
    group = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    order = np.lexsort((earliest[component], -total[component], group))
    return component[order[bounds[:-1]]][group]


def _mark_shared(work: Work, part: Ints, sets: Sets, text: Ints, keeper: Ints) -> None:
    """Mark all records of texts that only share an id, with their similarity to the version published under it.

    `keeper`: for each member of `part` a place in the component that keeps its id, -1 where it is its own; `text`:
    equal for records of one id and equal words.
    """
    standing = work.standing
    unlike = np.flatnonzero(keeper >= 0)
    if not len(unlike):
        return
    place = np.full(len(standing.parent), -1)
    place[part] = np.arange(len(part))
    parent = standing.parent[part[keeper[unlike]]]
    published = np.where(parent < 0, keeper[unlike], place[parent])
    similar, _ = measure_pairs(sets, unlike, published, 0, 0)
    of_text = np.full(text.max(initial=-1) + 1, -1)
    of_text[text[part[unlike]]] = similar
    found = np.flatnonzero(of_text[text] >= 0)
    standing.shared[found], standing.shared_similarity[found] = True, of_text[text[found]]
