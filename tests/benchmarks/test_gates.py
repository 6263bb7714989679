"""The benchmark of the gates runs: both engines ask the same and find the same."""

from __future__ import annotations

import pytest

from benchmarks.gates import costs, suite


@pytest.mark.slow
def test_both_engines_hold_every_expectation_and_ours_stays_within_its_memory():
    ours, theirs = costs(20_000)
    assert ours.held == theirs.held == len(suite("")["expectations"]) == 25
    assert ours.mebibytes < 1024
