"""Masking holds everywhere: nothing planted is in any byte of what is published, nor in what is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpus.cli import run
from corpus.run import Outcome, Project, publish
from tests.projects import article, new_project, rows

EMAIL, PHONE, IP = "odette.lunn@library.example", "(202) 555-0143", "203.0.113.9"
PLANTED = (EMAIL, "odette.lunn", "555-0143", "2025550143", "5550143", IP)
SENTENCE = f"Write to {EMAIL} or call {PHONE}; the roof was watched from {IP}."
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Ask {EMAIL} of the roof</title>
<meta name="author" content="{EMAIL}"><meta name="description" content="Call {PHONE} of the roof.">
<link rel="canonical" href="https://courier.example/roof?mail={EMAIL}"></head><body>
<article><h1>Ask {EMAIL} of the roof</h1>
<p>{article(11).splitlines()[2]}</p><p>{article(11).splitlines()[4]}</p>
<p>{SENTENCE} <a href="mailto:{EMAIL}">Write</a>, <a href="tel:+12025550143">call</a> or
<a href="http://{IP}/roof?by={EMAIL}&amp;phone=2025550143">look</a>.</p><p>{article(11).splitlines()[6]}</p></article></body></html>"""


def _jsonl() -> str:
    shared = {"url": f"https://herald.example/a?ip={IP}", "authors": [f"Odette Lunn <{EMAIL}>"], "title": f"Of {EMAIL}"}
    full = f"{article(5)}\n{SENTENCE}\n\n{article(6)}"
    older = {**shared, "id": "a", "text": full, "published_at": "2026-01-01"}
    newer = {
        **shared,
        "id": "a",
        "text": full.replace("harbour", "port") + f"\n\n{SENTENCE}",
        "published_at": "2026-01-02",
    }
    short = {**shared, "id": "c", "text": f"Only {EMAIL}."}
    return "\n".join(map(json.dumps, (older, newer, short))) + "\n{broken " + EMAIL


@pytest.fixture(scope="module")
def masked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Outcome]:
    """A project with masking on, whose records name people in every place, published."""
    files = {
        "courier/roof.html": PAGE,
        "herald/rows.jsonl": _jsonl(),
        "desk/note.txt": f"{article(21)}\n{SENTENCE}\n",
        "desk/copy.txt": f"{article(21)}\n{SENTENCE}\n",
        "desk/broken.txt": bytes(range(256)) * 30 + EMAIL.encode(),
    }
    project = new_project(tmp_path_factory.mktemp("masked") / "p", files, mask='["email", "phone", "ip"]')
    return project, publish(project)


def test_no_byte_of_a_release_holds_what_was_planted(masked: tuple[Project, Outcome]) -> None:
    project, _ = masked
    seen = 0
    for path in sorted(file for file in project.dist.rglob("*") if file.is_file()):
        table = pq.read_table(path) if path.suffix == ".parquet" else None
        held = path.read_bytes() + (repr(table.to_pylist()).encode() if table is not None else b"")
        seen += held.count(b"<EMAIL>")
        assert not [secret for secret in PLANTED if secret.encode() in held], path.name
    assert seen > 5


def test_what_is_printed_of_a_record_is_masked_too(
    masked: tuple[Project, Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    project, outcome = masked
    names = {str(row["raw_path"]) for row in rows(outcome.folder, "records")}
    assert len(names) == 5
    for name in sorted(names):
        assert run(["why", name, "--project", str(project.root)]) == 0
    said = capsys.readouterr()
    assert not [secret for secret in PLANTED if secret in said.out + said.err]
    assert "paragraph 0, bytes" in said.out and said.out.count("<EMAIL>") > 3


def test_only_when_asked_for_it_shows_bytes_as_they_are(
    masked: tuple[Project, Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    project, _ = masked
    assert run(["why", "desk/note.txt", "--local", "--project", str(project.root)]) == 0
    shown = "".join(capsys.readouterr().out.split())
    assert "".join(SENTENCE.split()) in shown


def test_what_was_found_is_counted_and_paragraphs_still_point_at_their_bytes(masked: tuple[Project, Outcome]) -> None:
    project, outcome = masked
    counted = {r["article_id"]: r["personal_data_emails"] for r in rows(outcome.folder, "quality")}
    articles = {r["article_id"]: r for r in rows(outcome.folder, "articles")}
    begins = {r["article_id"]: r["byte_start"] for r in rows(outcome.folder, "records")}
    assert all(counted[name] > 0 for name in articles)
    exact = 0
    for row in rows(outcome.folder, "paragraphs"):
        words = articles[row["article_id"]]["text"][row["start_char"] : row["end_char"]]
        if "<PHONE>" in words and row["raw_start_byte"] is not None:
            raw = Path(project.raw / articles[row["article_id"]]["raw_path"]).read_bytes()[begins[row["article_id"]] :]
            assert EMAIL.encode() in raw[row["raw_start_byte"] : row["raw_end_byte"]]
            exact += 1
    assert exact == 4
