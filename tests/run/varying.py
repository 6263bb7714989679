"""What a release must not depend on, each varied by itself: the matrix of docs/releases.md.

`python -m tests.run.varying` prints the table.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from corpus.publish.manifest import read_manifest
from corpus.run import Project, publish
from tests.projects import article, new_project, write

FIRST: dict[str, str | bytes] = {
    **{f"one/{n:02}.txt": article(n) for n in range(6)},
    "two/copy.txt": article(3),
    "two/rows.jsonl": "".join(json.dumps({"id": n, "text": article(40 + n)}) + "\n" for n in range(5)),
}
LATER: dict[str, str | bytes] = {
    **{f"three/ä{n}.txt": article(60 + n) for n in range(4)},
    "one/near.txt": article(2) + "\nOne more line was added to this report by a late editor.\n",
    "one/empty.txt": "",
    "one/Ünder.html": f"<html><body><article><h1>T</h1><p>{article(70)}</p></article></body></html>",
}
PEOPLE = ("Maria Keller", "Jonas Brandt", "Andrej Karpathy", "Ana Ortiz", "Tim Cook", "Amira Haddad")
PLACES = ("London", "the UK", "Hamburg", "United Kingdom", "Nairobi", "Köln")


def named(seed: int) -> str:
    """An article that names people, places and firms, each of them also by a shorter name."""
    who, other, where = PEOPLE[seed % 6], PEOPLE[(seed * 5 + 1) % 6], PLACES[seed % 5]
    said = f"{who} of Apple told {other} in {where} on 3 May 2024 that Anthropic had paid $4 million."
    return f"{article(seed)}\n{said} {who.split()[1]} said that {other.split()[1]} was right.\n"


ANNOTATED_FIRST: dict[str, str | bytes] = {f"one/{n}.txt": named(n) for n in range(6)}
ANNOTATED_LATER: dict[str, str | bytes] = {f"two/{n}.txt": named(20 + n) for n in range(3)}
PUBLISH = """
import sys, pathlib
from corpus.run import Project, publish
publish(Project.find(pathlib.Path(sys.argv[1])))
"""
HALFWAY = """
import os, sys, pathlib
from corpus.run import Project, Publication
with Publication(Project.find(pathlib.Path(sys.argv[1]))) as run:
    for stage in ("ingest", "clean", "dedup"):
        run.do(stage)
    os._exit(0)
"""


@dataclass(frozen=True)
class Variation:
    """One thing varied: its name, how, and whether the Parquet files must be the same to the byte."""

    name: str
    how: str
    environment: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    backwards: bool = False
    halfway: bool = False
    same_bytes: bool = True
    annotated: bool = False


PLAIN = {"workers": "1", "batch_records": "512"}
VARIATIONS = (
    Variation("nothing", "made again, remembering nothing"),
    Variation("file order", "raw files made in the reverse order, with other times", backwards=True),
    Variation("workers", "2 processes, not 1", settings={"workers": "2"}),
    Variation("batches", "2 records handed over at once, not 512", settings={"batch_records": "2"}),
    Variation("shards", "4 rows a file, not 10,000", settings={"rows_per_file": "4"}, same_bytes=False),
    Variation("time zone", "TZ=Pacific/Kiritimati, not UTC", environment={"TZ": "Pacific/Kiritimati"}),
    Variation("locale", "LC_ALL=C with Python's UTF-8 mode off", environment={"LC_ALL": "C", "PYTHONUTF8": "0"}),
    Variation("hash seed", "PYTHONHASHSEED=4711, not 0", environment={"PYTHONHASHSEED": "4711"}),
    Variation("resume point", "ended by force after dedup, then run again", halfway=True),
    Variation(
        "annotated: order and workers", "the same upon annotations: reverse order, 2 processes, 2 records at once",
        settings={"workers": "2", "batch_records": "2"}, backwards=True, annotated=True,
    ),
    Variation(
        "annotated: seed and locale", "the same upon annotations: PYTHONHASHSEED=4711, LC_ALL=C, Kiritimati's time",
        environment={"PYTHONHASHSEED": "4711", "LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "Pacific/Kiritimati"},
        annotated=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A release as made: its digest, each table's, and the SHA-256 of each Parquet file."""

    digest: str
    tables: dict[str, str]
    files: dict[str, str]


def parent(root: Path, *, annotated: bool = False) -> Path:
    """A project with its first release, which every variation is made upon."""
    first = ANNOTATED_FIRST if annotated else FIRST
    publish(new_project(root, first, enabled="true" if annotated else "false", **PLAIN))
    return root


def made(base: Path, root: Path, variation: Variation) -> Made:
    """The second release of a copy of the project, with more raw files, under a variation."""
    shutil.copytree(base, root, ignore=shutil.ignore_patterns("cache", "raw"))
    project = new_settings(root, variation.settings)
    raw = {**ANNOTATED_FIRST, **ANNOTATED_LATER} if variation.annotated else {**FIRST, **LATER}
    write(root, dict(sorted(raw.items(), reverse=variation.backwards)))
    environment = {**os.environ, "TZ": "UTC", "PYTHONHASHSEED": "0", **variation.environment}
    for code in ([HALFWAY] if variation.halfway else []) + [PUBLISH]:
        subprocess.run([sys.executable, "-c", code, str(root)], env=environment, check=True, capture_output=True)
    manifest = read_manifest(project.dist / "tiny-v0.2.0")
    files_of = {name: entry.sha256 for name, entry in manifest.files.items() if name.endswith(".parquet")}
    return Made(manifest.digest, {name: table.digest for name, table in manifest.tables.items()}, files_of)


def new_settings(root: Path, settings: dict[str, str]) -> Project:
    """The project with some settings changed."""
    toml = root / "corpus.toml"
    lines = toml.read_text().splitlines()
    for key, value in settings.items():
        at = next(i for i, line in enumerate(lines) if line.startswith(f"{key} = "))
        lines[at] = f"{key} = {value}"
    toml.write_text("\n".join(lines) + "\n")
    return Project.find(root)


def table() -> str:
    """The matrix in Markdown."""
    lines = ["| varied | how | logical digests | Parquet bytes |", "|---|---|---|---|"]
    for one in VARIATIONS:
        lines.append(f"| {one.name} | {one.how} | the same | {'the same' if one.same_bytes else 'others, of course'} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
