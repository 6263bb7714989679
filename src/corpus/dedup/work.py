"""What the steps of `fold` work on together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.identity import Identities
from corpus.dedup.narrow import Narrow
from corpus.dedup.standing import Standing
from corpus.dedup.wide import Wide
from corpus.sections import Dedup


def ten_thousandths(share: float) -> int:
    """A setting from 0 to 1 in ten-thousandths, as similarities are counted."""
    return round(share * 10_000)


@dataclass(frozen=True)
class Levels:
    """The settings' shares in ten-thousandths."""

    near: int
    safe: int
    contained: int
    version: int
    version_contained: int

    @classmethod
    def of(cls, settings: Dedup) -> Levels:
        """Convert each share."""
        return cls(
            near=ten_thousandths(settings.near_jaccard),
            safe=ten_thousandths(settings.safe_jaccard),
            contained=ten_thousandths(settings.contained_share),
            version=ten_thousandths(settings.version_jaccard),
            version_contained=ten_thousandths(settings.version_containment),
        )


@dataclass(frozen=True)
class Work:
    """The corpus on narrow columns, and where each record stands, which each step carries on.

    `keys`: KEYS as given; `corpus`, `ids` and `sketch` (a byte of each MinHash value) in the order of record ids.
    """

    keys: pa.Table
    corpus: Narrow
    ids: Identities
    sketch: npt.NDArray[np.uint8]
    wide: Wide
    settings: Dedup
    levels: Levels
    standing: Standing
