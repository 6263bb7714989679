"""Forests of decision trees: read from the package's data, and asked, without the library that grew them."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.clean.body.context import Floats, Ints
from corpus.clean.body.jit import kernel

DATA = Path(__file__).parents[1] / "data"


COLUMNS = ("roots", "feature", "threshold", "child", "value")
KINDS = dict.fromkeys(("roots", "feature", "child"), np.uint32)
Places = npt.NDArray[np.uint32]
"""Without a sign: a place that may be negative counts from the end, which costs a look at every step."""


@dataclass(frozen=True)
class Forest:
    """Trees of a boosted classifier as columns over their nodes; both children of a node stand side by side.

    A row goes to `child` where its feature is at most the threshold, else to the one after it; a leaf's threshold is
    infinite and its child the leaf itself. The leaves' values add up to log-odds.
    """

    roots: Places
    feature: Places
    threshold: npt.NDArray[np.float32]
    child: Places
    value: npt.NDArray[np.float32]

    def probabilities(self, rows: Floats, asked: Ints | None = None) -> npt.NDArray[np.float64]:
        """One probability for each row, rounded to 4 places: decisions are taken on the rounded value.

        `asked`: numbers of the rows that matter; the others get .5.
        """
        asked = np.arange(len(rows)) if asked is None else asked
        cells = np.ascontiguousarray(rows)
        sums: npt.NDArray[np.float64] = _sums(
            self.roots, self.steps, self.feature, self.threshold, self.child, self.value, cells, asked
        )
        return np.round(1.0 / (1.0 + np.exp(-sums)), 4)

    @cached_property
    def steps(self) -> Ints:
        """How deep each tree is."""
        inner = np.flatnonzero(self.child != np.arange(len(self.child)))
        depth, below = np.zeros(len(self.child), np.int64), self.child[inner].astype(np.int64)
        while not np.array_equal(deeper := 1 + np.maximum(depth[below], depth[below + 1]), depth[inner]):
            depth[inner] = deeper
        return depth[self.roots]


@cache
def forest(name: str) -> Forest:
    """The forest `data/<name>.npz`."""
    with np.load(DATA / f"{name}.npz", allow_pickle=False) as held:
        return Forest(*(held[column].astype(KINDS.get(column, np.float32)) for column in COLUMNS))


@kernel
def _sums(
    roots: Places, steps: Ints, feature: Places, threshold: npt.NDArray[np.float32], child: Places,
    value: npt.NDArray[np.float32], rows: Floats, asked: Ints,
) -> npt.NDArray[np.float64]:  # fmt: skip
    """All rows go down a tree together, a level at a time and as many as it is deep: without a branch, the compiler
    takes several rows in one instruction; one that is at its leaf stays there."""
    sums, n = np.zeros(len(rows)), len(asked)
    cells, begins = rows.reshape(-1), np.empty(n, np.uint32)
    for i in range(n):
        begins[i] = asked[i] * rows.shape[1]
    at, found = np.empty(n, np.uint32), np.zeros(n)
    for tree in range(len(roots)):
        at[:] = roots[tree]
        for _ in range(steps[tree]):
            for i in range(n):
                node = at[i]
                at[i] = child[node] + np.uint32(cells[begins[i] + feature[node]] > threshold[node])
        for i in range(n):
            found[i] += value[at[i]]
    for i in range(n):
        sums[asked[i]] = found[i]
    return sums
