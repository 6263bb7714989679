"""Same raw files, settings and code: the same digests, and upon the same parent the same Parquet bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.publish.manifest import read_manifest
from corpus.publish.releases import find_release
from corpus.run import Project
from tests.run.varying import VARIATIONS, Made, Variation, made, parent, table

DOCS = Path(__file__).resolve().parents[2] / "docs" / "releases.md"


@dataclass(frozen=True)
class Origin:
    """A project with the release that variations are made upon, and what comes of it when nothing is varied."""

    base: Path
    reference: Made


def origin(folder: Path, *, annotated: bool) -> Origin:
    base = parent(folder / "base", annotated=annotated)
    return Origin(base, made(base, folder / "reference", Variation("reference", "", annotated=annotated)))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Origin:
    return origin(tmp_path_factory.mktemp("plain"), annotated=False)


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Origin:
    found = origin(tmp_path_factory.mktemp("annotated"), annotated=True)
    release = find_release(None, Project.find(found.base).dist)
    assert read_manifest(release).tables["mentions"].rows > 20 and read_manifest(release).tables["entities"].rows > 8
    return found


@pytest.mark.slow
@pytest.mark.parametrize("variation", VARIATIONS, ids=lambda one: one.name)
def test_a_release_does_not_depend_on(request, tmp_path: Path, variation: Variation) -> None:
    upon = request.getfixturevalue("annotated" if variation.annotated else "plain")
    found = made(upon.base, tmp_path / "p", variation)
    assert found.tables == upon.reference.tables
    assert found.digest == upon.reference.digest
    if variation.same_bytes:
        assert found.files == upon.reference.files


def test_the_matrix_stands_in_the_docs() -> None:
    assert table() in DOCS.read_text(encoding="utf-8"), "python -m tests.run.varying prints the table"
