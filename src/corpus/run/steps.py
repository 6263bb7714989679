"""The whole way, as steps in order; what reads what is proved by `check_wiring`."""

from __future__ import annotations

from corpus import annotate, clean, dedup, ingest
from corpus.run.fingerprint import fingerprint
from corpus.run.wiring import check_wiring
from corpus.settings import Settings
from corpus.stage import Step

STAGES = ("ingest", "clean", "dedup", "annotate", "validate", "publish")
STEPS: tuple[Step, ...] = (*ingest.STEPS, *clean.STEPS, *dedup.STEPS, *annotate.STEPS)


def fingerprints(settings: Settings) -> dict[str, str]:
    """The fingerprint of each step, by its name. Raises WiringError where the steps don't fit together."""
    check_wiring(STEPS)
    return {step.name: fingerprint(step, settings) for step in STEPS}
