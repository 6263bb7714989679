"""Tables amid kept text: one that the forests only doubt belongs to the text around it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from corpus.clean.body.context import Floats
from corpus.clean.body.tags import CODES
from corpus.clean.body.walk import Outline

TABLE = CODES["table"]
LIKELY = 0.03  # mean probability of the words of a table between two kept lines, from which all of it is kept
Bits = npt.NDArray[np.bool_]


def with_tables(page: Outline, units: Floats, said: npt.NDArray[np.float64], kept: Bits) -> Bits:
    """`kept`, and the lines of tables between two kept lines; `said`: the probabilities of all lines."""
    if TABLE not in page.nodes.tag:
        return kept
    found = kept.copy()
    within = tables_of(page.nodes.tag, page.nodes.parent)
    tables = np.array([within[segment.node] for segment in page.segments])
    for table in np.unique(tables[tables >= 0]):
        lines = np.flatnonzero(tables == table)
        before, after = lines[0] - 1, lines[-1] + 1
        if before < 0 or after >= len(kept) or not (kept[before] and kept[after]):
            continue
        if round(float((units[lines] * said[lines]).sum() / max(units[lines].sum(), 1.0)), 4) >= LIKELY:
            found[lines] = True
    return found


def tables_of(tags: Sequence[int], parents: Sequence[int]) -> list[int]:
    """The nearest table of each element, -1 where there is none; parents come before their children."""
    found: list[int] = []
    for node, (tag, parent) in enumerate(zip(tags, parents, strict=True)):
        found.append(node if tag == TABLE else found[parent] if parent >= 0 else -1)
    return found
