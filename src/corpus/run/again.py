"""`corpus verify --full`: a release made again from raw files, remembering nothing, and its digests compared."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.errors import ProjectError
from corpus.publish.manifest import Manifest, read_manifest
from corpus.publish.verify import Fault, Verification
from corpus.removal.rules import RETRACTIONS
from corpus.removal.salt import SALT
from corpus.run.annotating import annotate_articles
from corpus.run.cleaning import clean_records
from corpus.run.deduping import dedup_records
from corpus.run.ingesting import ingest_records
from corpus.run.inventory import take_inventory
from corpus.run.marks import marks_of
from corpus.run.project import Project
from corpus.run.staging import publishable, stage_tables
from corpus.run.state import Listener, Silence, State
from corpus.run.workers import open_workers
from corpus.settings import Settings
from corpus.tables import TABLES

CHECK = "made again"
AGAIN = "again"
INPUTS = (RETRACTIONS, SALT, "corrections", "readers", "steps")
"""What lies beside raw/ that a release is a function of, too."""


def verify_again(found: Verification, project: Project, listener: Listener | None = None) -> Verification:
    """What `verify` found, with the check that the project's raw files give the release's digests once more."""
    faults = tuple(Fault(CHECK, what) for what in again_faults(found.folder, project, listener or Silence()))
    return replace(found, checks=(*found.checks, CHECK), faults=(*found.faults, *faults))


def again_faults(folder: Path, project: Project, listener: Listener) -> Iterator[str]:
    """Tables whose digest comes out otherwise, and what differs in what the release was made from."""
    manifest = read_manifest(folder)
    settings = _settings(manifest)
    scratch = project.work / AGAIN
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        root = Path(tempfile.mkdtemp(dir=scratch))
        _lay_out(root, project, settings)
        made, differs = _made(Project(root, settings), manifest, listener)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    wrong = [
        f"{name}: made again, its digest is {made[name]}, the release says {table.digest}"
        for name, table in manifest.tables.items()
        if table.in_digest and made.get(name) not in (None, table.digest)
    ]
    missing = sorted(manifest.tables.keys() - made.keys())
    wrong += [f"{name}: this version of corpus makes no such table" for name in missing]
    yield from wrong
    if wrong:
        yield from differs


def _settings(manifest: Manifest) -> Settings:
    try:
        return Settings(**dict(manifest.config))  # type: ignore[arg-type]  # JSON: checked by Settings itself
    except ValueError as error:
        raise ProjectError(
            f"the release's settings are not this version's: {str(error).splitlines()[0]}",
            mend=f"use corpus {manifest.code.get('corpus', 'as it was then')}, which made it",
        ) from error


def _lay_out(root: Path, project: Project, settings: Settings) -> None:
    """A project that shares the inputs and nothing that is remembered."""
    references = {Path(against.path).parts[0] for against in settings.dedup.against} - {"/", ".."}
    for name in sorted({"raw", "expectations", *INPUTS, *references}):
        if (project.root / name).exists():
            (root / name).symlink_to(project.root / name, target_is_directory=(project.root / name).is_dir())


def _made(project: Project, manifest: Manifest, listener: Listener) -> tuple[dict[str, str], list[str]]:
    """The digests of all tables as they come out now, and what differs in what they were made from."""
    project.work.mkdir()
    marks = marks_of(project)
    inventory = take_inventory(project.raw, project.cache)
    with open_workers(project.settings.run.workers, isolate=project.settings.run.isolate) as workers:
        state = State(project, workers, listener, marks, inventory)
        for stage in (ingest_records, clean_records, dedup_records, annotate_articles):
            stage(state)
        tables = publishable(state, stage_tables(state, None, manifest.version), None).tables
    differs = []
    if inventory.digest != manifest.inventory_digest:
        differs.append("the raw files are not those that the release was made from (digest of the inventory)")
    if changed := sorted(step for step, mark in marks.items() if manifest.code.get(step) != mark):
        differs.append(f"the code, or a library, of these steps is not what made the release: {', '.join(changed)}")
    return {name: table.digest for name, table in tables.items() if name in TABLES}, differs
