"""Staged tables loaded as their users will load them: by `load_dataset`, in a process and a cache of their own."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

import corpus
from corpus.errors import RefusedError
from corpus.publish.card import load_front_matter
from corpus.publish.count import Counted
from corpus.publish.disk import named_faults
from corpus.publish.stated import CARD
from corpus.publish.write import WrittenTable

SCRATCH = "reload"
RESULT = "result.json"
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "DO_NOT_TRACK": "1",
}
LAST_LINES = 5
"""Lines of the other process's last words that an error repeats."""


def reload_tables(staged: Path, tables: Mapping[str, WrittenTable], work: Path) -> Mapping[str, Counted]:
    """Load staged tables through `load_dataset` in a clean process; what it gave, counted.

    `staged` needs no card yet: the one that loading depends on is made for this check alone, in `work` (`.corpus`).
    Tables without rows are streamed, since plain `load_dataset` can't load them. Raises RefusedError where a table
    can't be loaded, or has other rows than were written.
    """
    scratch = work / SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        with named_faults(scratch):
            release = _lay_out(staged.resolve(), tables, scratch.resolve())
            counted = _load(release, tables, scratch.resolve())
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    for name, table in tables.items():
        for what, found, written in (
            ("rows", counted[name].rows, table.rows),
            ("digest", counted[name].digest, table.digest),
        ):
            if found != written:
                raise RefusedError(
                    f"load_dataset gives {name} with {what} {found}, but {written} were written",
                    where=str(staged / name),
                    mend="this is a fault of corpus itself or of the installed datasets; the last release is as it was",
                )
    return counted


def _lay_out(staged: Path, tables: Mapping[str, WrittenTable], scratch: Path) -> Path:
    """A folder with a card that names the staged tables, and links to them."""
    release = scratch / "release"
    release.mkdir(parents=True)
    front = yaml.safe_dump(load_front_matter(tables), sort_keys=False, allow_unicode=True)
    (release / CARD).write_text(f"---\n{front}---\n", encoding="utf-8")
    for name in tables:
        (release / name).symlink_to(staged / name, target_is_directory=True)
    return release


def _load(release: Path, tables: Mapping[str, WrittenTable], scratch: Path) -> Mapping[str, Counted]:
    cache = scratch / "cache"
    cache.mkdir()
    source = str(Path(corpus.__file__).parent.parent)
    environment = os.environ | QUIET | {
        "HF_HOME": str(cache),
        "HF_DATASETS_CACHE": str(cache / "datasets"),
        "PYTHONPATH": os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")])),
    }  # fmt: skip
    named = [f"{name}={'stream' if not table.rows else 'load'}" for name, table in tables.items()]
    done = subprocess.run(
        [sys.executable, "-m", "corpus.publish.reloading", str(release), str(scratch / RESULT), *named],
        cwd=cache,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if os.strerror(errno.ENOSPC) in done.stderr:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(scratch))
    if done.returncode != 0:
        last = " | ".join(done.stderr.strip().splitlines()[-LAST_LINES:])
        raise RefusedError(
            f"load_dataset can't load the staged tables: {last or f'exit code {done.returncode}'}",
            mend="this is a fault of corpus itself or of the installed datasets; the last release is as it was",
        )
    said = json.loads((scratch / RESULT).read_text(encoding="utf-8"))
    return {name: Counted(**counts) for name, counts in said.items()}
