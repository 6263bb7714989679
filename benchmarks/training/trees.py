"""A LightGBM forest as the columns that `corpus.clean.body.forest` reads."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


class _Columns:
    def __init__(self) -> None:
        self.roots: list[int] = []
        self.feature: list[int] = []
        self.threshold: list[float] = []
        self.child: list[int] = []
        self.value: list[float] = []

    def add(self, tree: Mapping[str, Any]) -> None:
        """A tree, level by level, so that the children of a node stand side by side."""
        waiting = deque([(tree, self._leaf())])
        self.roots.append(waiting[0][1])
        while waiting:
            node, number = waiting.popleft()
            if "leaf_value" in node:
                self.value[number] = node["leaf_value"]
                continue
            left, right = self._leaf(), self._leaf()
            self.feature[number], self.threshold[number] = node["split_feature"], node["threshold"]
            self.child[number] = left
            waiting += [(node["left_child"], left), (node["right_child"], right)]

    def _leaf(self) -> int:
        number = len(self.feature)
        self.feature.append(0)
        self.threshold.append(math.inf)
        self.child.append(number)
        self.value.append(0.0)
        return number


def save_forest(forest: Any, path: Path) -> None:
    """Write the trees of a LightGBM booster without categories and missing values."""
    columns = _Columns()
    for tree in forest.dump_model()["tree_info"]:
        columns.add(tree["tree_structure"])
    np.savez_compressed(
        path,
        roots=np.array(columns.roots, np.int32),
        feature=np.array(columns.feature, np.int32),
        threshold=np.array(columns.threshold, np.float32),
        child=np.array(columns.child, np.int32),
        value=np.array(columns.value, np.float32),
    )
