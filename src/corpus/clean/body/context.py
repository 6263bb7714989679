"""Measures of where a segment stands: the elements around it, its neighbours, the page's other text."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments
from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.clean.body.jit import kernel
from corpus.clean.body.page_sums import (
    COMMAS,
    ENDS,
    LINKS,
    TERMINAL,
    TITLE,
    UNITS,
    best_node,
    depths,
    lowest_with,
    meet,
    segment_values,
    subtree_sums,
)
from corpus.clean.body.tags import CODES
from corpus.clean.body.under import UNDER, under

__all__ = ["COMMAS", "ENDS", "INSIDE", "LEVELS", "WIDTH", "Floats", "Ints", "fill"]

N_GROUPS = 21  # groups of class words, and hidden elements
FAR = 12  # elements upwards, from which it is as good as none
LEVELS = 5  # elements upwards whose share of the page is measured
MAIN_SHARE = 0.7  # of a page's prose that the main element holds
CAP = 50  # segments looked along
LINKED = 0.8  # of a segment's characters that are links, from which it is part of a list of links
NO_TITLE = -999
INSIDE = np.array(
    [
        CODES[tag]
        for tag in (
            "article", "main", "aside", "footer", "header", "figure", "form", "li", "table", "blockquote", "dl",
        )
    ],
    np.int64,
)  # fmt: skip
BODY, H1, H6 = CODES["body"], CODES["h1"], CODES["h6"]
ABOVE = 3 + len(INSIDE) + N_GROUPS + 6
PLACE = 5 + 3 * LEVELS + 6
ORDER = 3 + 4 + 3
ALIKE = 4
BESIDE = 18
WIDTH = ABOVE + PLACE + ORDER + ALIKE + BESIDE + UNDER

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def fill(
    parent: Ints, tag: Ints, score: Floats, flags: Ints, held_by: Ints, local: Floats, signature: Ints, words: Floats
) -> Floats:
    """The measures of context, (segments, WIDTH); `words`: what `wording` says of each segment.

    Each kernel writes an array of its own: a slice of one row has another layout than that of many, for which numba
    would compile the kernel again.
    """
    values = segment_values(local)
    sums = subtree_sums(parent, held_by, values)
    depth = depths(parent)
    best = best_node(parent, tag, held_by, values, sums)
    main = lowest_with(sums, MAIN_SHARE)
    parts = [np.zeros((len(held_by), width), np.float32) for width in (ABOVE, PLACE, ORDER, ALIKE, BESIDE, UNDER)]
    above(parent, tag, score, flags, held_by, INSIDE, depth, parts[0])
    place(parent, held_by, values, sums, depth, best, main, parts[1])
    order(parent, tag, held_by, local, values, depth, best, parts[2])
    alike(signature, values, max(float(sums[0, 0]), 1.0), parts[3])
    beside(parent, tag, held_by, local, parts[4])
    under(parent, tag, held_by, local, words, sums, parts[5])
    return np.hstack(parts)


@kernel
def above(
    parent: Ints, tag: Ints, score: Floats, flags: Ints, held_by: Ints, inside: Ints, depth: Ints, out: Floats
) -> None:
    """Tags, depth, which elements and groups of class words are above (and how far), scores of the names."""
    base = 3 + len(inside)
    for i in range(len(held_by)):
        node, row = held_by[i], out[i]
        up = parent[node] if parent[node] >= 0 else node
        upper = parent[up] if parent[up] >= 0 else up
        row[0], row[1], row[2] = tag[node], tag[up] if parent[node] >= 0 else 0, depth[node]
        row[3:base] = 0
        row[base : base + N_GROUPS] = FAR
        low, high, summed = 0.0, 0.0, 0.0
        at, level = node, 0
        while at >= 0 and tag[at] != BODY and parent[at] >= 0:
            for k in range(len(inside)):
                if tag[at] == inside[k]:
                    row[3 + k] = 1
            if level < FAR and flags[at]:
                for k in range(N_GROUPS):
                    if flags[at] >> k & 1 and row[base + k] == FAR:
                        row[base + k] = level
            low, high, summed = min(low, score[at]), max(high, score[at]), summed + score[at]
            at = parent[at]
            level += 1
        end = base + N_GROUPS
        row[end], row[end + 1], row[end + 2] = score[node], score[up], score[upper]
        row[end + 3], row[end + 4], row[end + 5] = low, high, summed


@kernel
def place(
    parent: Ints, held_by: Ints, values: Doubles, sums: Doubles, depth: Ints, best: int, main: int, out: Floats
) -> None:
    """Place on the page, the containers' shares of its prose, the way to its best and its main element."""
    n = len(held_by)
    total, prose = max(sums[0, 0], 1.0), max(sums[0, 2], 1.0)
    gone = 0.0
    for i in range(n):
        node, row = held_by[i], out[i]
        row[0], row[1], row[2] = i / n, (gone + values[i, 0] / 2) / total, n
        row[3], row[4] = total, prose
        gone += values[i, 0]
        up, at = node, 5
        for _ in range(LEVELS):
            row[at] = sums[up, 2] / prose
            row[at + 1] = sums[up, 1] / max(sums[up, 0], 1.0)
            row[at + 2] = sums[up, 3]
            up = parent[up] if parent[up] >= 0 else up
            at += 3
        shared = meet(parent, depth, node, best)
        row[at], row[at + 1] = depth[best] - depth[shared], depth[node] - depth[shared]
        row[at + 2] = sums[shared, 2] / prose
        shared = meet(parent, depth, node, main)
        row[at + 3], row[at + 4] = depth[main] - depth[shared], depth[node] - depth[shared]
        row[at + 5] = sums[best, 2] / prose


@kernel
def order(
    parent: Ints, tag: Ints, held_by: Ints, local: Floats, values: Doubles, depth: Ints, best: int, out: Floats
) -> None:
    """Distance to the first and last prose of the best element, to prose, title and headings, in lists of links."""
    n = len(held_by)
    first, last, title = -1, -1, -1
    for i in range(n):
        if values[i, 2] > 0 and meet(parent, depth, held_by[i], best) == best:
            first = i if first < 0 else first
            last = i
        if title < 0 and (local[i, TITLE] > 0 or tag[held_by[i]] == H1):
            title = i
    since, heading = CAP, CAP
    for i in range(n):
        row = out[i]
        row[0] = (i - first) / max(last - first, 1) if first >= 0 else -1
        row[1], row[2] = max(first - i, 0), max(i - last, 0)
        following = CAP
        for k in range(i + 1, min(i + CAP, n)):
            if values[k, 2] > 0:
                following = k - i
                break
        row[3], row[4], row[6] = since, following, heading
        row[5] = i - title if title >= 0 else NO_TITLE
        since = 1 if values[i, 2] > 0 else min(since + 1, CAP)
        heading = 1 if H1 <= tag[held_by[i]] <= H6 else min(heading + 1, CAP)
        back, on = 0, 0
        while back < CAP and i - back - 1 >= 0 and local[i - back - 1, LINKS] > LINKED:
            back += 1
        while on < CAP and i + on + 1 < n and local[i + on + 1, LINKS] > LINKED:
            on += 1
        row[7], row[8], row[9] = back, on, 0


@kernel
def alike(signature: Ints, values: Doubles, total: float, out: Floats) -> None:
    """What the page has in elements of one tag and class: its share, how many, their mean size, how much is links."""
    groups = np.zeros((signature.max() + 1, 4))
    for i in range(len(signature)):
        for k in range(4):
            groups[signature[i], k] += values[i, k]
    for i in range(len(signature)):
        own, row = groups[signature[i]], out[i]
        row[0], row[1] = own[0] / total, own[3]
        row[2], row[3] = own[0] / own[3], own[1] / max(own[0], 1.0)


@kernel
def beside(parent: Ints, tag: Ints, held_by: Ints, local: Floats, out: Floats) -> None:
    """Size, links, tag and end mark of two neighbours on each side; whether the next ones are siblings."""
    n = len(held_by)
    for i in range(n):
        row, at = out[i], 0
        for k in range(4):
            j = i + (k - 2 if k < 2 else k - 1)
            if 0 <= j < n:
                row[at], row[at + 1] = local[j, UNITS], local[j, LINKS]
                row[at + 2], row[at + 3] = tag[held_by[j]], local[j, TERMINAL]
            else:
                row[at : at + 4] = -1
            at += 4
        up = parent[held_by[i]]
        row[at] = i > 0 and parent[held_by[i - 1]] == up
        row[at + 1] = i + 1 < n and parent[held_by[i + 1]] == up
