"""Forests of decision trees: read from the package's data, and asked, without the library that grew them."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
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
        sums: npt.NDArray[np.float64] = _sums(
            self.roots, self.feature, self.threshold, self.child, self.value, np.ascontiguousarray(rows), asked
        )
        return np.round(1.0 / (1.0 + np.exp(-sums)), 4)


@cache
def forest(name: str) -> Forest:
    """The forest `data/<name>.npz`."""
    with np.load(DATA / f"{name}.npz", allow_pickle=False) as held:
        return Forest(*(held[column].astype(KINDS.get(column, np.float32)) for column in COLUMNS))


@kernel
def _sums(
    roots: Places, feature: Places, threshold: npt.NDArray[np.float32], child: Places, value: npt.NDArray[np.float32],
    rows: Floats, asked: Ints,
) -> npt.NDArray[np.float64]:  # fmt: skip
    """Four rows go down a tree together: no branch to be guessed, and one waits for memory while others are there."""
    sums = np.zeros(len(rows))
    n, width, cells = len(asked), rows.shape[1], rows.reshape(-1)
    for root in roots:
        for at in range(0, n, 4):
            i, j = asked[at], asked[min(at + 1, n - 1)]
            k, m = asked[min(at + 2, n - 1)], asked[min(at + 3, n - 1)]
            of_a, of_b = np.uint64(i * width), np.uint64(j * width)
            of_c, of_d = np.uint64(k * width), np.uint64(m * width)
            a = b = c = d = np.uint64(root)
            while True:
                to_a = np.uint64(child[a]) + np.uint64(cells[of_a + np.uint64(feature[a])] > threshold[a])
                to_b = np.uint64(child[b]) + np.uint64(cells[of_b + np.uint64(feature[b])] > threshold[b])
                to_c = np.uint64(child[c]) + np.uint64(cells[of_c + np.uint64(feature[c])] > threshold[c])
                to_d = np.uint64(child[d]) + np.uint64(cells[of_d + np.uint64(feature[d])] > threshold[d])
                if to_a == a and to_b == b and to_c == c and to_d == d:
                    break
                a, b, c, d = to_a, to_b, to_c, to_d
            sums[i] += value[a]
            if at + 1 < n:
                sums[j] += value[b]
            if at + 2 < n:
                sums[k] += value[c]
            if at + 3 < n:
                sums[m] += value[d]
    return sums
