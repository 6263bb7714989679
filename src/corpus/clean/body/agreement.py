"""Measures of what a first forest says of the segments around one: the second forest's further columns."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

import numpy as np

from corpus.clean.body.context import LEVELS
from corpus.clean.body.jit import kernel
from corpus.clean.body.page_sums import Doubles, Floats, Ints, subtree_sums

BESIDE = 3  # neighbours looked at on each side
REACH = 40  # segments looked for the nearest likely one
LIKELY, LONG = 0.5, 60.0  # a likely segment's probability, a long one's units
AGREEMENT = 1 + 2 * BESIDE + 2 * LEVELS + 2 + 4 + 5


@kernel
def agree(parent: Ints, held_by: Ints, units: Floats, signature: Ints, first: Doubles, out: Floats) -> None:
    """Write the measures into `out`, (segments, AGREEMENT); `first`: the first forest's probabilities."""
    n = len(held_by)
    values = np.zeros((n, 3))
    for i in range(n):
        values[i, 0] = units[i]
        values[i, 1] = units[i] * first[i]
        values[i, 2] = 1.0
    sums = subtree_sums(parent, held_by, values)
    total, kept = max(sums[0, 0], 1.0), max(sums[0, 1], 1.0)
    groups = signature.max() + 1 if n else 0
    alike = np.zeros((groups, 2))
    for i in range(n):
        alike[signature[i], 0] += values[i, 0]
        alike[signature[i], 1] += values[i, 1]
    before = 0.0
    for i in range(n):
        row = out[i]
        row[0] = first[i]
        at = 1
        for step in range(1, BESIDE + 1):
            row[at] = first[i - step] if i >= step else -1
            row[at + 1] = first[i + step] if i + step < n else -1
            at += 2
        above = held_by[i]
        for _ in range(LEVELS):
            rest = max(sums[above, 0] - units[i], 1.0)
            row[at] = (sums[above, 1] - values[i, 1]) / rest
            row[at + 1] = sums[above, 1] / kept
            above = parent[above] if parent[above] >= 0 else above
            at += 2
        row[at] = alike[signature[i], 1] / max(alike[signature[i], 0], 1.0)
        row[at + 1] = alike[signature[i], 1] / kept
        at += 2
        back, on = REACH, REACH
        for step in range(1, REACH):
            if i >= step and first[i - step] > LIKELY and units[i - step] > LONG:
                back = step
                break
        for step in range(1, REACH):
            if i + step < n and first[i + step] > LIKELY and units[i + step] > LONG:
                on = step
                break
        row[at], row[at + 1] = back, on
        row[at + 2] = before / kept
        row[at + 3] = (kept - before - values[i, 1]) / kept
        before += values[i, 1]
        at += 4
        row[at], row[at + 1], row[at + 2] = kept, kept / total, units[i] / kept
        low, high = 1.0, 0.0
        for j in range(max(i - REACH // 4, 0), min(i + REACH // 4 + 1, n)):
            if j != i:
                low, high = min(low, first[j]), max(high, first[j])
        row[at + 3], row[at + 4] = low, high
