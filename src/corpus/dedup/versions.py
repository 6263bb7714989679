"""Records of one article id: versions of one article where alike, of which the newest stands (contract, Identity)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.identity import Identities
from corpus.dedup.narrow import Narrow
from corpus.dedup.standing import BY_ID, BY_WORDS, REVISION, SHORTER, Standing
from corpus.dedup.version_kernels import alike_components, choose_versions
from corpus.dedup.wide import Shingles, Wide, chunks, grouped
from corpus.settings import Dedup

Ints = npt.NDArray[np.int64]


def fold_versions(corpus: Narrow, ids: Identities, wide: Wide, settings: Dedup, standing: Standing) -> None:
    """Put every record of an article id below the version to publish, and mark those that only share its id."""
    alive = standing.standing()
    both = np.unique(np.stack([ids.group, corpus.words]), axis=1, return_inverse=True)[1].reshape(-1)
    weight = np.bincount(both)
    first = np.full(len(weight), len(corpus))
    np.minimum.at(first, both, np.arange(len(corpus)))
    below = standing.first_of_equals(alive, both[alive], -corpus.age, how=BY_WORDS)
    standing.of_article[below] = True

    alive = standing.standing()
    alive = alive[np.argsort(corpus.age[alive], kind="stable")]
    places, groups = grouped(ids.group[alive])
    members = alive[places]
    for start, stop in chunks(groups, corpus.n_shingles[members]):
        part = members[groups[start] : groups[stop]]
        bounds = groups[start : stop + 1] - groups[start]
        sets = wide.shingles(part)
        near, contained = ten_thousandths(settings.version_jaccard), ten_thousandths(settings.version_containment)
        component = alike_components(bounds, sets.grams, sets.at, sets.end, near, contained)
        keeper = _keepers(bounds, component, weight[both[part]], first[both[part]])
        chosen, inner = grouped(np.where(component == keeper, component, -1), least=1)
        stand_versions(corpus, standing, part, sets, (chosen, inner), contained, how=BY_ID)
        _mark_shared(standing, part, component != keeper, both, sets, _heads(standing, part, keeper))


def ten_thousandths(share: float) -> int:
    """A setting from 0 to 1 in ten-thousandths."""
    return round(share * 10_000)


def stand_versions(
    corpus: Narrow,
    standing: Standing,
    part: Ints,
    sets: Shingles,
    chosen: tuple[Ints, Ints],
    contained: int,
    *,
    how: int,
) -> None:
    """Of each group of versions (places in `part`, oldest first, and bounds) put all below the one to publish."""
    places, bounds = chosen
    records = part[places]
    newest, shorter, similar, held = choose_versions(
        bounds,
        sets.grams,
        sets.at[places],
        sets.end[places],
        corpus.n_words[records],
        corpus.truncated[records],
        contained,
    )
    below = np.flatnonzero(newest >= 0)
    ours = records[below]
    standing.put_below(ours, records[newest[below]], why=np.where(shorter[below], SHORTER, REVISION), how=how)
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


def _heads(standing: Standing, part: Ints, keeper: Ints) -> Ints:
    """For each member the place in `part` of the version that its group publishes."""
    place = np.full(len(standing.parent), -1)
    place[part] = np.arange(len(part))
    parent = standing.parent[part[keeper]]
    return np.where(parent < 0, keeper, place[parent])


def _mark_shared(
    standing: Standing, part: Ints, unlike: npt.NDArray[np.bool_], both: Ints, sets: Shingles, head: Ints
) -> None:
    """Mark the unlike members, and all records of their id and words, as sharing an id that is another article's."""
    from corpus.dedup.sets import measure_pairs

    places = np.flatnonzero(unlike)
    if not len(places):
        return
    similar, _ = measure_pairs(sets.grams, sets.at, sets.end, places, head[places], 0, 0)
    of = np.full(int(both.max()) + 1, -1)
    of[both[part[places]]] = similar
    found = np.flatnonzero(of[both] >= 0)
    standing.shared[found], standing.shared_similarity[found] = True, of[both[found]]
