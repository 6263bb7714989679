"""Proof, with a release's folder alone, that it is whole and that its numbers are true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.errors import ProjectError
from corpus.publish.count import count_files, count_ledger, table_files
from corpus.publish.digest import type_name
from corpus.publish.disk import sha256_of
from corpus.publish.manifest import Manifest, is_whole, read_manifest
from corpus.publish.relations import (
    key_faults,
    ledger_faults,
    reference_faults,
    vocabulary_faults,
)
from corpus.publish.releases import INDEX, MANIFEST, find_release, read_releases
from corpus.publish.spans import Texts, span_faults, text_faults
from corpus.publish.stated import Truth, differences
from corpus.publish.withheld import leaks

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: which check found it, and what it is."""

    check: str
    what: str

    def __str__(self) -> str:
        return f"{self.check}: {self.what}"


@dataclass(frozen=True)
class Verification:
    """What `verify` found: the release, the checks made in their order, and all faults (none: it is whole)."""

    folder: Path
    version: str
    quick: bool
    checks: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def whole(self) -> bool:
        """Whether no fault was found."""
        return not self.faults

    def to_json(self) -> dict[str, object]:
        """For programs."""
        faults = [{"check": fault.check, "what": fault.what} for fault in self.faults]
        return {"version": self.version, "quick": self.quick, "checks": list(self.checks), "faults": faults}


def verify(release: str | Path | None = None, quick: bool = False, project: str | Path | None = None) -> Verification:
    """Check a release.

    `release`: its folder, or a version of `project` (null: the newest). `quick`: checksums and counts only; else every
    number of manifest, card and Croissant is computed anew from the Parquet files, keys, foreign keys and spans are
    followed and the ledger is balanced. Raises ProjectError where there is no such release.
    """
    folder = find_release(release, project)
    try:
        manifest = read_manifest(folder)
    except ProjectError as error:
        return Verification(folder, "unknown", quick, ("manifest",), (Fault("manifest", str(error)),))
    found = _Findings(folder, manifest)
    found.make("manifest", found.manifest_faults)
    found.make("files", found.file_faults)
    found.make("rows", found.row_faults)
    if not quick:
        found.make_full()
    return Verification(folder, manifest.version, quick, tuple(found.checks), tuple(found.faults))


def show_verification(found: Verification, out: Console) -> None:
    """Print what was checked and what was found."""
    for check in found.checks:
        faults = [fault for fault in found.faults if fault.check == check]
        out.print(f"{check}: {'holds' if not faults else ''}", markup=False, highlight=False)
        for fault in faults:
            out.print(f"    {fault.what}", markup=False, highlight=False, soft_wrap=True)
    said = "is whole" if found.whole else f"has {len(found.faults)} faults"
    how = " (checksums and counts only)" if found.quick else ""
    out.print(f"{found.folder.name} {said}{how}.", markup=False, highlight=False)


class _Findings:
    """The checks of one release, and what they found so far."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder, self._manifest = folder, manifest
        self.checks: list[str] = []
        self.faults: list[Fault] = []
        self._present: dict[str, frozenset[str]] = {}

    def make(self, check: str, find: Callable[[], Iterator[str]]) -> None:
        """Make one check; what keeps it from being made is a fault too."""
        self.checks.append(check)
        try:
            self.faults += [Fault(check, what) for what in find()]
        except (OSError, ValueError, KeyError, ProjectError, pa.ArrowException) as error:
            self.faults.append(Fault(check, f"can't be carried out: {type(error).__name__}: {error}"))

    def make_full(self) -> None:
        """All checks that read every row."""
        folder, present = self._folder, self._present
        if present.keys() != self._manifest.tables.keys():
            self.faults.append(Fault("rows", "the other checks were left out: not every table can be read"))
            return
        self.make("columns", self.column_faults)
        self.make("numbers", self.number_faults)
        self.make("keys", lambda: key_faults(folder, present))
        self.make("vocabularies", lambda: vocabulary_faults(folder, present))
        self.make("references", lambda: reference_faults(folder, present))
        self.make("ledger", lambda: ledger_faults(folder, present, count_ledger(folder)))
        self.make("texts", self.text_faults)

    def manifest_faults(self) -> Iterator[str]:
        """The manifest against itself, and against `releases.json` where it lies beside."""
        path = self._folder / MANIFEST
        if not is_whole(path.read_text(encoding="utf-8")):
            yield "it is not as it was written: its digest of itself differs"
        release = None
        if (self._folder.resolve().parent / INDEX).is_file():
            release = read_releases(self._folder.resolve().parent).find(self._manifest.version)
        if release is not None and release.folder == self._folder.resolve().name:
            if release.manifest_sha256 != sha256_of(path):
                yield f"its sha256 is {sha256_of(path)}, {INDEX} says {release.manifest_sha256}"
            if release.digest != self._manifest.digest:
                yield f"its digest is {self._manifest.digest}, {INDEX} says {release.digest}"
            rows = {name: table.rows for name, table in self._manifest.tables.items()}
            if dict(release.counts) != rows:
                yield f"its tables have {rows} rows, {INDEX} says {dict(release.counts)}"

    def file_faults(self) -> Iterator[str]:
        """Each file against the manifest; files missing, and files that it does not know."""
        found = (path for path in self._folder.rglob("*") if path.is_symlink() or not path.is_dir())
        there = {path.relative_to(self._folder).as_posix(): path for path in found}
        for name, path in sorted(there.items()):
            if path.is_symlink():
                yield f"{name} is a symbolic link"
            elif name != MANIFEST and name not in self._manifest.files:
                yield f"{name} is not in the manifest"
        for name, entry in self._manifest.files.items():
            if name not in there:
                yield f"{name} is missing"
            elif (sha256 := sha256_of(there[name])) != entry.sha256:
                yield f"{name}: its sha256 is {sha256}, the manifest says {entry.sha256}"
            elif (size := there[name].stat().st_size) != entry.bytes:
                yield f"{name}: it has {size} bytes, the manifest says {entry.bytes}"

    def row_faults(self) -> Iterator[str]:
        """Rows by the Parquet files' own footers; finds out which tables can be read."""
        for name, table in self._manifest.tables.items():
            rows, columns, broken = 0, frozenset[str](), False
            for path in table_files(self._folder, name):
                place = f"{name}/{path.name}"
                try:
                    with pq.ParquetFile(path) as file:
                        found, columns = file.metadata.num_rows, frozenset(file.schema_arrow.names)
                except (OSError, pa.ArrowException) as error:
                    broken = True
                    yield f"{place} can't be read: {error}"
                    continue
                rows += found
                said = self._manifest.files.get(place)
                if said is not None and said.rows != found:
                    yield f"{place}: it has {found} rows, the manifest says {said.rows}"
            if not columns and not broken:
                yield f"{name} has no Parquet file"
            elif not broken:
                self._present[name] = columns
                if rows != table.rows:
                    yield f"{name} has {rows} rows, the manifest says {table.rows}"

    def column_faults(self) -> Iterator[str]:
        """Every file of a table has the columns and types that the manifest lists."""
        for name, table in self._manifest.tables.items():
            for path in table_files(self._folder, name):
                schema = pq.read_schema(path)
                columns = {field.name: type_name(field.type) for field in schema}
                if columns != table.columns:
                    odd = {
                        key
                        for key in columns.keys() | table.columns.keys()
                        if columns.get(key) != table.columns.get(key)
                    }
                    yield f"{name}/{path.name}: {', '.join(sorted(odd))} not as the manifest lists them"

    def number_faults(self) -> Iterator[str]:
        """Every number that manifest, card and Croissant state."""
        tables = {
            name: count_files(self._folder, name, table.undigested) for name, table in self._manifest.tables.items()
        }
        truth = Truth(self._folder, self._manifest.version, tables, count_ledger(self._folder))
        yield from map(str, differences(truth, self._manifest))

    def text_faults(self) -> Iterator[str]:
        """Texts, and the spans into them."""
        texts = Texts(self._folder, self._manifest.text)
        yield from text_faults(texts, self._manifest.text)
        yield from leaks(self._folder, self._manifest.text)
        yield from span_faults(self._folder, self._present, texts)
