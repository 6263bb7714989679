"""The project's lock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import HeldError
from corpus.run.lock import hold

HOLD = """
import sys, pathlib
from corpus.run.lock import hold
with hold(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_who_holds_it_and_gets_it_after(tmp_path: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None and other.stdout.readline() == "held\n"
    with pytest.raises(HeldError, match=f"process {other.pid}"), hold(tmp_path):
        pass
    other.kill()
    other.wait()
    with hold(tmp_path):
        pass


def test_the_same_process_may_hold_it_within_itself(tmp_path: Path) -> None:
    with hold(tmp_path), hold(tmp_path):
        pass
    with hold(tmp_path):
        pass
