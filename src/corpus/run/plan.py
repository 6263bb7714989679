"""Whether anything changed since the last release: told in a second, without Prefect, a model or a gate."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from corpus.publish.releases import Release, read_releases
from corpus.removal.rules import RETRACTIONS
from corpus.removal.salt import SALT
from corpus.run.fingerprint import PACKAGE, code_digest, digest, schema_text, versions_of
from corpus.run.inventory import Inventory
from corpus.run.project import Project
from corpus.tables import SCHEMA_VERSION, TABLES

ROOMS = ("validate", "publish", "removal", "report", "run")
"""Rooms whose code shapes a release without being a step."""
TEMPLATES = (".j2", ".json", ".toml", ".css", ".js", ".sql")
NOT_PLANNED = {"schedule", "run", "hub", "gc"}
"""Sections that change nothing that is published."""
LIBRARIES = ("pyarrow", "datasets", "great-expectations", "duckdb")


def plan_digest(project: Project, inventory: Inventory, fingerprints: Mapping[str, str]) -> str:
    """The digest of all that the next release is a function of."""
    settings = project.settings.model_dump(mode="json", exclude=NOT_PLANNED)
    files = [path for room in ROOMS for path in sorted((PACKAGE / room).rglob("*"))]
    return digest(
        str(SCHEMA_VERSION),
        inventory.digest,
        json.dumps(settings, sort_keys=True, default=str),
        json.dumps(dict(fingerprints), sort_keys=True),
        *(f"{path.relative_to(PACKAGE)}={code_digest(path)}" for path in files if path.suffix == ".py"),
        *(_content(path) for path in files if path.suffix in TEMPLATES),
        *(_content(path) for path in sorted(project.expectations.rglob("*.json"))),
        *(_content(path) for path in (project.root / RETRACTIONS, project.root / SALT, project.acceptances)),
        *(schema_text(name) for name in TABLES),
        *(line for name in LIBRARIES for line in versions_of(name)),
    )


def _content(path: Path) -> str:
    """Name and digest of a file; an absent one counts as absent."""
    content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "absent"
    return f"{path.name}={content}"


def latest(project: Project) -> Release | None:
    """The last release, or None before the first."""
    releases = read_releases(project.dist)
    return next((release for release in releases.releases if release.version == releases.latest), None)


def remember(project: Project, plan: str, version: str, manifest_sha256: str) -> None:
    """Note that this plan gave that release: a shortcut for the next run, which checks it against the release."""
    path = project.work / "plan.json"
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps({"plan": plan, "version": version, "manifest_sha256": manifest_sha256}))
    temporary.rename(path)


def is_unchanged(project: Project, plan: str, release: Release | None) -> bool:
    """Whether this plan gave the last release already, and that release is where it was."""
    if release is None or release.folder is None:
        return False
    try:
        noted = json.loads((project.work / "plan.json").read_text())
        manifest = (project.dist / release.folder / "manifest.json").read_bytes()
    except (OSError, ValueError):
        return False
    if not isinstance(noted, dict):
        return False
    return (
        noted.get("plan") == plan
        and noted.get("version") == release.version
        and hashlib.sha256(manifest).hexdigest() == release.manifest_sha256
    )
