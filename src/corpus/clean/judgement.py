"""Which documents are not articles: thresholds on what extraction measured, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from corpus.clean.filters import spoken
from corpus.sections import Clean, Filter
from corpus.working import JUDGED


def judge(documents: pa.RecordBatch, settings: Clean, filters: Sequence[Filter] = ()) -> pa.RecordBatch:
    """The verdict on each document, as rows of JUDGED: fate null, or `rejected` with every rule that speaks.

    Rules: `no_article` (extraction found no body, or a list of links: link_density above clean.max_link_density),
    `too_short` (n_words below clean.min_words, in UAX #29 words, of which Chinese, Japanese and Thai have about one per
    character), `not_prose` (letter_ratio below clean.min_letters); then the project's `filters`, each called as its
    signal. A fate that extraction set is handed on.
    """
    fates, reasons, details = [], [], []
    filtered = spoken(documents, filters) if filters else {}
    rows = zip(
        documents["fate"].to_pylist(), documents["reasons"].to_pylist(), documents["detail"].to_pylist(),
        documents["n_words"].to_pylist(), documents["n_chars"].to_pylist(),
        pc.struct_field(documents["signals"], "letter_ratio").to_pylist(),
        pc.struct_field(documents["signals"], "link_density").to_pylist(), strict=True,
    )  # fmt: skip
    for row, (fate, said, detail, n_words, n_chars, letters, density) in enumerate(rows):
        found: list[dict[str, str]] = []
        if fate is None:
            found = _rules(n_words or 0, n_chars or 0, letters or 0.0, density or 0.0, settings)
            found += filtered.get(row, ())
        fates.append(fate or ("rejected" if found else None))
        reasons.append(said if fate is not None else found)
        details.append(detail)
    return pa.RecordBatch.from_arrays(
        [
            documents["record_id"],
            pa.array(fates, JUDGED.field("fate").type),
            pa.array(reasons, JUDGED.field("reasons").type),
            pa.array(details, JUDGED.field("detail").type),
        ],
        schema=JUDGED,
    )


def _rules(n_words: int, n_chars: int, letters: float, density: float, settings: Clean) -> list[dict[str, str]]:
    found = []
    if not n_chars:
        found.append({"rule": "no_article", "value": "0 characters", "threshold": "1"})
    elif density > settings.max_link_density:
        value = f"{density} of the text is links"
        found.append({"rule": "no_article", "value": value, "threshold": str(settings.max_link_density)})
    if n_words < settings.min_words:
        found.append({"rule": "too_short", "value": str(n_words), "threshold": str(settings.min_words)})
    if n_chars and letters < settings.min_letters:
        found.append({"rule": "not_prose", "value": str(letters), "threshold": str(settings.min_letters)})
    return found
