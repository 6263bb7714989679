"""What a report is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus.publish.changes import ArticleChanges
    from corpus.run.figures import StageFigures
    from corpus.validate.verdict import Verdict


@dataclass(frozen=True)
class Withheld:
    """A text that is not published, and what it is: as extracted, the beginning of the bytes, or why there is none."""

    what: str
    text: str


@dataclass(frozen=True)
class ReportFacts:
    """The staged tables, the verdict on them, and what the run says of itself.

    `version` is None where the gates refused; `tables` is the folder of staged tables; `parent` the folder of the last
    release, None for the first; `settings` is corpus.toml as it was in force, section by section; `versions` what it
    was made with (libraries, models, fingerprints); `history` the rows of `corpus.validate.history` up to this
    release; `changes` the articles compared with the parent's, where that is known already; `withheld` gives
    the text of a record (a row of `records`) that is not published, None in a report that is; `temporary` is a folder
    for what a query can't hold in memory.
    """

    name: str
    title: str
    version: str | None
    tables: Path
    verdict: Verdict
    figures: tuple[StageFigures, ...]
    settings: Mapping[str, object]
    parent: Path | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    history: pa.Table | None = None
    changes: ArticleChanges | None = None
    withheld: Callable[[Mapping[str, object]], Withheld] | None = None
    temporary: Path | None = None
