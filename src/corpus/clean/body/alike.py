"""Paragraphs of one tag and class: where most of them are the article's, so is one that the forests doubt."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.clean.body.context import Floats, Ints

PROSE_UNITS, PROSE_LINKS = 80, 0.35  # a segment of at least so many units, of which less is links
MOST = 0.7  # of their units that are kept, from which the others of their kind are
TOGETHER = 300  # units of a kind, from which it tells anything
LEAST = 0.1  # probability of one that is kept for the others' sake

Bits = npt.NDArray[np.bool_]


def with_alike(units: Floats, links: Floats, signature: Ints, said: npt.NDArray[np.float64], kept: Bits) -> Bits:
    """`kept`, and the prose whose kind (`signature`) is kept for the most part; `said`: the probabilities."""
    prose = (units >= PROSE_UNITS) & (links < PROSE_LINKS)
    whole = np.bincount(signature, units * prose)
    share = np.bincount(signature, units * (prose & kept)) / np.maximum(whole, 1.0)
    told = (share >= MOST) & (whole > TOGETHER)
    return kept | (prose & (said >= LEAST) & told[signature])
