"""What all runs of pytest came to: the sum over their JUnit files, and what was skipped, with the reasons.

    python -m tests.tally FOLDER

Exits with 1 where a test failed, and where none ran.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree


class Tally(NamedTuple):
    """Tests by how they ended, their seconds, and how many were skipped for each reason."""

    passed: int
    failed: int
    seconds: float
    skipped: Counter[str]

    def line(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped.total()} skipped in {self.seconds:.2f}s"


def tally(folder: Path) -> Tally:
    """The sum over the `*.xml` files of a folder."""
    suites = [suite for path in sorted(folder.glob("*.xml")) for suite in ElementTree.parse(path).iter("testsuite")]
    skipped = Counter(found.get("message", "") for suite in suites for found in suite.iter("skipped"))
    failed = sum(int(suite.get(kind, "0")) for suite in suites for kind in ("failures", "errors"))
    ran = sum(int(suite.get("tests", "0")) for suite in suites)
    return Tally(
        ran - failed - skipped.total(), failed, sum(float(suite.get("time", "0")) for suite in suites), skipped
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    found = tally(parser.parse_args().folder)
    for reason, count in sorted(found.skipped.items()):
        print(f"{count} skipped: {reason}")
    print(found.line())
    return 0 if found.passed and not found.failed else 1


if __name__ == "__main__":
    raise SystemExit(main())
