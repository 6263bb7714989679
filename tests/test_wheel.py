"""The wheel carries all that a project needs, and works outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.projects import ROOT


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_flows_expectations_and_data_are_in_it(unpacked: Path) -> None:
    for part in ("flows", "expectations"):
        carried = {p.name for p in (unpacked / "corpus" / "template" / part).iterdir()}
        assert carried >= {p.name for p in (ROOT / part).iterdir() if p.suffix in (".py", ".json")}
    for path in (ROOT / "src" / "corpus").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert (unpacked / path.relative_to(ROOT / "src")).is_file(), path.name


def test_init_works_from_it_in_another_folder(unpacked: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import corpus, sys; print(corpus.__file__); from corpus.cli import main; main()",
         "init", "news", "--name", "news"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(unpacked)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert str(unpacked) in done.stdout
    assert (tmp_path / "news" / "flows" / "publish.py").is_file()
    assert (tmp_path / "news" / "expectations" / "articles.json").is_file()


def test_its_base_needs_only_what_reading_a_release_needs(unpacked: Path) -> None:
    (metadata,) = unpacked.glob("*.dist-info/METADATA")
    lines = [line for line in metadata.read_text().splitlines() if line.startswith("Requires-Dist:")]
    base = {line.split()[1].split(">")[0].split("<")[0] for line in lines if "extra ==" not in line}
    assert base == {"pyarrow", "datasets", "typer", "rich"}
