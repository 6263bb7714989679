"""The proof, before anything runs, that every step finds what it reads."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.errors import WiringError
from corpus.stage import Step
from corpus.tables import TABLES
from corpus.working import WORKING

MADE_BY_RUN = ("keys", "article_input", "names", "citing", "addresses")
"""Working tables that `run` puts together out of others for a step."""


def check_wiring(steps: Iterable[Step]) -> None:
    """Raise WiringError where a step reads a table or column that is not declared, or that no step before it writes."""
    made: set[str] = set()
    for step in steps:
        for table, columns in step.reads.items():
            declared = WORKING[table].names if table in WORKING else None
            if declared is None:
                raise WiringError(
                    f"step {step.name} reads the table {table}, which is not declared",
                    mend="declare it in corpus/working.py",
                )
            if table not in made and table not in MADE_BY_RUN:
                raise WiringError(
                    f"step {step.name} reads {table}, which no step before it writes (made so far: {sorted(made)})",
                    mend="put the step that writes it before this one in corpus/run/steps.py",
                )
            if missing := [name for name in columns if name not in declared]:
                raise WiringError(
                    f"step {step.name} reads {table}.{missing[0]}, which {table} does not have",
                    mend=f"its columns are: {', '.join(declared)}",
                )
        for table in step.writes:
            if table not in WORKING and table not in TABLES:
                raise WiringError(f"step {step.name} writes the undeclared table {table}", mend="declare it first")
            made.add(table)
