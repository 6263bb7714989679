"""Same raw files, settings and code: the same digests, and upon the same parent the same Parquet bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.varying import VARIATIONS, Made, Variation, made, parent, table

DOCS = Path(__file__).resolve().parents[2] / "docs" / "releases.md"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return parent(tmp_path_factory.mktemp("base") / "p")


@pytest.fixture(scope="module")
def reference(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(base, tmp_path_factory.mktemp("reference") / "p", Variation("reference", ""))


@pytest.mark.slow
@pytest.mark.parametrize("variation", VARIATIONS, ids=lambda one: one.name)
def test_a_release_does_not_depend_on(base: Path, reference: Made, tmp_path: Path, variation: Variation) -> None:
    found = made(base, tmp_path / "p", variation)
    assert found.tables == reference.tables
    assert found.digest == reference.digest
    if variation.same_bytes:
        assert found.files == reference.files


def test_the_matrix_stands_in_the_docs() -> None:
    assert table() in DOCS.read_text(encoding="utf-8"), "python -m tests.run.varying prints the table"
