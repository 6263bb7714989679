"""Which of a page's segments are its article: two forests, the second of which sees what the first says around one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.body.agreement import AGREEMENT, agree
from corpus.clean.body.alike import with_alike
from corpus.clean.body.amid import with_tables
from corpus.clean.body.features import measures, page_columns
from corpus.clean.body.forest import forest
from corpus.clean.body.hints import hints_of
from corpus.clean.body.measures import LOCAL
from corpus.clean.body.names import naming
from corpus.clean.body.others import without_others
from corpus.clean.body.repeats import without_repeats
from corpus.clean.body.walk import Outline, outline
from corpus.clean.page import Page

FIRST, SECOND = "body_first", "body_second"
THRESHOLD = 0.55  # of the second forest's probability: best F1 on held-out hosts, see benchmarks/training
DOUBTFUL = (0.02, 0.98)  # of the first forest's probability; beyond, the second one changed none of 37,500 decisions
UNITS, LINKS, TITLE = LOCAL.index("units"), LOCAL.index("link_share"), LOCAL.index("is_title")
SURE_UNITS = (
    150  # units of kept text, below which another extraction is asked; both by what is better on held-out hosts
)
SURE = 0.66  # mean probability of the kept text, by units, below which another is asked


@dataclass(frozen=True)
class Choice:
    """A page's segments, which of them are kept, and whether that can be relied on."""

    page: Outline
    kept: list[bool]
    sure: bool


def choose(page: Page) -> Choice:
    """The segments of the article on a page."""
    seen = outline(page.tree, naming)
    if not seen.segments:
        return Choice(seen, [], sure=False)
    columns = page_columns(seen)
    rows = measures(seen, hints_of(page), columns)
    first = forest(FIRST).probabilities(rows)
    around = np.zeros((len(rows), AGREEMENT + 1), np.float32)  # the last column: 0, labelled by hand
    units = np.ascontiguousarray(rows[:, UNITS])
    agree(columns.parent, columns.held_by, units, columns.signature, first, around)
    doubtful = (first > DOUBTFUL[0]) & (first < DOUBTFUL[1])
    asked = forest(SECOND).probabilities(np.hstack([rows, around]), np.flatnonzero(doubtful))
    second = np.where(doubtful, asked, first)
    kept = with_alike(units, rows[:, LINKS], columns.signature, second, second >= THRESHOLD)
    whole = with_tables(seen, units, second, kept)
    own = without_others(seen, whole.tolist(), (rows[:, TITLE] > 0).tolist())
    once = without_repeats([segment.text for segment in seen.segments], own)
    return Choice(seen, once, sure=_sure(units, second, kept))


def _sure(units: npt.NDArray[np.float32], second: npt.NDArray[np.float64], kept: npt.NDArray[np.bool_]) -> bool:
    size = float(units[kept].sum())
    if size < SURE_UNITS:
        return False
    return round(float((units[kept] * second[kept]).sum()) / size, 4) >= SURE
