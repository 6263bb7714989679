"""Docs stay true: pages made from code are up to date, snippets run, links lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.publish.dictionary import page
from tests.projects import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SNIPPET = re.compile(r"<!-- run: (\w+) -->\n```(\w+)\n(.*?)```", re.DOTALL)


def snippets(language: str) -> list[str]:
    return [code for _, found, code in SNIPPET.findall((ROOT / "README.md").read_text()) if found == language]


def test_the_page_of_tables_is_what_the_registry_says() -> None:
    assert (ROOT / "docs" / "tables.md").read_text() == page(), (
        "run: python -m corpus.publish.dictionary > docs/tables.md"
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_to_files_that_there_are(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_the_readmes_python_snippets_run(sample, tmp_path: Path) -> None:
    project, _ = sample
    code = "\n".join(snippets("python"))
    assert "load_dataset" in code and "corpus.load" in code
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project.root, capture_output=True, text=True, check=False,
        env={**os.environ, "HF_DATASETS_CACHE": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "published" in done.stdout


def test_the_readmes_questions_are_answered(sample) -> None:
    project, _ = sample
    (asked,) = [code for code in snippets("sh") if "corpus why" in code and "init" not in code]
    for line in asked.splitlines():
        words = line.split("#")[0].split()
        assert words[0] == ".venv/bin/corpus"
        done = subprocess.run(
            [sys.executable, "-m", "corpus.cli", *words[1:]],
            cwd=project.root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout


def test_the_readme_shows_the_funnel_of_the_sample(sample) -> None:
    _, outcome = sample
    shown = (ROOT / "README.md").read_text().split("```text\n")[1].split("```")[0]
    said = {label.strip(" −"): int(count) for label, count in re.findall(r"(.+?)\s{2,}(\d+)", shown)}
    expected = {"raw records": outcome.funnel.inputs, "published articles": outcome.funnel.published}
    assert said == expected | {step.label: step.records for step in outcome.funnel.steps}


@pytest.mark.slow
def test_the_readmes_own_articles_walkthrough_runs(tmp_path: Path) -> None:
    (mine,) = [code for code in snippets("sh") if "init" in code]
    articles = tmp_path / "articles"
    shutil.copytree(ROOT / "raw" / "mesa-dispatch", articles / "mesa-dispatch")
    for line in mine.splitlines():
        words = line.replace("/path/to/your/articles", f"{articles}/mesa-dispatch").split()
        command = [sys.executable, "-m", "corpus.cli", *words[1:]] if words[0].endswith("corpus") else words
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stderr)
    assert "published" in done.stdout
