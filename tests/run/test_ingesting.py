"""A file that kills the process which reads it costs itself alone; archives go the whole way."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from corpus.run import Publication
from corpus.run.assembling import ledger_rows
from tests.ingest.archives import by_record, response, warc_record, zipped
from tests.projects import article, new_project

KILLER = """
import os, signal

class Killer:
    suffixes = {'.kill': 'text/plain'}

    def recognise(self, head):
        return None

    def read(self, stream, task):
        os.kill(os.getpid(), signal.SIGKILL)
        yield

READER = Killer()
"""


def ledger(folder: Path, files: dict[str, bytes | str], readers: dict[str, str], **settings: str) -> pa.Table:
    project = new_project(folder, files, **settings)
    for name, code in readers.items():
        project.readers.mkdir(exist_ok=True)
        (project.readers / name).write_text(code)
    with Publication(project) as run:
        for stage in ("ingest", "clean", "dedup"):
            run.do(stage)
        assert run._state is not None
        return ledger_rows(run._state.inputs, run._state.judged, run._state.folds)


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "batch_records"), [("2", "2"), ("0", "512")])
def test_a_file_that_kills_its_worker_is_quarantined_and_the_run_goes_on(
    tmp_path: Path, workers: str, batch_records: str
) -> None:
    files: dict[str, bytes | str] = {f"{n}.txt": article(n) for n in range(3)}
    files["bad.kill"] = "x"
    settings = {"workers": workers, "batch_records": batch_records, "isolate": "true"}
    rows = ledger(tmp_path / "p", files, {"killer.py": KILLER}, **settings).to_pylist()
    fates = {row["raw_path"]: row["fate"] for row in rows}
    assert fates == {**dict.fromkeys(files, "published"), "bad.kill": "quarantined"}
    (bad,) = [row for row in rows if row["raw_path"] == "bad.kill"]
    assert bad["reasons"][0]["rule"] == "worker_died"


def page(n: int) -> bytes:
    body = "".join(f"<p>{part}</p>" for part in article(n).split("\n\n"))
    return f"<html><head><title>Report {n}</title></head><body><article>{body}</article></body></html>".encode()


def test_every_record_of_every_container_is_in_the_ledger_once(tmp_path: Path) -> None:
    captures = by_record(
        [warc_record(response(page(n)), n) for n in range(2)] + [warc_record(response(b"", status="404 No"), 9)]
    )
    rows = "\n".join(json.dumps({"id": str(n), "text": article(n)}) for n in (4, 5))
    files: dict[str, bytes | str] = {
        "crawl.warc.gz": captures,
        "more.zip": zipped({"a.html": page(2), "rows.jsonl": rows.encode(), "../b.txt": b"x"}),
        "table.csv": "id,text\n" + "".join(f'{n},"{article(n)}"\n' for n in (6, 7)),
    }
    found = ledger(tmp_path / "p", files, {}).to_pylist()
    fates = sorted((row["raw_path"], row["fate"]) for row in found)
    assert fates == [
        ("crawl.warc.gz", "published"), ("crawl.warc.gz", "published"), ("crawl.warc.gz", "rejected"),
        ("more.zip!/../b.txt", "quarantined"), ("more.zip!/a.html", "published"),
        ("more.zip!/rows.jsonl", "published"), ("more.zip!/rows.jsonl", "published"),
        ("table.csv", "published"), ("table.csv", "published"),
    ]  # fmt: skip


def test_the_ledger_names_the_encoding_that_was_chosen_and_why(tmp_path: Path) -> None:
    german = (article(3) + "Über die größere Brücke äußerte sich der Bürgermeister.\n").encode("cp1252")
    rows = b'{"text": "%s"}\n' % article(5).replace("\n", "\\n").encode() + b"{broken\n"
    found = ledger(tmp_path / "p", {"a.txt": article(1), "b.txt": german, "c.jsonl": rows}, {}).to_pylist()
    assert {row["raw_path"]: row["detail"] for row in found if row["fate"] == "published"} == {
        "a.txt": "decoded as utf-8: utf8", "b.txt": "decoded as cp1252: detected", "c.jsonl": None,
    }  # fmt: skip
    nothing = ledger(tmp_path / "q", {"x.png": b"\x89PNG\r\n\x1a\n"}, {}).to_pylist()
    assert [row["fate"] for row in nothing] == ["rejected"]


def test_two_captures_of_one_page_are_versions_of_one_article(tmp_path: Path) -> None:
    later = {"WARC_Date": "2026-03-09T00:00:00Z", "WARC_Target_URI": "https://news.example/1"}
    more = page(1).replace(b"</article>", b"<p>Another line was added to the report later on.</p></article>")
    data = by_record([warc_record(response(page(1)), 1), warc_record(response(more), 2, **later)])
    found = ledger(tmp_path / "p", {"a.warc.gz": data}, {}).to_pylist()
    assert sorted(row["fate"] for row in found) == ["duplicate", "published"]
