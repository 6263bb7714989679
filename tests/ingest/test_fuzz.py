"""Readers hold what they promise on inputs that a fuzzer finds by coverage, for a bounded number of runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import ROOT

RUNS = 10_000


@pytest.mark.slow
def test_no_input_that_coverage_leads_to_breaks_a_reader(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris, which fuzzes, is not installed")
    command = [
        sys.executable, "-m", "tests.ingest.fuzz", str(tmp_path / "found"), f"-runs={RUNS}", "-seed=1", "-max_len=6000",
        "-timeout=30", "-rss_limit_mb=2048", f"-artifact_prefix={tmp_path}/",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Done {RUNS} runs" in done.stderr
