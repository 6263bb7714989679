"""The wiring check."""

from __future__ import annotations

import pytest

from corpus.errors import WiringError
from corpus.run.steps import STEPS
from corpus.run.wiring import check_wiring
from corpus.stage import Step


def step(name: str, reads: dict[str, tuple[str, ...]], writes: tuple[str, ...]) -> Step:
    return Step(name, "do", f"corpus.{name}", reads, writes, local=True)


def test_the_real_steps_fit_together() -> None:
    check_wiring(STEPS)
    assert {step.stage for step in STEPS} == {"ingest", "clean", "dedup", "annotate"}


def test_a_table_read_before_it_is_written_is_refused() -> None:
    with pytest.raises(WiringError, match="clean.do reads read, which no step before it writes"):
        check_wiring([step("clean", {"read": ()}, ("documents",)), step("ingest", {}, ("read",))])


def test_a_column_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(WiringError, match=r"reads documents\.colour"):
        check_wiring([step("clean", {}, ("documents",)), step("dedup", {"documents": ("colour",)}, ())])


def test_an_undeclared_table_is_refused() -> None:
    with pytest.raises(WiringError, match="writes the undeclared table nonsense"):
        check_wiring([step("clean", {}, ("nonsense",))])
