"""Which texts may be near duplicates: all that share a band of MinHash bytes and agree enough.

A pair is proposed for what the two texts are, not for what was decided on them: what was proposed once stays so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.dedup.forest import BUCKET_BUDGET, find_all, propose
from corpus.dedup.link_kernels import band_keys_of, hash_rows, mark_crowded, tie_equals
from corpus.dedup.minhash import least_agreement, rows_of_a_band
from corpus.dedup.sorting import in_order
from corpus.sections import Dedup

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Sketch = npt.NDArray[np.uint8]
NUMBER_BITS = np.uint64(32)


@dataclass(frozen=True)
class Proposals:
    """Of each text `root`, equal for texts that hang together through proposed pairs; whether it `leads` those of the
    same MinHash bytes; and whether it is `crowded`: so many share one of its bands that not all were considered."""

    root: Ints
    leads: Flags
    crowded: Flags


def propose_near(sketch: Sketch, wanted: Flags, settings: Dedup) -> Proposals:
    """The proposals among the wanted texts. Those of equal MinHash bytes count as one."""
    count = len(sketch)
    forest, crowded = np.arange(count), np.zeros(count, np.bool_)
    whole = np.where(wanted, hash_rows(sketch), np.uint64(0))
    leads = tie_equals(whole, forest)
    leaders = np.flatnonzero(leads)
    least = least_agreement(settings.near_jaccard, settings.permutations)
    rows = rows_of_a_band(settings.near_jaccard, settings.permutations)
    for band in range(settings.permutations // rows):
        unordered = band_keys_of(sketch, leaders, band, rows)
        keys = np.empty_like(unordered)
        in_order(unordered, keys)
        propose(keys, NUMBER_BITS, sketch, least, forest)
        mark_crowded(keys, BUCKET_BUDGET, crowded)
    find_all(forest)
    return Proposals(forest, leads, crowded)
