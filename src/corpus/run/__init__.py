"""How stages run: the whole pipeline as one plain function, what is remembered, the ledger, the lock."""

from corpus.run.figures import StageFigures
from corpus.run.lock import hold
from corpus.run.project import Project
from corpus.run.publication import Options, Outcome, Publication, publish, unchanged
from corpus.run.state import Listener, Silence
from corpus.run.steps import STAGES

__all__ = [
    "STAGES", "Listener", "Options", "Outcome", "Project", "Publication", "Silence", "StageFigures", "hold", "publish",
    "unchanged",
]  # fmt: skip
