"""A LightGBM forest as the columns that `corpus.clean.body.forest` reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


class _Columns:
    def __init__(self) -> None:
        self.roots: list[int] = []
        self.feature: list[int] = []
        self.threshold: list[float] = []
        self.left: list[int] = []
        self.right: list[int] = []
        self.value: list[float] = []

    def add(self, node: Mapping[str, Any]) -> int:
        """A node and all below it; its number."""
        number = len(self.feature)
        leaf = "leaf_value" in node
        self.feature.append(-1 if leaf else node["split_feature"])
        self.threshold.append(0.0 if leaf else node["threshold"])
        self.value.append(node["leaf_value"] if leaf else 0.0)
        self.left.append(-1)
        self.right.append(-1)
        if not leaf:
            self.left[number] = self.add(node["left_child"])
            self.right[number] = self.add(node["right_child"])
        return number


def save_forest(forest: Any, path: Path) -> None:
    """Write the trees of a LightGBM booster without categories and missing values."""
    columns = _Columns()
    for tree in forest.dump_model()["tree_info"]:
        columns.roots.append(columns.add(tree["tree_structure"]))
    np.savez_compressed(
        path,
        roots=np.array(columns.roots, np.int32),
        feature=np.array(columns.feature, np.int16),
        threshold=np.array(columns.threshold, np.float32),
        left=np.array(columns.left, np.int32),
        right=np.array(columns.right, np.int32),
        value=np.array(columns.value, np.float32),
    )
