"""A part of the corpus that hangs together with nothing outside it, and what is decided on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.bands import MinHashes
from corpus.dedup.contain import find_contained
from corpus.dedup.decision import decide
from corpus.dedup.derive import derived_table
from corpus.dedup.fates import folds_table
from corpus.dedup.given import Given
from corpus.dedup.identity import identities
from corpus.dedup.kept import KEPT_DERIVED
from corpus.dedup.links import Ties, components, links_of
from corpus.dedup.narrow import narrow
from corpus.dedup.near import fold_near
from corpus.dedup.proposals import Proposals, propose_near
from corpus.dedup.revise import fold_revisions
from corpus.dedup.standing import BY_PAYLOAD, BY_WORDS, Standing
from corpus.dedup.survivor import take_over
from corpus.dedup.versions import fold_versions
from corpus.dedup.wide import Wide
from corpus.dedup.work import Levels, Work
from corpus.sections import Dedup

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """`records`: the numbers of its records, ascending; `work`: they alone, each at its place among them."""

    records: Ints
    work: Work
    ties: Ties
    proposals: Proposals
    signatures: pa.Table

    @classmethod
    def of(cls, given: Given, records: Ints, settings: Dedup) -> Part:
        """Read those records and decide where each stands: all but who holds another."""
        keys, signatures = given.keys(records), given.signatures(records)
        corpus = narrow(keys, signatures)
        sketch = MinHashes.read(signatures["minhash"], corpus.signature, settings.permutations).sketch()
        proposals = propose_near(sketch, corpus.n_shingles > 0, settings)
        work = Work(
            keys=keys,
            corpus=corpus,
            ids=identities(keys, corpus.row),
            sketch=sketch,
            wide=Wide(given.fetch(records), keys["record_id"], corpus.row),
            settings=settings,
            levels=Levels.of(settings),
            standing=Standing.start(len(corpus)),
        )
        _stand(work, proposals)
        ties = Ties(links_of(keys, signatures, sketch), sketch, proposals.leads)
        return cls(records, work, ties, proposals, signatures)

    @property
    def stands(self) -> Ints:
        """The numbers of the records that stand below none."""
        return self.records[self.work.standing.standing()]

    @property
    def component(self) -> Ints:
        """Of each record the number of the first one that it hangs together with."""
        return self.records[components(self.ties.links, self.proposals)]

    @property
    def roots(self) -> Ints:
        """Of each record the number of the one that stands for it in the end."""
        return self.records[self.work.standing.roots()]

    def rows(self, pairs: tuple[Ints, Ints]) -> tuple[pa.Table, pa.Table]:
        """FOLDS of its records, and KEPT_DERIVED; `pairs` (shorter, longer): who may hold whom, by number."""
        work = self.work
        local = tuple(np.searchsorted(self.records, side) for side in pairs)
        contained = find_contained(work, local[0], local[1])
        decision = decide(work.corpus, work.ids, work.standing)
        taken = take_over(work, decision)
        folds = folds_table(work, decision, taken)
        derived = derived_table(work, decision, taken, contained)
        names = {name: at for at, name in enumerate(decision.article) if name is not None}
        holder = pa.array([names[name] for name in derived["article_id"].to_pylist()], pa.int64())
        holder = work.keys["record_id"].take(pa.array(work.corpus.row).take(holder))
        return folds, derived.append_column("holder", holder).cast(KEPT_DERIVED)


def _stand(work: Work, proposals: Proposals) -> None:
    corpus, standing = work.corpus, work.standing
    standing.first_of_equals(np.arange(len(corpus)), corpus.payload, corpus.copy_rank, how=BY_PAYLOAD)
    fold_versions(work)
    fold_revisions(work)
    alive = standing.standing()
    standing.first_of_equals(alive, corpus.words[alive], corpus.rank, how=BY_WORDS)
    fold_near(work, proposals.root)
