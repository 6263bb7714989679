"""Records to documents: decode, extract, normalise, judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from corpus.clean.body import DATA_FILES as BODY_FILES
from corpus.clean.personal import FILE as PERSONAL
from corpus.clean.phrases import DATA_FILES
from corpus.clean.suspicious import FILE as SUSPICIOUS
from corpus.stage import Step

if TYPE_CHECKING:
    from corpus.sections import Clean, Filter, Privacy, Source

FILTERS = "clean/data/filters.toml"
STEPS: tuple[Step, ...] = (
    Step(
        stage="clean",
        verb="extract",
        module="corpus.clean.extraction",
        reads={"read": ()},
        writes=("documents",),
        local=True,
        settings=(
            "clean.max_markup_chars", "clean.max_nodes", "clean.page_kinds", "clean.repair_mojibake", "privacy",
            "source",
        ),
        libraries=(
            "trafilatura", "lxml", "htmldate", "py3langid", "chardetng-py", "ftfy", "markdown-it-py", "pyyaml", "regex",
            "numpy", "numba", "tzdata", "phonenumberslite",
        ),
        data_files=(*DATA_FILES, *BODY_FILES, SUSPICIOUS, PERSONAL),
    ),
    Step(
        stage="clean",
        verb="judge",
        module="corpus.clean.judgement",
        reads={
            "documents": (
                "record_id", "n_words", "n_chars", "truncated", "language", "signals", "fate", "reasons", "detail",
            )
        },
        writes=("judged",),
        local=True,
        settings=("clean.min_words", "clean.min_letters", "clean.max_link_density", "filter"),
        libraries=("pyarrow",),
        data_files=(FILTERS,),
    ),
)  # fmt: skip


def extract(
    batch: pa.RecordBatch, settings: Clean, sources: Mapping[str, Source], privacy: Privacy | None = None
) -> pa.RecordBatch:
    """The article of each record of READ, as rows of DOCUMENTS; see `corpus.clean.extraction`."""
    from corpus.clean import extraction  # trafilatura and its like take a second to import

    return extraction.extract(batch, settings, sources, privacy)


def judge(documents: pa.RecordBatch, settings: Clean, filters: Sequence[Filter] = ()) -> pa.RecordBatch:
    """The verdict on each of DOCUMENTS, as rows of JUDGED; see `corpus.clean.judgement`."""
    from corpus.clean import judgement

    return judgement.judge(documents, settings, filters)


__all__ = ["STEPS", "extract", "judge"]
