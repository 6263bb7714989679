"""Cards: what a page repeats side by side, one tag and class below one parent, each with a link (a shelf, teasers)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.body.page_sums import Doubles, Ints, subtree_sums
from corpus.clean.body.walk import Nodes

CARDS = 4  # of one kind side by side, from which they are cards
WITH_LINK = 0.8  # of cards of one kind that have a link
LINES = 2  # of a card on the average, from which it is more than an entry of a menu


@dataclass(frozen=True)
class Cards:
    """The kind of cards with the most text, in code points; shares of the page's text or of the cards'."""

    share: float = -1.0  # of the page's text
    number: float = 0.0
    mean: float = -1.0  # code points of one
    linked: float = -1.0  # of their text
    prices: float = -1.0  # lines with a price, of one
    kept: float = -1.0  # of the kept text that is in them
    lines: float = -1.0  # of one
    varied: float = -1.0  # standard deviation of their lengths, by the mean
    all: float = 0.0  # cards of every kind
    rich_share: float = -1.0  # of the page's text in the largest kind of several lines
    rich: float = 0.0  # number of those


def cards_of(
    nodes: Nodes, held_by: Ints, *, lengths: Doubles, linked: Doubles, prices: npt.NDArray[np.bool_],
    kept: npt.NDArray[np.bool_],
) -> Cards:  # fmt: skip
    """The cards of a page. `held_by`: the element that holds each line; the rest are columns over lines."""
    if not len(held_by):
        return Cards()
    parent, name = np.array(nodes.parent, np.int64), np.array(nodes.name, np.int64)
    columns = np.stack([lengths, linked, prices, np.where(kept, lengths, 0.0), np.ones(len(lengths))], axis=1)
    below = subtree_sums(parent, held_by, columns)
    full = np.flatnonzero((below[:, 4] >= 1) & (parent >= 0))
    if not len(full):
        return Cards()
    _, kind, number = np.unique(
        parent[full] * (int(name.max()) + 1) + name[full], return_inverse=True, return_counts=True
    )
    sums = np.stack([np.bincount(kind, below[full, column], len(number)) for column in range(5)], axis=1)
    having = np.bincount(kind, below[full, 1] > 0, len(number))
    cards = (number >= CARDS) & (having >= WITH_LINK * number)
    if not cards.any():
        return Cards()
    largest = int(np.argmax(np.where(cards, sums[:, 0], -1.0)))
    several = cards & (sums[:, 4] >= LINES * number)
    richest = int(np.argmax(np.where(several, sums[:, 0], -1.0)))
    size, of_one, page = sums[largest], below[full, 0][kind == largest], max(float(lengths.sum()), 1.0)
    return Cards(
        share=size[0] / page,
        number=number[largest],
        mean=size[0] / number[largest],
        linked=size[1] / max(size[0], 1.0),
        prices=size[2] / number[largest],
        kept=size[3] / max(float(lengths[kept].sum()), 1.0),
        lines=size[4] / number[largest],
        varied=float(of_one.std()) / max(float(of_one.mean()), 1.0),
        all=int(number[cards].sum()),
        rich_share=sums[richest, 0] / page if several.any() else 0.0,
        rich=number[richest] if several.any() else 0,
    )
