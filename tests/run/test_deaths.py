"""A record that kills the process which reads its file costs itself alone, however it kills and whatever the format."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.run import Project, Publication
from corpus.run.assembling import ledger_rows
from corpus.run.deaths import Deaths, Marker, place_of
from tests.ingest.archives import tarred
from tests.ingest.test_progress import FILES
from tests.projects import article, new_project

READER = """
import hashlib, os, signal
from corpus.ingest.reader import Record

class Stories:
    suffixes = {'.stories': 'text/x-stories'}

    def recognise(self, head):
        return None

    def read(self, stream, task):
        at = 0
        for part in stream.read(1 << 20).split(b'=====\\n'):
            place = (at, at + len(part), hashlib.sha256(part).hexdigest(), 'text/plain')
            at += len(part) + 6
            if (lost := task.begin(place[0])) is not None:
                yield Record(*place, fault=lost)
                continue
            if b'KILLS BY SIGKILL' in part:
                os.kill(os.getpid(), signal.SIGKILL)
            if b'KILLS BY SEGFAULT' in part:
                os.kill(os.getpid(), signal.SIGSEGV)
            while b'KILLS BY SPIN' in part:
                pass
            yield Record(*place, payload=part)

READER = Stories()
"""
SILENT = READER.replace(".stories", ".silent").replace("task.begin(place[0])", "None")
HOOK = """
import importlib.util, os, signal

if importlib.util.find_spec('corpus'):
    from corpus.ingest import json_values, delimited, feed, warc, columnar

    def killing(own):
        def maybe(*given, **named):
            if 'number 2 ' in repr(given):
                os.kill(os.getpid(), signal.SIGKILL)
            return own(*given, **named)
        return maybe

    for module, name in (
        (json_values, 'row_of'), (delimited, 'table_record'), (feed, 'parse_entry'), (warc, 'document_type'),
        (columnar, 'jsonable'),
    ):
        setattr(module, name, killing(getattr(module, name)))
"""
"""The third record of each of test_progress.FILES kills whoever takes it apart, like a fault in a library would."""


def ledger(folder: Path, files: dict[str, bytes | str], readers: dict[str, str] | None = None, **settings: str) -> list:
    settings = {"isolate": "true", "enabled": "false", **settings}
    project = new_project(folder, files, **settings)
    toml = folder / "corpus.toml"
    text = toml.read_text().replace("for one record: the last resort, where a reader", "where a reader")
    toml.write_text(text.replace("max_cpu_seconds = 900 ", "max_cpu_seconds = 2 "))
    for name, code in (readers or {}).items():
        project.readers.mkdir(exist_ok=True)
        (project.readers / name).write_text(code)
    with Publication(Project.find(folder)) as run:
        for stage in ("ingest", "clean", "dedup"):
            run.do(stage)
        assert run._state is not None
        rows: list = ledger_rows(run._state.inputs, run._state.judged, run._state.folds).to_pylist()
        return rows


def stories(kills: dict[int, str], first: int = 0, count: int = 9) -> str:
    texts = [article(n + first) + (f"\nKILLS BY {kills[n]} here.\n" if n in kills else "") for n in range(count)]
    return "=====\n".join(texts)


@pytest.mark.slow
def test_records_that_kill_their_reader_are_quarantined_one_by_one(tmp_path: Path) -> None:
    kills = {2: "SIGKILL", 7: "SPIN"}
    silently = stories({4: "SEGFAULT"}, 30)
    files: dict[str, bytes | str] = {"a.stories": stories(kills), "b.txt": article(25), "c.silent": silently}
    readers = {"stories.py": READER, "silent.py": SILENT}
    rows = ledger(tmp_path / "p", files, readers, workers="2", batch_records="2")
    mine = sorted((row for row in rows if row["raw_path"] == "a.stories"), key=lambda row: row["byte_start"])
    rules = [row["reasons"][0]["rule"] if row["reasons"] else None for row in mine]
    assert rules == [None, None, "worker_died", None, None, None, None, "time_limit", None]
    assert all(row["sha256"] and row["fate"] == "quarantined" for row in mine if row["reasons"])
    assert mine[7]["reasons"][0]["threshold"] == "2 CPU-seconds"
    silent = sorted((row for row in rows if row["raw_path"] == "c.silent"), key=lambda row: row["byte_start"])
    assert [row["fate"] for row in silent][-1] == "quarantined" and len(silent) == 5
    assert silent[-1]["byte_end"] == len(silently)  # what can't be passed over goes to the end
    assert "next record" in silent[-1]["detail"]
    assert [row["fate"] for row in rows if row["raw_path"] == "b.txt"] == ["published"]


@pytest.mark.slow
def test_a_record_that_kills_a_reader_of_the_package_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(HOOK)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(hooks), os.environ.get("PYTHONPATH")))))
    names = ("a.csv", "a.parquet", "a.warc.gz")
    files: dict[str, bytes | str] = {name: FILES[name] for name in names}
    files["rows.tar"] = tarred({"rows.jsonl": FILES["a.jsonl"], "z.html": FILES["a.html"]})
    rows = ledger(tmp_path / "p", files, workers="2", min_words="2")
    for path in (*names, "rows.tar!/rows.jsonl"):
        mine = [row for row in rows if row["raw_path"] == path]
        dead = [row for row in mine if row["reasons"] and row["reasons"][0]["rule"] == "worker_died"]
        assert (len(mine), len(dead)) == (5, 1), path
        assert path == "a.parquet" or (dead[0]["byte_end"] and dead[0]["sha256"])


@pytest.mark.slow
def test_a_file_that_kills_too_often_is_given_up_and_read_again_the_same_way(tmp_path: Path) -> None:
    kills = dict.fromkeys((1, 3, 5), "SIGKILL")
    folder = tmp_path / "p"
    rows = ledger(folder, {"a.stories": stories(kills)}, {"stories.py": READER}, workers="1", max_restarts="1")
    rows.sort(key=lambda row: row["byte_start"])
    assert [row["fate"] for row in rows] == [*["published", "quarantined"] * 2, "quarantined"]
    assert rows[-1]["reasons"][0] == {"rule": "worker_died", "value": "2", "threshold": "1 times"}
    assert rows[-1]["byte_end"] == len(stories(kills))
    toml = folder / "corpus.toml"
    toml.write_text(toml.read_text().replace("repair_mojibake = true", "repair_mojibake = false"))
    with Publication(Project.find(folder)) as run:  # cleaned anew: the file is read again
        for stage in ("ingest", "clean", "dedup"):
            run.do(stage)
        assert run._state is not None
        again = ledger_rows(run._state.inputs, run._state.judged, run._state.folds).to_pylist()
    assert sorted(again, key=lambda row: row["byte_start"]) == rows


def test_the_place_that_was_told_last_is_found_whatever_became_of_the_process(tmp_path: Path) -> None:
    path = tmp_path / "place"
    assert place_of(path) is None
    if (child := os.fork()) == 0:
        marker = Marker(path, 900)
        marker.begin(3)
        marker.tell(70_000)
        os.abort()
    os.waitpid(child, 0)
    assert place_of(path) == (3, 70_000)
    path.write_bytes(b"")
    assert place_of(path) is None


def test_deaths_are_remembered_in_their_order_and_end_at_the_limit() -> None:
    once = Deaths().with_another(40, "worker_died", 1)
    twice = once.with_another(90, "time_limit", 1)
    assert (twice.steps, twice.count) == (((40, "worker_died"), (90, "time_limit")), 2)
    # what kills at another place each time: the steps behind the earliest are not known to be the same any more
    assert twice.with_another(50, "worker_died", 1).steps == ((40, "worker_died"), (50, "worker_died"))
    assert once.with_another(0, "worker_died", 1).whole == "worker_died"
    many = Deaths()
    while many.whole is None:
        many = many.with_another(1 + many.count % 2, "worker_died", 1)
    assert many.count < 20
