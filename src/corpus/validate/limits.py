"""How much change is let through: a setting where little is known, a source's own past releases where more is.

A limit is the setting's (the prior) and the history's (median + 6 robust standard deviations, by the median absolute
deviation: Hampel 1974, Leys et al. 2013), weighed by how many releases there are, and kept within a band around the
setting, so that neither a quiet past makes it brittle nor a wild one makes it blind.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from corpus.validate.history import CHANGE

LOOKED_BACK = 30
"""Releases: older ones say little about a source as it is now."""
PRIOR_RELEASES = 5
"""Releases that the setting counts for."""
DEVIATIONS = 6.0
"""Robust standard deviations above the median: some thousand scopes and releases are judged without a false alarm."""
TO_SIGMA = 1.4826
"""Of a normal distribution: standard deviations per median absolute deviation."""
NARROWEST, WIDEST = 0.6, 1.6
"""The band around the setting, in multiples of it."""


def learned(prior: float, past: Sequence[float]) -> float:
    """The limit for a scope whose past releases changed by `past` (newest last), rounded to 4 places."""
    values = list(past)[-LOOKED_BACK:]
    if not values:
        return round(prior, 4)
    middle = statistics.median(values)
    spread = TO_SIGMA * statistics.median(abs(value - middle) for value in values)
    weight = len(values) / (len(values) + PRIOR_RELEASES)
    limit = (1 - weight) * prior + weight * (middle + DEVIATIONS * spread)
    return round(min(max(limit, NARROWEST * prior), WIDEST * prior, 1.0), 4)


@dataclass(frozen=True)
class Past:
    """What gates on change measured in the releases so far, by gate and scope, oldest first."""

    values: dict[tuple[str, str | None], list[float]] = field(default_factory=dict)

    @classmethod
    def of(cls, history: pa.Table | None) -> Past:
        """From the history's table; refused runs were never published, and teach nothing."""
        found: dict[tuple[str, str | None], list[float]] = defaultdict(list)
        if history is not None and history.num_rows:
            kept = history.filter(pc.and_(pc.equal(history["kind"], CHANGE), pc.is_valid(history["version"])))
            for name, scope, value in zip(*(kept[c].to_pylist() for c in ("name", "scope", "value")), strict=True):
                found[name, scope].append(value)
        return cls(dict(found))

    def limit(self, gate: str, scope: str | None, prior: float) -> float:
        """The largest change that is let through."""
        return learned(prior, self.values.get((gate, scope), ()))

    def releases(self, gate: str, scope: str | None) -> int:
        """Releases that the limit was learned from."""
        return min(len(self.values.get((gate, scope), ())), LOOKED_BACK)
