"""Readers and extraction hold what they promise on inputs that a fuzzer finds by coverage, in a bounded number."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import ROOT

RUNS = {"tests.ingest.fuzz": 10_000, "tests.clean.fuzz": 800}


@pytest.mark.slow
@pytest.mark.parametrize("module", RUNS)
def test_no_input_that_coverage_leads_to_breaks_a_reader_or_an_extraction(tmp_path: Path, module: str) -> None:
    pytest.importorskip("atheris", reason="atheris, which fuzzes, is not installed")
    command = [
        sys.executable, "-m", module, str(tmp_path / "found"), f"-runs={RUNS[module]}", "-seed=1", "-max_len=6000",
        "-timeout=60", "-rss_limit_mb=2048", f"-artifact_prefix={tmp_path}/",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Done {RUNS[module]} runs" in done.stderr
    edges = [int(found) for found in re.findall(r"cov: (\d+)", done.stderr)]
    assert edges[-1] > 1.1 * edges[len(edges) // 20] > 0, "what is found leads nowhere"
