"""Files that change while they are read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from corpus.ingest import read, reading, walk
from corpus.sections import Ingest, Source
from tests.ingest.conftest import read_all, rule

TEXT = b"The bridge over the Aller was closed on Monday.\n"
SOURCE = Source(path="**", name="test")


def changing(monkeypatch: pytest.MonkeyPatch, change: Callable[[int], None]) -> None:
    """`change(n)` happens during the n-th reading of the file."""
    sniff, calls = reading.sniff, iter(range(10**9))

    def sniffed(*arguments: object):
        change(next(calls))
        return sniff(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "sniff", sniffed)


def test_a_file_that_changes_once_is_read_again(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raw / "a.txt"
    path.write_bytes(TEXT)
    changing(monkeypatch, lambda n: path.write_bytes(b"Another text.") if n == 0 else None)
    (row,) = read_all(raw)
    assert (row["fate"], row["payload"]) == (None, b"Another text.")


def test_a_file_that_keeps_changing_is_quarantined(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raw / "a.txt"
    path.write_bytes(TEXT)
    changing(monkeypatch, lambda n: path.write_bytes(b"x" * n) and None)
    (row,) = read_all(raw)
    assert (row["fate"], rule(row), row["payload"], row["sha256"]) == ("quarantined", "changed_while_read", None, None)


def test_a_file_that_is_replaced_while_it_is_read_has_changed(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raw / "a.txt"
    path.write_bytes(TEXT)

    def replace(n: int) -> None:
        state = path.stat()
        (raw / "new").write_bytes(TEXT)
        os.utime(raw / "new", ns=(state.st_atime_ns, state.st_mtime_ns))
        (raw / "new").rename(path)

    changing(monkeypatch, replace)
    assert rule(read_all(raw)[0]) == "changed_while_read"


def test_lines_given_before_a_change_stay_and_the_rest_is_told(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raw / "a.jsonl"
    path.write_bytes(b"".join(b'{"text": "line %d"}\n' % n for n in range(10)))
    monkeypatch.setattr("corpus.ingest.rows.BATCH_ROWS", 4)
    (found,) = walk(raw)
    batches = read(found, SOURCE, Ingest())
    first = next(batches)
    path.write_bytes(b"{}")
    (second,) = list(batches)
    rows = pa.Table.from_batches([first, second]).to_pylist()
    assert [rule(row) for row in rows] == [None] * 4 + ["changed_while_read"]
    assert [row["entry"] for row in rows] == [0, 1, 2, 3, 4]
