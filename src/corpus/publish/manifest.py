"""`manifest.json`: what a release is, file by file and table by table; and `run.json`, what varies from run to run."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

from corpus.errors import ProjectError
from corpus.publish.digest import type_name, undigested
from corpus.publish.disk import as_json, named_faults, sha256_of, write_json
from corpus.publish.facts import GateLine, ReleaseFacts, RunFigures
from corpus.publish.releases import MANIFEST
from corpus.publish.write import WrittenTable
from corpus.tables import SCHEMA_VERSION, TABLES

RUN = "run.json"
OWN = "own_sha256"
"""The manifest's digest of itself: SHA-256 of its text with this value empty."""
_OWN_VALUE = re.compile(rf'"{OWN}": "([0-9a-f]*)"')
STAGE_FIELDS = ("name", "rows_in", "rows_out", "reused", "seconds", "cpu_seconds", "peak_bytes")


@dataclass(frozen=True)
class FileEntry:
    """One file of a release: SHA-256, size in bytes and, of a Parquet file, its rows."""

    sha256: str
    bytes: int
    rows: int | None = None


@dataclass(frozen=True)
class TableEntry:
    """One table of a release: logical digest, rows, bytes before encoding, columns with their types, in how many
    rows each is filled, and which of them the digest leaves out; `in_digest`: it counts in the release's digest."""

    digest: str
    rows: int
    num_bytes: int
    columns: Mapping[str, str]
    filled: Mapping[str, int] = field(default_factory=dict)
    undigested: tuple[str, ...] = ()
    in_digest: bool = True


Entry = TypeVar("Entry", FileEntry, TableEntry, GateLine)


@dataclass(frozen=True)
class Manifest:
    """A release's manifest as read back; `text`: texts are published full, as excerpt or as standoff."""

    schema_version: int
    name: str
    version: str
    parent: str | None
    digest: str
    tables: Mapping[str, TableEntry]
    files: Mapping[str, FileEntry]
    fates: Mapping[str, int]
    reasons: Mapping[str, int]
    text: str
    inventory_digest: str
    code: Mapping[str, str]
    config: Mapping[str, object]
    libraries: Mapping[str, str]
    models: Mapping[str, str]
    gates: tuple[GateLine, ...] = ()


def entries(tables: Mapping[str, WrittenTable]) -> dict[str, TableEntry]:
    """Written tables as the manifest lists them."""
    found = {}
    for name, table in tables.items():
        registered = TABLES[name]
        columns = {field.name: type_name(field.type) for field in registered.schema}
        left_out = tuple(sorted(undigested(name)))
        found[name] = TableEntry(
            table.digest, table.rows, table.num_bytes, columns, table.filled, left_out, registered.in_digest
        )
    return found


def write_manifest(folder: Path, facts: ReleaseFacts) -> str:
    """Write `manifest.json` over everything that lies in `folder`, last of all its files; its SHA-256.

    Parquet files are listed with the SHA-256 taken when they were written, all others are hashed now.
    """
    written = {file.path: file for table in facts.tables.values() for file in table.files}
    files = {}
    with named_faults(folder):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder).as_posix()
            if name == MANIFEST:
                continue
            known = written.get(name)
            if known is not None:
                files[name] = {"sha256": known.sha256, "bytes": known.bytes, "rows": known.rows}
            else:
                files[name] = {"sha256": sha256_of(path), "bytes": path.stat().st_size}
    said = as_json(
        {
            "schema_version": SCHEMA_VERSION,
            "name": facts.name,
            "version": facts.version,
            "parent": facts.parent,
            "digest": facts.digest,
            "text": facts.text,
            "tables": {name: asdict(entry) for name, entry in entries(facts.tables).items()},
            "files": files,
            "fates": dict(facts.fates),
            "reasons": dict(facts.reasons),
            "inventory": {"digest": facts.inventory_digest},
            "code": dict(facts.code),
            "config": dict(facts.config),
            "libraries": dict(facts.libraries),
            "models": dict(facts.models),
            "platform": dict(facts.platform),
            "gates": [asdict(gate) for gate in facts.gates],
            OWN: "",
        }
    )
    text = said.replace(f'"{OWN}": ""', f'"{OWN}": "{_sha256(said)}"')
    with named_faults(folder):
        (folder / MANIFEST).write_text(text, encoding="utf-8")
    return _sha256(text)


def is_whole(text: str) -> bool:
    """Whether a manifest's text is as it was written, by the digest of itself that it holds."""
    found = _OWN_VALUE.findall(text)
    return len(found) == 1 and _sha256(_OWN_VALUE.sub(f'"{OWN}": ""', text)) == found[0]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a release folder; ProjectError where there is none or it is not of this form."""
    path = folder / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        tables = {name: _made(TableEntry, entry) for name, entry in said["tables"].items()}
        files = {name: _made(FileEntry, entry) for name, entry in said["files"].items()}
        gates = tuple(_made(GateLine, gate) for gate in said.get("gates", ()))
        return Manifest(
            said["schema_version"], said["name"], said["version"], said["parent"], said["digest"],
            tables, files, said["fates"], said["reasons"], said["text"],
            said["inventory"]["digest"], said["code"], said["config"], said["libraries"], said["models"], gates,
        )  # fmt: skip
    except OSError as error:
        raise ProjectError(
            f"this is not a release: {error.strerror}",
            where=str(path),
            mend="name a release folder, like dist/NAME/NAME-v0.1.0",
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProjectError(
            f"is not a manifest of a release ({type(error).__name__}: {error})",
            where=str(path),
            mend="copy the release anew; `corpus verify` checks the copy",
        ) from error


def _made(kind: type[Entry], said: Mapping[str, object]) -> Entry:
    """An entry out of what the manifest says; what a later version of the manifest adds is left aside."""
    return kind(**{key: value for key, value in said.items() if key in kind.__dataclass_fields__})  # type: ignore[arg-type]  # JSON: TypeError where it is not of this form


def write_run(folder: Path, figures: RunFigures) -> None:
    """Write `run.json`."""
    stages = [{name: getattr(stage, name) for name in STAGE_FIELDS} for stage in figures.stages]
    write_json(
        folder / RUN,
        {
            "started_at": figures.started_at,
            "published_at": figures.published_at,
            "host": dict(figures.host),
            "stages": stages,
        },
    )
