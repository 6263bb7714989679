"""Every command that reads a release, on releases without whole texts: a project of two versions with a retraction."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.cli import run
from corpus.publish.releases import find_release
from corpus.run import Project, publish
from corpus.validate.checking import check
from tests.projects import article, new_project, rows, write

LAST = "Only the last paragraph speaks of a heron on the weir."
"""Words beyond any excerpt's cut."""


@dataclass(frozen=True)
class Two:
    """A project under one policy: its releases 0.1.0 and 0.2.0, and the article that was retracted between them."""

    text: str
    project: Project
    older: Path
    newer: Path
    retracted: str


@pytest.fixture(scope="module", params=["excerpt", "standoff"])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Two:
    files = {f"m/{n}.txt": f"{article(n)}\n{LAST} {n}\n" for n in range(8)}
    settings = {"excerpt_chars": "60", "enabled": "false", "workers": "1"}
    project = new_project(tmp_path_factory.mktemp(request.param) / "p", files, **settings)
    toml = project.root / "corpus.toml"
    toml.write_text(toml.read_text().replace('text = "full"', f'text = "{request.param}"'))
    project = Project.find(project.root)
    older = publish(project).folder
    retracted = next(row["article_id"] for row in rows(older, "articles") if row["raw_path"] == "m/3.txt")
    assert run(["retract", str(retracted), "--reason", "asked for", "--project", str(project.root)]) == 0
    write(project.root, {"m/8.txt": article(8), "m/5.txt": f"{article(5)}\nA line more.\n\n{LAST} 5\n"})
    newer = publish(project).folder
    return Two(request.param, project, older, newer, str(retracted))


def said(two: Two, capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What a command prints; it must end with `code` and say nothing that the release leaves out."""
    capsys.readouterr()
    assert run([*words, "--project", str(two.project.root)]) == code
    printed = capsys.readouterr()
    assert "heron" not in printed.out + printed.err
    return printed.out


@pytest.mark.slow
def test_verify_finds_them_whole_here_elsewhere_and_made_again(two, capsys, tmp_path) -> None:
    for version in ("0.1.0", "0.2.0"):
        for how in ([], ["--quick"]):
            said(two, capsys, "verify", version, *how)
    said(two, capsys, "verify", "--full")
    alone = shutil.copytree(two.newer, tmp_path / "elsewhere")
    assert run(["verify", str(alone)]) == 0
    for name in ("articles/train-00000.parquet", "README.md", "report/index.html"):
        data = (alone / name).read_bytes()
        (alone / name).write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
        capsys.readouterr()
        assert run(["verify", str(alone)]) == 1
        assert name in capsys.readouterr().out.replace("\n", "")
        (alone / name).write_bytes(data)


@pytest.mark.slow
def test_check_passes_what_was_published_and_says_what_it_could_not_ask(two, capsys) -> None:
    found = check(two.newer)
    assert found.verdict.gates and [gate.name for gate in found.verdict.gates if not gate.passed] == []
    assert {"ledger.every_file", "articles.text_sha256.matches"} <= dict(found.not_asked).keys()
    said(two, capsys, "check", "0.2.0")
    said(two, capsys, "check", str(two.older))


@pytest.mark.slow
def test_diff_names_articles_and_what_changed_without_a_word_of_theirs(two, capsys, tmp_path) -> None:
    found = json.loads(said(two, capsys, "diff", "0.1.0", "0.2.0", "--json"))
    ids = {row["raw_path"]: row["article_id"] for row in rows(two.older, "articles")}
    new = {row["raw_path"]: row["article_id"] for row in rows(two.newer, "articles")}
    gone = {two.retracted} | {ids["m/5.txt"]} - {new["m/5.txt"]}
    assert {one["article_id"] for one in found["articles"]["removed"]} == gone
    assert set(found["articles"]["added"]) == set(new.values()) - set(ids.values())
    page = tmp_path / "diff.html"
    said(two, capsys, "diff", "0.1.0", "0.2.0", "--page", str(page))
    assert "heron" not in page.read_text() and new["m/8.txt"] in page.read_text()


@pytest.mark.slow
def test_removals_list_what_was_retracted(two, capsys) -> None:
    assert two.retracted in said(two, capsys, "removals", "0.1.0..0.2.0")
    assert two.retracted in said(two, capsys, "removals", f"{two.older}..{two.newer}")
    assert said(two, capsys, "removals", "0.2.0..") == ""


@pytest.mark.slow
def test_rehydrate_puts_back_all_but_what_was_retracted(two, capsys, tmp_path) -> None:
    said(two, capsys, "rehydrate", str(two.project.raw), str(tmp_path / "back"), "--version", "0.2.0")
    back = {row["raw_path"]: row["text"] for row in rows(tmp_path / "back", "articles")}
    assert back.keys() == {f"m/{n}.txt" for n in (0, 1, 2, 4, 5, 6, 7, 8)}
    assert all(LAST in text for path, text in back.items() if path != "m/8.txt")
    assert find_release(None, two.project.dist) == two.newer
