"""Forests of decision trees: read from the package's data, and asked, without the library that grew them."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.clean.body.context import Floats
from corpus.clean.body.jit import kernel

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class Forest:
    """Trees of a boosted classifier as columns over their nodes; a leaf has no children (`left` < 0).

    A row goes left where its feature is at most the threshold; the leaves' values add up to log-odds.
    """

    roots: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float32]

    def probabilities(self, rows: Floats) -> npt.NDArray[np.float64]:
        """One probability for each row, rounded to 4 places: decisions are taken on the rounded value."""
        sums: npt.NDArray[np.float64] = _sums(
            self.roots, self.feature, self.threshold, self.left, self.right, self.value, rows
        )
        return np.round(1.0 / (1.0 + np.exp(-sums)), 4)


@cache
def forest(name: str) -> Forest:
    """The forest `data/<name>.npz`."""
    with np.load(DATA / f"{name}.npz", allow_pickle=False) as held:
        return Forest(*(held[column] for column in ("roots", "feature", "threshold", "left", "right", "value")))


@kernel
def _sums(
    roots: npt.NDArray[np.int32], feature: npt.NDArray[np.int16], threshold: npt.NDArray[np.float32],
    left: npt.NDArray[np.int32], right: npt.NDArray[np.int32], value: npt.NDArray[np.float32], rows: Floats,
) -> npt.NDArray[np.float64]:  # fmt: skip
    sums = np.zeros(len(rows))
    for tree in range(len(roots)):
        root = roots[tree]
        for i in range(len(rows)):
            node = root
            while left[node] >= 0:
                node = left[node] if rows[i, feature[node]] <= threshold[node] else right[node]
            sums[i] += value[node]
    return sums
