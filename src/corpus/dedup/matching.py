"""`match`: which documents match a row of another corpus. Each is judged by itself, so a match can be remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from corpus.working import MATCHES

if TYPE_CHECKING:
    from corpus.dedup.reference import Reference
NGRAMS = "ngrams"


def match(documents: pa.RecordBatch, signatures: pa.RecordBatch, references: Sequence[Reference]) -> pa.RecordBatch:
    """MATCHES of documents (columns record_id, text) with their SIGNATURES, row by row: one for each reference hit."""
    from corpus.dedup.sets import ONE

    texts = documents.column("text")
    found: list[list[dict[str, object]]] = [[] for _ in range(documents.num_rows)]
    for reference in references:
        for i, row_id, measure, value, threshold in reference.match(signatures, texts):
            scale = 1 if measure == NGRAMS else ONE
            found[i].append(
                {
                    "reference": reference.against.name, "row_id": row_id, "measure": measure,
                    "value": value / scale, "threshold": threshold / scale,
                }
            )  # fmt: skip
    return pa.record_batch(
        [documents.column("record_id"), pa.array(found, MATCHES.field("matches").type)], schema=MATCHES
    )
