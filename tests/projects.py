"""Projects that tests make: the repository's sample, small ones, and what is read back from their releases."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.run import Project
from corpus.template import init_project

ROOT = Path(__file__).resolve().parents[1]
WORDS = (
    "harbour council bridge ferry repair engineer winter report market quarter river station teacher garden museum "
    "orchestra committee vaccine satellite telescope glacier orchard bakery library festival election tribunal "
    "pipeline reactor turbine cathedral lighthouse archive cyclone drought harvest quarry tunnel viaduct"
).split()


def eval_data() -> Path:
    """The folder of evaluation data (CORPUS_EVAL_DATA, default ../shared/data beside the repository)."""
    return Path(os.environ.get("CORPUS_EVAL_DATA", ROOT / ".." / "shared" / "data")).resolve()


def sample_project(folder: Path) -> Project:
    """A copy of the repository's own project."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("raw", "flows", "expectations"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "corpus.toml", folder / "corpus.toml")
    return Project.find(folder)


def new_project(folder: Path, files: Mapping[str, str | bytes], **settings: str) -> Project:
    """A project with these raw files; `settings` are lines of corpus.toml to replace, like `min_words="3"`.

    A few files are read in the tests' own process, unless `isolate="true"`.
    """
    settings = {"isolate": "false", **settings}
    init_project(folder, "tiny")
    shutil.rmtree(folder / "raw")
    (folder / "raw").mkdir()
    write(folder, files)
    toml = folder / "corpus.toml"
    lines = toml.read_text().splitlines()
    for key, value in settings.items():
        at = next(i for i, line in enumerate(lines) if line.removeprefix("# ").startswith(f"{key} = "))
        lines[at] = f"{key} = {value}"
    toml.write_text("\n".join(lines) + "\n")
    return Project.find(folder)


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write raw files of a project."""
    for name, content in files.items():
        path = folder / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def article(seed: int, sentences: int = 8) -> str:
    """A plain text with a title that shares no five words in a row with that of another seed."""
    lines = []
    for n in range(sentences):
        picked = [WORDS[(seed * 7 + n * 13 + k * (seed % 11 + 3)) % len(WORDS)] for k in range(7)]
        lines.append(
            f"The {picked[0]} of {seed * 31 + n} saw a {picked[1]} and {picked[2]} near the {picked[3]} in {seed}."
        )
    return f"Report number {seed}\n\n" + "\n\n".join(" ".join(lines[i : i + 2]) for i in range(0, len(lines), 2)) + "\n"


def table(release: Path, name: str) -> pa.Table:
    """A table of a release."""
    return pa.concat_tables([pq.read_table(path) for path in sorted((release / name).glob("*.parquet"))])


def rows(release: Path, name: str) -> list[dict[str, object]]:
    """A table of a release as dictionaries."""
    found: list[dict[str, object]] = table(release, name).to_pylist()
    return found
