"""Tables → release: Parquet files, digests, manifest, card, Croissant, the one commit, and whatever reads a release.

Writing: `write` (Parquet), `card`, `croissant`, `manifest` (from `facts`), `reload` (as users will load it),
`numbering` (the next version), `commit`. Reading, which needs no more than pyarrow and datasets: `releases`, `load`,
`verify`, `versions`, `diff`. Import from these modules: several of their verbs bear their module's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.publish.steps import STEPS

__all__ = ["STEPS"]


def __getattr__(name: str) -> object:
    if name == "STEPS":
        from corpus.publish.steps import STEPS

        return STEPS
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
