"""What a step of a stage declares of itself, so that the wiring is proved before anything runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa

Fetch = Callable[[pa.Array, list[str]], pa.Table]
"""`fetch(record_ids, columns)`: those wide columns of those records (each id at most once), in no promised order.
How a global step gets at texts and shingles, which it may do for candidates only."""


@dataclass(frozen=True)
class Step:
    """One verb of a stage: what it reads and writes, and all that its results depend on.

    `reads` maps a working table to the columns used (empty: all of them); `writes` names the working or published
    tables that it makes. `local`: turns one record into its rows and knows no other, so `run` may remember its rows.
    `settings` names the sections of corpus.toml, or single keys like `clean.min_words`, that it reads; `libraries` the
    distributions whose versions its results depend on; `module` where its code starts, for the fingerprint.
    """

    stage: str
    verb: str
    module: str
    reads: dict[str, tuple[str, ...]]
    writes: tuple[str, ...]
    local: bool
    settings: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    data_files: tuple[str, ...] = field(default=())  # package data that decides results, relative to src/corpus

    @property
    def name(self) -> str:
        """`stage.verb`, as logs, cache folders and the manifest say it."""
        return f"{self.stage}.{self.verb}"
