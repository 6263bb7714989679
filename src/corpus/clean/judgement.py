"""Which documents are not articles: thresholds on what extraction measured, and nothing else."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from corpus.sections import Clean
from corpus.working import JUDGED

NOT_LETTER = r"[^\pL\pM]"  # vowel signs of Indic and Thai script are marks
SPACE = r"\s|\p{Z}"
PLACES = 4


def judge(documents: pa.RecordBatch, settings: Clean) -> pa.RecordBatch:
    """The verdict on each document, as rows of JUDGED: fate null, or `rejected` with every rule that speaks.

    Rules: `no_article` (extraction found no body, or a list of links: link_density above clean.max_link_density),
    `too_short` (n_words below clean.min_words, in UAX #29 words, of
    which Chinese, Japanese and Thai have about one per character), `not_prose` (letters per character that is not space
    below clean.min_letters). A fate that extraction set is handed on.
    """
    texts = documents["text"].cast(pa.large_string())
    letters = _lengths_without(texts, NOT_LETTER)
    solid = _lengths_without(texts, SPACE)
    fates, reasons, details = [], [], []
    rows = zip(
        documents["fate"].to_pylist(), documents["reasons"].to_pylist(), documents["detail"].to_pylist(),
        documents["n_words"].to_pylist(), letters, solid,
        pc.struct_field(documents["signals"], "link_density").to_pylist(), strict=True,
    )  # fmt: skip
    for fate, said, detail, n_words, n_letters, n_solid, density in rows:
        found = [] if fate is not None else _rules(n_words or 0, n_letters or 0, n_solid or 0, density or 0.0, settings)
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


def _lengths_without(texts: pa.Array, pattern: str) -> list[int | None]:
    lengths: list[int | None] = pc.utf8_length(pc.replace_substring_regex(texts, pattern, "")).to_pylist()
    return lengths


def _rules(n_words: int, letters: int, solid: int, density: float, settings: Clean) -> list[dict[str, str]]:
    found = []
    if not solid:
        found.append({"rule": "no_article", "value": "0 characters", "threshold": "1"})
    elif density > settings.max_link_density:
        value = f"{density} of the text is links"
        found.append({"rule": "no_article", "value": value, "threshold": str(settings.max_link_density)})
    if n_words < settings.min_words:
        found.append({"rule": "too_short", "value": str(n_words), "threshold": str(settings.min_words)})
    share = round(letters / solid, PLACES) if solid else 1.0
    if share < settings.min_letters:
        found.append({"rule": "not_prose", "value": str(share), "threshold": str(settings.min_letters)})
    return found
