"""The sum that `make test` and `make slow` end with."""

from pathlib import Path

from tests.tally import tally

SUITE = (
    '<testsuites><testsuite errors="1" failures="1" skipped="1" tests="5" time="1.5"><testcase name="a"/>'
    '<testcase name="b"><skipped message="no Chromium"/></testcase></testsuite></testsuites>'
)


def test_runs_are_summed_and_say_what_was_skipped(tmp_path: Path) -> None:
    for name in ("test.xml", "slow-run.xml"):
        (tmp_path / name).write_text(SUITE, encoding="utf-8")
    found = tally(tmp_path)
    assert found.line() == "4 passed, 4 failed, 2 skipped in 3.00s" and found.skipped == {"no Chromium": 2}


def test_nothing_run_is_no_pass(tmp_path: Path) -> None:
    assert tally(tmp_path).passed == 0
