"""Tables -> verdict: conservation, Great Expectations suites, relations, and change against the last release."""

from corpus.stage import Step
from corpus.tables import TABLES
from corpus.validate.gates import validate
from corpus.validate.verdict import GateContext, GateResult, Verdict
from corpus.validate.walk import inventory

STEPS: tuple[Step, ...] = (
    Step(
        stage="validate",
        verb="validate",
        module="corpus.validate",
        reads=dict.fromkeys(TABLES, ()),
        writes=(),
        local=False,
        settings=("validate",),
        libraries=("great-expectations", "duckdb", "duckdb-engine", "sqlalchemy"),
    ),
)

__all__ = ["STEPS", "GateContext", "GateResult", "Verdict", "inventory", "validate"]
