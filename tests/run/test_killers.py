"""A record that kills the process which cleans it costs itself alone, however it kills."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from corpus.run import Project, Publication
from corpus.run.assembling import ledger_rows
from tests.projects import article, new_project

HOOK = """
import ctypes, importlib.util, os, signal, sys

def spin():
    while True:
        pass

DEATHS = {
    b'SIGKILL': lambda: os.kill(os.getpid(), signal.SIGKILL), b'SEGFAULT': lambda: ctypes.string_at(0),
    b'SPIN': spin,
}

if importlib.util.find_spec('corpus'):
    from corpus.clean import extraction
    own = extraction._document

    def document(record, *rest):
        for name, die in DEATHS.items():
            if b'KILLS BY ' + name in record.payload:
                die()
        return own(record, *rest)

    extraction._document = document
"""
"""A record whose text says so kills any process that cleans it, like a fault in a library would."""


def killing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that are started from now on are killed by what says so."""
    hooks = folder / "hooks"
    hooks.mkdir(parents=True)
    (hooks / "sitecustomize.py").write_text(HOOK)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(hooks), os.environ.get("PYTHONPATH")))))


def cleaned(folder: Path, files: dict[str, str | bytes], **settings: str) -> list[dict[str, object]]:
    new_project(folder, files, isolate="true", **settings)
    toml = folder / "corpus.toml"
    toml.write_text(toml.read_text().replace("max_cpu_seconds = 900 ", "max_cpu_seconds = 4 "))
    with Publication(Project.find(folder)) as run:
        for stage in ("ingest", "clean", "dedup"):
            run.do(stage)
        assert run._state is not None
        rows: list[dict[str, object]] = ledger_rows(run._state.inputs, run._state.judged, run._state.folds).to_pylist()
        return rows


@pytest.mark.slow
def test_a_record_that_kills_in_cleaning_is_quarantined_and_its_neighbours_are_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killing(tmp_path, monkeypatch)
    deaths = {1: "SIGKILL", 5: "SEGFAULT", 6: "SPIN"}
    texts = [article(n) + (f"\n\nKILLS BY {deaths[n]} here.\n" if n in deaths else "") for n in range(9)]
    lines = [json.dumps({"id": f"{n:02}", "text": text}) for n, text in enumerate(texts)]
    files: dict[str, str | bytes] = {"rows.jsonl": "\n".join(lines[:6])}
    files |= {f"{n:02}.txt": texts[n] for n in range(6, 9)}
    rows = cleaned(tmp_path / "p", files, workers="2")
    assert len(rows) == len(texts)
    dead = {row["reasons"][0]["rule"]: row for row in rows if row["fate"] == "quarantined"}
    assert sum(row["fate"] == "published" for row in rows) == len(texts) - len(deaths)
    assert sum(rule_of(row) == "worker_died" for row in rows) == 2
    assert (dead["time_limit"]["raw_path"], dead["time_limit"]["reasons"][0]["threshold"]) == (
        "06.txt",
        "4 CPU-seconds",
    )
    assert dead["time_limit"]["detail"] == "Cleaning this record was ended."
    assert (dead["worker_died"]["raw_path"], dead["worker_died"]["media_type"]) == ("rows.jsonl", "application/json")
    assert dead["worker_died"]["detail"] == "The process that cleaned this record died."
    assert all(row["sha256"] and row["byte_end"] for row in dead.values())


def rule_of(row: dict[str, object]) -> str | None:
    return row["reasons"][0]["rule"] if row["reasons"] else None
