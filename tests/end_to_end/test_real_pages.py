"""Real pages, as they lie in an archive: what they hold never makes a gate refuse the release."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpus.run import publish
from tests.projects import eval_data, new_project, table

PAGES = eval_data() / "extraction"
EVERY = 10  # of about 1,600 pages: enough for what one page in fifty holds


@pytest.mark.slow
@pytest.mark.skipif(not PAGES.is_dir(), reason=f"no saved pages at {PAGES}: set CORPUS_EVAL_DATA")
def test_every_tenth_of_the_saved_pages_publishes_and_keeps_the_contract(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {}
    for path in sorted(PAGES.glob("*.parquet")):
        pages = pq.read_table(path, columns=["page_id", "html"]).to_pylist()[::EVERY]
        files |= {f"{path.stem}/{number:04}.html": page["html"] for number, page in enumerate(pages)}
    assert len(files) > 100
    release = publish(new_project(tmp_path / "pages", files)).folder
    assert table(release, "records").num_rows == len(files)
    scorer = eval_data().parent / "score" / "contract.py"
    if scorer.is_file():
        done = subprocess.run([sys.executable, str(scorer), str(release)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
