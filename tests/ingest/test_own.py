"""A project's own readers: used without touching the package, and unable to break a run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpus.errors import SettingsError
from corpus.ingest import payload_of, read, readers_of, walk
from corpus.run.steps import fingerprints
from corpus.sections import Ingest, Source
from corpus.settings import Settings
from tests.ingest.archives import zipped
from tests.ingest.conftest import rule
from tests.projects import ROOT

DUMP = b"=====\nBridge closed\n#17\nThe bridge was closed.\n\nFor a year.\n=====\nFerry runs\nThe ferry runs.\n"
SOURCE = Source(path="**", name="all")
READER = """
class R:
    suffixes = {{'.x': 'text/x'}}

    def recognise(self, head):
        {recognise}

    def read(self, stream, task):
        {read}

READER = R()
"""
FAULTY = {
    "recognise": READER.format(recognise="raise KeyError('x')", read="yield"),
    "read": READER.format(recognise="return 'text/x'", read="stream.read(3); raise OSError('/etc/passwd'); yield"),
    "value": READER.format(recognise="return 'text/x'", read="return [1]"),
    "type": READER.format(recognise="return 7", read="yield"),
}


def example() -> str:
    (code,) = re.findall(
        r"<!-- reader: agency.py -->\n```python\n(.*?)```", (ROOT / "docs/readers.md").read_text(), re.S
    )
    return code


def rows_by(raw: Path, readers: Path) -> list[dict]:
    found = [batch for one in walk(raw) for batch in read(one, SOURCE, Ingest(), readers_of(readers))]
    return [row for batch in found for row in batch.to_pylist()]


@pytest.fixture
def readers(tmp_path: Path) -> Path:
    folder = tmp_path / "readers"
    folder.mkdir()
    return folder


def test_the_example_of_the_docs_reads_its_format(raw: Path, readers: Path) -> None:
    (readers / "agency.py").write_text(example())
    (raw / "a.txt").write_bytes(DUMP)
    (raw / "b.zip").write_bytes(zipped({"in.dump": DUMP[:60]}))
    one, two, member = rows_by(raw, readers)
    assert (one["own_id"], one["fields"]["title"]) == ("17", "Bridge closed")
    assert one["content"] == "The bridge was closed.\n\nFor a year.\n"
    assert (two["own_id"], two["content"]) == (None, "The ferry runs.\n")
    assert (member["raw_path"], member["media_type"]) == ("b.zip!/in.dump", "text/x-agency-dump")
    for row in (one, two, member):
        assert payload_of(raw, row, (), readers_of(readers)) == row["payload"]


@pytest.mark.parametrize("name", FAULTY)
def test_a_reader_that_fails_costs_the_file_and_says_where(raw: Path, readers: Path, name: str) -> None:
    (readers / "mine.py").write_text(FAULTY[name])
    (raw / "a.x").write_bytes(b"Some text.")
    (row,) = rows_by(raw, readers)
    assert (row["fate"], rule(row)) == ("quarantined", "reader_failed")
    assert row["reasons"][0]["value"].startswith("readers/mine.py: ")
    assert "/etc" not in str(row)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("x = 1", "no READER"),
        ("READER = 3", "without suffixes"),
        ("def", "SyntaxError"),
    ],
)
def test_a_file_that_is_no_reader_ends_the_run_with_its_name(readers: Path, code: str, message: str) -> None:
    (readers / "mine.py").write_text(code)
    with pytest.raises(SettingsError, match=message) as caught:
        readers_of(readers)
    assert caught.value.where == "readers/mine.py"
    assert caught.value.mend


def test_readers_may_share_a_file_of_their_own(raw: Path, readers: Path) -> None:
    (readers / "_shared.py").write_text("SUFFIXES = {'.x': 'text/x'}")
    code = FAULTY["value"].replace("{'.x': 'text/x'}", "SUFFIXES")
    (readers / "mine.py").write_text("from _shared import SUFFIXES\n" + code)
    assert readers_of(readers).own[0].suffixes == {".x": "text/x"}


def test_a_readers_code_counts_in_the_fingerprint_and_its_comments_do_not(readers: Path) -> None:
    def marks() -> dict[str, str]:
        return fingerprints(Settings(name="x"), readers)

    before = marks()
    assert before == fingerprints(Settings(name="x"), None)
    (readers / "mine.py").write_text(FAULTY["value"])
    first = marks()
    (readers / "mine.py").write_text("# why\n" + FAULTY["value"])
    assert marks() == first
    (readers / "mine.py").write_text(FAULTY["value"].replace("[1]", "[2]"))
    changed = marks()
    assert {name for name in first if first[name] != before[name]} == {"ingest.read"}
    assert {name for name in first if first[name] != changed[name]} == {"ingest.read"}
