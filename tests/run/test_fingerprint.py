"""Fingerprints: what redoes work, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.run import fingerprint as module
from corpus.run.fingerprint import closure, code_digest, digest, fingerprint, schema_text, versions_of
from corpus.run.steps import STEPS
from corpus.sections import Clean, Run
from corpus.settings import Settings

CODE = '"""Doc."""\n\nLIMIT = 3\n\n\ndef f(x):\n    """Doc."""\n    return x + LIMIT\n'


def digest_of(tmp_path: Path, text: str) -> str:
    path = tmp_path / f"{abs(hash(text))}.py"
    path.write_text(text)
    return code_digest(path)


def test_comments_docstrings_and_layout_do_not_count(tmp_path: Path) -> None:
    changed = "# why\n" + CODE.replace("Doc.", "Other words.").replace("x + LIMIT", "(x\n        + LIMIT)")
    assert digest_of(tmp_path, CODE) == digest_of(tmp_path, changed)


def test_code_counts(tmp_path: Path) -> None:
    assert digest_of(tmp_path, CODE) != digest_of(tmp_path, CODE.replace("LIMIT = 3", "LIMIT = 4"))


def test_parts_cannot_run_into_one_another() -> None:
    assert digest("ab", "c") != digest("a", "bc")


def test_a_room_depends_on_its_own_modules_and_not_on_prefect_or_other_rooms() -> None:
    modules = closure("corpus.dedup")
    assert any(name.startswith("corpus.dedup.") for name in modules)
    assert not any(name.startswith(("corpus.clean", "corpus.run", "corpus.annotate")) for name in modules)


def marks(settings: Settings) -> dict[str, str]:
    return {step.name: fingerprint(step, settings) for step in STEPS}


def test_a_threshold_redoes_only_the_step_that_reads_it() -> None:
    before, after = marks(Settings(name="x")), marks(Settings(name="x", clean=Clean(min_words=7)))
    assert [name for name in before if before[name] != after[name]] == ["clean.judge"]


def test_how_the_work_is_done_redoes_nothing() -> None:
    assert marks(Settings(name="x")) == marks(Settings(name="x", run=Run(workers=7)))


def test_a_librarys_version_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    step = next(step for step in STEPS if step.libraries)
    before = fingerprint(step, Settings(name="x"))
    monkeypatch.setattr(module, "versions_of", lambda name: (f"{name}==0.0.0",))
    assert fingerprint(step, Settings(name="x")) != before


def test_versions_follow_requirements() -> None:
    assert any(line.startswith("lxml==") for line in versions_of("trafilatura"))
    assert versions_of("no-such-distribution") == ()


def test_a_schema_counts_by_names_and_types_not_by_descriptions() -> None:
    text = schema_text("articles")
    assert "article_id string" in text
    assert "headline" not in text.lower()
