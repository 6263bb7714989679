"""Driving a local step over documents: look up what is known, compute what is missing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from corpus.run.local import DocumentsTask
from corpus.run.memo import KEY, Memo, Selection
from corpus.run.state import State
from corpus.sections import Annotate, Dedup

FEW = 2048
"""Texts up to which signatures are made in this process: worker processes take a second to begin."""


def compute_missing(
    state: State,
    memo: Memo,
    keys: pa.Array,
    places: Selection,
    *,
    function: Callable[[DocumentsTask], int],
    settings: Dedup | Annotate,
    stage: str,
) -> int:
    """Have `function` make the rows of `keys` that `memo` lacks, from the documents at `places`; returns how many.

    Two records may have one key only where they are one record, so nothing is made twice.
    """
    missing = memo.unknown(keys)
    state.listener.advanced(stage, len(keys) - len(missing))
    tasks = []
    size = state.settings.run.batch_records
    for path, rows, at in state.memo.by_shard(places.take(missing)):
        wanted = keys.take(pa.array(missing[at])).to_pylist()
        tasks += [
            DocumentsTask(
                path,
                np.ascontiguousarray(rows[start : start + size]),
                tuple(wanted[start : start + size]),
                settings,
                memo.new_shard(),
            )
            for start in range(0, len(rows), size)
        ]
    few = stage == "dedup" and len(missing) <= FEW
    for done in state.each(function, tasks, alone=few):
        if done.died:
            raise MemoryError(f"a worker of {stage} died at {len(done.task.rows)} documents")
        state.listener.advanced(stage, len(done.task.rows))
    memo.refresh()
    return len(missing)


def keys_at(memo: Memo, places: Selection, column: str) -> pa.Array:
    """A key column of the documents at `places`."""
    found = memo.narrow(places, [column])[column].combine_chunks()
    return found.cast(KEY) if not isinstance(found, pa.ChunkedArray) else pa.concat_arrays(found.chunks).cast(KEY)
