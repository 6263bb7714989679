"""Measures of what a segment stands under: article element, title, last heading; and of the words beside it."""

# ruff: noqa: PLR0917 - kernels take their arrays by place: numba knows no keyword-only arguments
from __future__ import annotations

import numpy as np

from corpus.clean.body.jit import kernel
from corpus.clean.body.page_sums import TITLE, UNITS, Doubles, Floats, Ints
from corpus.clean.body.tags import CODES

ARTICLE, H1, H6 = CODES["article"], CODES["h1"], CODES["h6"]
STRONG = 10  # column of measures.LOCAL
LABEL_UNITS, LABEL_STRONG = 80, 0.9  # a line of at most so many units, so much of them bold, heads what follows
UNDER = 13


@kernel
def under(parent: Ints, tag: Ints, held_by: Ints, local: Floats, words: Floats, sums: Doubles, out: Floats) -> None:
    """Write the measures into `out`, (segments, UNDER); `words`: what `wording` says of each segment."""
    n = len(held_by)
    prose = max(sums[0, 2], 1.0)
    inside = np.full(len(parent), -1, np.int64)  # the nearest article element of each
    number = np.zeros(len(parent), np.int64)
    count, full = 0, 0
    for node in range(len(parent)):
        if tag[node] == ARTICLE:
            inside[node] = node
            count += 1
            number[node] = count
            full += sums[node, 2] > 0
        elif parent[node] >= 0:
            inside[node] = inside[parent[node]]
    heading, headings, titles, since, home = -1, 0, 0, 0.0, -1
    for i in range(n):
        row, article = out[i], inside[held_by[i]]
        if home < 0 and (local[i, TITLE] > 0 or tag[held_by[i]] == H1):
            home = article
        row[0] = number[article] if article >= 0 else 0
        row[1] = sums[article, 2] / prose if article >= 0 else -1
        row[2], row[3], row[4] = full, headings, titles
        row[5] = article == home
        if heading >= 0:
            row[6], row[7], row[8] = words[heading, 0], words[heading, 1], words[heading, 2]
            row[9] = tag[held_by[heading]]
        else:
            row[9] = -1
        row[10] = since
        row[11] = words[i - 1, 2] if i > 0 else 0
        row[12] = words[i + 1, 2] if i + 1 < n else 0
        since += local[i, UNITS]
        headed = H1 <= tag[held_by[i]] <= H6
        if headed or (local[i, UNITS] <= LABEL_UNITS and local[i, STRONG] >= LABEL_STRONG):
            heading, since = i, 0.0
        headings += tag[held_by[i]] == H1
        titles += local[i, TITLE] > 0
