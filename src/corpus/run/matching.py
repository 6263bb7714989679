"""Driving `match`: hold what is new against the references, and say of every record what it matches."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus import dedup
from corpus.run.memo import Memo, Selection
from corpus.run.references import open_references
from corpus.run.state import State
from corpus.shards import read_rows, write_shard
from corpus.working import FOLDS, MATCHES, SIGNATURES

AT_ONCE = 512


def matches_of(state: State, keys: pa.Array, signatures: Memo, signed: Selection) -> pa.ChunkedArray:
    """MATCHES.matches of each record that goes on; `keys`: the keys of their signatures, `signed` where those lie."""
    memo = state.memo_of("dedup.match", MATCHES)
    missing = memo.unknown(keys)
    if len(missing):
        references = open_references(state)
        for path, rows, at in state.memo.by_shard(state.documents.take(missing)):
            parts = []
            for start in range(0, len(rows), AT_ONCE):
                here = missing[at[start : start + AT_ONCE]]
                documents = read_rows(path, rows[start : start + AT_ONCE], ["record_id", "text"])
                known = signatures.narrow(signed.take(here), SIGNATURES.names)
                made = dedup.match(_batch(documents), _batch(known), references)
                table = pa.Table.from_batches([made])
                parts.append(table.add_column(0, memo.schema.field("key"), keys.take(pa.array(here))))
            write_shard(memo.new_shard(), pa.concat_tables(parts))
        memo.refresh()
    return memo.narrow(memo.select(keys), ["matches"])["matches"]


def _batch(table: pa.Table) -> pa.RecordBatch:
    batches = table.combine_chunks().to_batches()
    return batches[0]


def rejected(record_ids: pa.ChunkedArray, matches: pa.ChunkedArray) -> pa.Table:
    """FOLDS of the records that match a reference."""
    hit = np.flatnonzero(pc.greater(pc.list_value_length(matches), 0).to_numpy())
    rows = []
    for record_id, found in zip(record_ids.take(pa.array(hit)), matches.take(pa.array(hit)).to_pylist(), strict=True):
        told = [f"row {m['row_id']!r} of reference {m['reference']!r} ({m['measure']} {m['value']:g})" for m in found]
        reasons = [
            {"rule": "matches_reference", "value": f"{m['value']:g}", "threshold": f"{m['threshold']:g}"} for m in found
        ]
        rows.append(
            {
                "record_id": record_id.as_py(),
                "fate": "rejected",
                "reasons": reasons,
                "detail": f"matches {', '.join(told)}",
            }
        )
    return pa.Table.from_pylist(rows, FOLDS)
