"""Near duplicates: MinHash bands propose, the true Jaccard similarity decides, connected components are clusters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.dedup.forest import cluster_groups, find_all, tie
from corpus.dedup.minhash import least_agreement, rows_of_a_band
from corpus.dedup.standing import BY_SHINGLES, NEAR, REVISION, SHORTER
from corpus.dedup.wide import chunks, grouped
from corpus.dedup.work import Work


def fold_near(work: Work, proposed: npt.NDArray[np.int64]) -> None:
    """Put the near duplicates that stand below the survivors of their clusters.

    `proposed`: equal for texts that may be alike, directly or through others.

    Earlier versions take part: a copy of one belongs to its article, however much the newest has changed.
    """
    corpus, standing, settings = work.corpus, work.standing, work.settings
    root = standing.roots()
    earlier = np.flatnonzero((standing.why == REVISION) | (standing.why == SHORTER))
    wanted = standing.parent < 0
    wanted[earlier] = True
    wanted &= corpus.n_shingles > 0
    least = least_agreement(settings.near_jaccard, settings.permutations)
    rows = rows_of_a_band(settings.near_jaccard, settings.permutations)
    forest = proposed.copy()
    tie(forest, earlier, root[earlier])
    find_all(forest)
    members, groups = grouped(np.where(wanted, forest, -1))
    place = np.full(len(corpus), -1)
    for start, stop in chunks(groups, corpus.n_shingles[members]):
        part = members[groups[start] : groups[stop]]
        place[part] = np.arange(len(part))
        anchor = np.where(standing.parent[part] < 0, -1, place[root[part]])
        survivor, similarity, weakest, lowest = cluster_groups(
            groups[start : stop + 1] - groups[start],
            work.wide.shingles(part),
            work.sketch[part],
            corpus.rank[part],
            anchor,
            least,
            rows,
            work.levels.near,
            work.levels.safe,
        )
        below = np.flatnonzero(survivor >= 0)
        standing.put_below(part[below], part[survivor[below]], why=NEAR, how=BY_SHINGLES)
        standing.similarity[part[below]] = similarity[below]
        standing.weakest[part], standing.lowest[part] = weakest, lowest
