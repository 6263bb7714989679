"""What a survivor takes over from the copies folded into it: metadata that it lacks and they have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.decision import Decision
from corpus.dedup.narrow import Narrow
from corpus.dedup.standing import EXACT
from corpus.dedup.wide import Wide
from corpus.working import TAKEN_OVER

Ints = npt.NDArray[np.int64]
RECORDS_AT_ONCE = 100_000
WITH = {"published_at_precision": "published_at"}
"""Columns that are taken over only together with another."""


@dataclass(frozen=True)
class Taken:
    """`rows`: TAKEN_OVER of each record of `survivors`; `given`: copy -> columns that were taken from it."""

    survivors: Ints
    rows: pa.StructArray
    given: dict[int, list[str]]


def take_over(corpus: Narrow, wide: Wide, decision: Decision) -> Taken:
    """For each published record with copies that have a derivation row: the first value of each column that it lacks.

    Copies come in the order of exact before other, then rank.
    """
    copies = np.flatnonzero(decision.derives)
    other = decision.rule[copies] != EXACT
    copies = copies[np.lexsort((corpus.rank[copies], other, decision.kept[copies]))]
    survivors, group = np.unique(decision.kept[copies], return_inverse=True)
    columns: dict[str, list[pa.Array]] = {field.name: [] for field in TAKEN_OVER}
    given: dict[int, list[str]] = {}
    sizes = np.bincount(group, minlength=len(survivors)) + 1
    first = 0
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    while first < len(survivors):
        last = max(first + 1, int(np.searchsorted(bounds, bounds[first] + RECORDS_AT_ONCE, side="right")) - 1)
        inside = (group >= first) & (group < last)
        _take(wide, survivors[first:last], copies[inside], group[inside] - first, columns, given)
        first = last
    arrays = [
        pa.concat_arrays(columns[field.name]) if columns[field.name] else pa.nulls(0, field.type)
        for field in TAKEN_OVER
    ]
    rows = pa.StructArray.from_arrays(arrays, fields=list(TAKEN_OVER))
    nothing = np.ones(len(survivors), np.bool_)
    for array in arrays:
        nothing &= array.is_null().to_numpy(zero_copy_only=False)
    rows = rows.take(pa.array(np.arange(len(survivors)), mask=nothing))
    return Taken(survivors, rows, {copy: sorted(names) for copy, names in given.items()})


def _take(
    wide: Wide,
    survivors: Ints,
    copies: Ints,
    group: Ints,
    columns: dict[str, list[pa.Array]],
    given: dict[int, list[str]],
) -> None:
    names = [field.name for field in TAKEN_OVER]
    table = wide.columns(np.concatenate([survivors, copies]), names)
    source: dict[str, Ints] = {}
    for field in TAKEN_OVER:
        name = WITH.get(field.name, field.name)
        if name not in source:
            valid = table[name].is_valid().to_numpy()
            useful = np.flatnonzero(valid[len(survivors) :] & ~valid[: len(survivors)][group])
            origin = np.full(len(survivors), -1)
            origin[group[useful[::-1]]] = useful[::-1]  # the first of each group is written last
            source[name] = origin
            for copy in copies[origin[origin >= 0]].tolist():
                given.setdefault(copy, []).append(name)
        origin = source[name]
        taken = table[field.name].take(pa.array(origin + len(survivors), mask=origin < 0))
        columns[field.name] += taken.cast(field.type).chunks or [pa.nulls(0, field.type)]
