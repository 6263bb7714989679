"""All measures of a page's segments, one row each, for the forests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corpus.clean.body.characters import characters
from corpus.clean.body.context import WIDTH, Floats, Ints, fill
from corpus.clean.body.measures import LOCAL, Hints, local_measures
from corpus.clean.body.walk import Outline
from corpus.clean.body.wording import WORDING, wording

FEATURES = len(LOCAL) + WIDTH + WORDING


@dataclass(frozen=True)
class Columns:
    """A page's elements and segments as the kernels take them."""

    parent: Ints
    held_by: Ints
    signature: Ints  # of a segment: equal for those in elements of one tag and class below such elements


def page_columns(page: Outline) -> Columns:
    """The columns of a page with at least one segment."""
    parent = np.array(page.nodes.parent, np.int64)
    name = np.array(page.nodes.name, np.int64)
    held_by = np.array([segment.node for segment in page.segments], np.int64)
    above = np.where(parent[held_by] >= 0, parent[held_by], held_by)
    numbers: dict[tuple[int, int], int] = {}
    kinds = zip(name[held_by].tolist(), name[above].tolist(), strict=True)
    signature = [numbers.setdefault(kind, len(numbers)) for kind in kinds]
    return Columns(parent, held_by, np.array(signature, np.int64))


def measures(page: Outline, hints: Hints, columns: Columns) -> Floats:
    """(segments, FEATURES): LOCAL's columns, then those of `context.fill` and of `wording`."""
    nodes = page.nodes
    said = characters([segment.text for segment in page.segments])
    local, words = local_measures(page.segments, hints, said), wording(said)
    around = fill(
        columns.parent, np.array(nodes.tag, np.int64), np.array(nodes.score, np.float32),
        np.array(nodes.flags, np.int64), columns.held_by, local, columns.signature, words,
    )  # fmt: skip
    return np.hstack([local, around, words])
