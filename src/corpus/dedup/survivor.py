"""What a survivor takes over from the copies folded into it: metadata that it lacks and they have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.decision import Decision
from corpus.dedup.standing import EXACT
from corpus.dedup.wide import Wide
from corpus.dedup.work import Work
from corpus.working import TAKEN_OVER

Ints = npt.NDArray[np.int64]
RECORDS_AT_ONCE = 100_000
WITH = {"published_at_precision": "published_at", "modified_at_precision": "modified_at"}
"""Columns that are taken over only together with another."""


@dataclass(frozen=True)
class Taken:
    """`rows`: TAKEN_OVER of each record of `survivors`; `given`: copy -> columns that were taken from it."""

    survivors: Ints
    rows: pa.StructArray
    given: dict[int, list[str]]


def take_over(work: Work, decision: Decision) -> Taken:
    """For each published record with copies that have a derivation row: the first value of each column that it lacks.

    Copies come in the order of exact before other, then rank.
    """
    copies = np.flatnonzero(decision.derives)
    other = decision.rule[copies] != EXACT
    copies = copies[np.lexsort((work.corpus.rank[copies], other, decision.kept[copies]))]
    survivors, group = np.unique(decision.kept[copies], return_inverse=True)
    given: dict[int, list[str]] = {}
    parts = [
        _take(work.wide, survivors[first:last], copies[start:stop], group[start:stop] - first, given)
        for first, last, start, stop in _stretches(group, len(survivors))
    ]
    table = pa.concat_tables([pa.schema(list(TAKEN_OVER)).empty_table(), *parts]).combine_chunks()
    arrays = [column.combine_chunks() for column in table.columns]
    rows = pa.StructArray.from_arrays(arrays, fields=list(TAKEN_OVER))
    nothing = np.ones(len(survivors), np.bool_)
    for array in arrays:
        nothing &= array.is_null().to_numpy(zero_copy_only=False)
    rows = rows.take(pa.array(np.arange(len(survivors)), mask=nothing))
    return Taken(survivors, rows, {copy: sorted(names) for copy, names in given.items()})


def _stretches(group: Ints, count: int) -> Iterator[tuple[int, int, int, int]]:
    """Runs of groups with about RECORDS_AT_ONCE records: first and last group, and the bounds of their copies."""
    bounds = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=count))])
    first = 0
    while first < count:
        last = int(np.searchsorted(bounds, bounds[first] + RECORDS_AT_ONCE, side="right")) - 1
        last = min(max(last, first + 1), count)
        yield first, last, int(bounds[first]), int(bounds[last])
        first = last


def _take(wide: Wide, survivors: Ints, copies: Ints, group: Ints, given: dict[int, list[str]]) -> pa.Table:
    """TAKEN_OVER of some survivors from their copies (`group`: whose each is); notes in `given` what came whence."""
    records, both = np.unique(np.concatenate([survivors, copies]), return_inverse=True)  # a marked copy can be both
    table = wide.columns(records, [field.name for field in TAKEN_OVER])
    origins: dict[str, Ints] = {}
    columns = []
    for field in TAKEN_OVER:
        name = WITH.get(field.name, field.name)
        if name not in origins:
            valid = _said(table[name])[both]
            useful = np.flatnonzero(valid[len(survivors) :] & ~valid[: len(survivors)][group])
            origins[name] = np.full(len(survivors), -1)
            origins[name][group[useful[::-1]]] = useful[::-1]  # the first of each group is written last
            for copy in copies[origins[name][origins[name] >= 0]].tolist():
                given.setdefault(copy, []).append(name)
        origin = origins[name]
        place = pa.array(both[origin + len(survivors)], mask=origin < 0)
        columns.append(table[field.name].take(place).cast(field.type))
    return pa.table(columns, schema=pa.schema(list(TAKEN_OVER)))


def _said(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Where a column says something: it has a value, and a list an item."""
    if pa.types.is_list(column.type):
        return np.asarray(pc.fill_null(pc.greater(pc.list_value_length(column), 0), False).to_numpy(), np.bool_)
    return np.asarray(column.is_valid().to_numpy(), np.bool_)
