"""The whole way, as steps in order; what reads what is proved by `check_wiring`."""

from __future__ import annotations

from pathlib import Path

from corpus import annotate, clean, dedup, ingest
from corpus.run.fingerprint import code_digest, digest, fingerprint
from corpus.run.wiring import check_wiring
from corpus.settings import Settings
from corpus.stage import Step

STAGES = ("ingest", "clean", "dedup", "annotate", "validate", "publish")
STEPS: tuple[Step, ...] = (*ingest.STEPS, *clean.STEPS, *dedup.STEPS, *annotate.STEPS)


def fingerprints(settings: Settings, readers: Path | None = None) -> dict[str, str]:
    """The fingerprint of each step, by its name; the code in the folder `readers` counts for reading.

    Raises WiringError where the steps don't fit together, SettingsError where a project's reader can't be used.
    """
    check_wiring(STEPS)
    found = {step.name: fingerprint(step, settings) for step in STEPS}
    ingest.readers_of(readers)  # a faulty one has no syntax tree
    own = sorted(readers.glob("*.py")) if readers is not None else []
    if own:
        code = (f"{path.name}={code_digest(path)}" for path in own)
        found["ingest.read"] = digest(found["ingest.read"], *code)
    return found
