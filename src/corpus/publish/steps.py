"""What `publish` declares of itself: it changes no row, so its step writes no table."""

from __future__ import annotations

from corpus.stage import Step

STEPS = (
    Step(
        stage="publish",
        verb="publish",
        module="corpus.publish.write",
        reads={},
        writes=(),
        local=False,
        settings=("publish",),
        libraries=("pyarrow",),
    ),
)
