"""What a page's elements hold together: sums over subtrees, and the elements that hold most of its prose."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.clean.body.jit import kernel

UNITS, ENDS, COMMAS, TERMINAL, LINKS, TITLE = 0, 2, 3, 4, 8, 16  # columns of measures.LOCAL
GOOD_UNITS, GOOD_LINKS = 80, 0.35  # a segment of at least so many units, with fewer links and a mark, is prose

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@kernel
def segment_values(local: Floats) -> Doubles:
    """Of each segment: units, units in links, units of prose, 1."""
    values = np.zeros((len(local), 4))
    for i in range(len(local)):
        units, links = local[i, UNITS], local[i, LINKS]
        prose = units >= GOOD_UNITS and links < GOOD_LINKS and local[i, ENDS] + local[i, COMMAS] >= 1
        values[i, 0], values[i, 1], values[i, 2], values[i, 3] = units, units * links, units if prose else 0.0, 1.0
    return values


@kernel
def subtree_sums(parent: Ints, held_by: Ints, values: Doubles) -> Doubles:
    """Sum of the segments' values below each element: (elements, columns)."""
    sums = np.zeros((len(parent), values.shape[1]))
    for i in range(len(held_by)):
        for k in range(values.shape[1]):
            sums[held_by[i], k] += values[i, k]
    for node in range(len(parent) - 1, 0, -1):
        for k in range(values.shape[1]):
            sums[parent[node], k] += sums[node, k]
    return sums


@kernel
def best_node(parent: Ints, tag: Ints, held_by: Ints, values: Doubles, sums: Doubles) -> int:
    """The element that holds most prose, as readability reckons it: a parent counts whole, the next ones by half."""
    scores = np.zeros(len(parent))
    for i in range(len(held_by)):
        node, share = held_by[i], 1.0
        if tag[node] != 1 and parent[node] >= 0:  # only a div may be its own container
            node = parent[node]
        for _ in range(3):
            scores[node] += values[i, 2] * share
            share /= 2
            if parent[node] < 0:
                break
            node = parent[node]
    best, most = 0, -1.0
    for node in range(len(parent)):
        value = scores[node] * (1 - sums[node, 1] / max(sums[node, 0], 1.0))
        if value > most:
            best, most = node, value
    return best


@kernel
def lowest_with(sums: Doubles, share: float) -> int:
    """The lowest element that holds so much of the page's prose: the last one in document order."""
    found = 0
    for node in range(len(sums)):
        if sums[node, 2] >= share * max(sums[0, 2], 1.0):
            found = node
    return found


@kernel
def depths(parent: Ints) -> Ints:
    """How deep each element stands below the first."""
    depth = np.zeros(len(parent), np.int64)
    for node in range(1, len(parent)):
        depth[node] = depth[parent[node]] + 1
    return depth


@kernel
def meet(parent: Ints, depth: Ints, one: int, other: int) -> int:
    """The lowest element that holds both."""
    while one != other:
        if depth[one] >= depth[other]:
            one = parent[one]
        else:
            other = parent[other]
    return one
