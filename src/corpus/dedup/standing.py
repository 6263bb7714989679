"""Where each record stands while fates are decided: what it was folded into, why and how alike they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.dedup.sets import ONE
from corpus.dedup.sorting import least_of_equals

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NONE, EXACT, NEAR, REVISION, SHORTER = range(5)
"""Why a record stands below another."""
RULES = ("", "exact_duplicate", "near_duplicate", "revision", "shorter_version")
BY_PAYLOAD, BY_WORDS, BY_ID, BY_HEADLINE, BY_SHINGLES = range(5)
METHODS = ("sha256", "words_sha256", "article_id", "outlet_and_headline", "minhash_jaccard")


@dataclass
class Standing:
    """One element per record, in the order of record ids; each level of `fold` fills in what it decides.

    `parent`: the record that this one stands below (-1: none). `why`, `how`: the rule and the method. `similarity`:
    with the parent, in ten-thousandths; `held`: the share contained. `shared`: its article id belongs to other, unlike
    records, and `shared_similarity` is that with the version they publish. `of_article`: it stands below another
    version of its own article id. `weakest`, `lowest`, of a survivor: the weakest edge of its cluster and the lowest
    similarity to it.
    """

    parent: Ints
    why: Ints
    how: Ints
    similarity: Ints
    held: Ints
    shared: Flags
    shared_similarity: Ints
    of_article: Flags
    weakest: Ints
    lowest: Ints

    @classmethod
    def start(cls, count: int) -> Standing:
        """Every record stands by itself."""
        return cls(
            parent=np.full(count, -1),
            why=np.full(count, NONE),
            how=np.full(count, -1),
            similarity=np.full(count, ONE),
            held=np.full(count, ONE),
            shared=np.zeros(count, np.bool_),
            shared_similarity=np.zeros(count, np.int64),
            of_article=np.zeros(count, np.bool_),
            weakest=np.full(count, ONE),
            lowest=np.full(count, ONE),
        )

    def standing(self) -> Ints:
        """The records that stand below none."""
        return np.flatnonzero(self.parent < 0)

    def roots(self) -> Ints:
        """For each record the one at the end of its chain, which stands."""
        root = np.where(self.parent < 0, np.arange(len(self.parent)), self.parent)
        while True:
            further = self.parent[root]
            climbing = np.flatnonzero(further >= 0)
            if not len(climbing):
                return root
            root[climbing] = further[climbing]

    def put_below(self, records: Ints, parent: Ints, *, why: Ints | int, how: int) -> None:
        """Put records below their parents; similarity stays 1 unless set."""
        self.parent[records], self.why[records], self.how[records] = parent, why, how

    def first_of_equals(self, records: Ints, labels: Ints, order: Ints, *, how: int) -> Ints:
        """Of the records of each label the one that is least in `order` stands, the others go below it as exact
        duplicates. Returns the ones that went below."""
        heads: Ints = records[least_of_equals(labels, order[records])]
        below: Ints = records[heads != records]
        self.put_below(below, heads[heads != records], why=EXACT, how=how)
        return below
