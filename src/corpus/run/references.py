"""Other corpora that records are held against: their files, what they hold by content, and what is remembered of them.

A reference is described once for each content of its files; a match with a record is remembered under a fingerprint
that holds those contents, so that another reference file holds every record against it anew, and nothing else does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq

from corpus.errors import SettingsError
from corpus.run.fingerprint import digest
from corpus.run.project import Project
from corpus.run.state import State
from corpus.sections import Against
from corpus.working import REFERENCE

if TYPE_CHECKING:
    from corpus.dedup.reference import Reference

ROWS_AT_ONCE = 512
PATTERNS = ("*.parquet", "*.arrow")
"""Parquet, and what `datasets` writes with save_to_disk."""


@dataclass(frozen=True)
class ReferenceFile:
    """A file of a reference: its name below the reference's folder, and the SHA-256 of its bytes."""

    path: Path
    name: str
    sha256: str


def reference_files(project: Project, against: Against) -> tuple[ReferenceFile, ...]:
    """The files of a reference, sorted by name. SettingsError where there are none, or one can't be read."""
    root = (project.root / against.path).resolve()
    if root.is_file():
        found = [root]
        root = root.parent
    else:
        found = sorted({path for pattern in PATTERNS for path in root.rglob(pattern) if path.is_file()})
    if not found:
        what = "holds no *.parquet or *.arrow file" if root.is_dir() else "is neither a file nor a folder"
        raise _error(project, against, f"path {against.path!r} {what}", "name a Parquet file, or a folder of them")
    known = _Known(project.cache / "references.json")
    files = tuple(ReferenceFile(path, path.relative_to(root).as_posix(), known.sha256(path)) for path in found)
    known.save()
    return files


def contents_digest(project: Project) -> str:
    """The digest of all that records are held against; empty where there is nothing."""
    named = [
        f"{against.name}\0{file.name}\0{file.sha256}"
        for against in project.settings.dedup.against
        for file in reference_files(project, against)
    ]
    return digest(*named) if named else ""


def open_references(state: State) -> list[Reference]:
    """Every reference of the settings, described: what is new is read, what is known by content is not."""
    from corpus.dedup.reference import Reference  # compiled kernels: a publish with nothing to do never needs them

    folder = state.project.cache / "dedup.reference" / state.fingerprints["dedup.sign"]
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for against in state.settings.dedup.against:
        tables = []
        for file in reference_files(state.project, against):
            facts = digest(file.name, file.sha256, against.text, str(against.id), str(against.ngram_words))
            path = folder / f"{facts}.arrow"
            if not path.is_file():
                _describe(state, against, file, path)
            tables.append(pa.ipc.open_file(pa.memory_map(str(path))).read_all())
        found.append(Reference(against, pa.concat_tables([REFERENCE.empty_table(), *tables])))
    return found


def _describe(state: State, against: Against, file: ReferenceFile, path: Path) -> None:
    from corpus.dedup.reference import describe

    temporary = path.with_suffix(".tmp")
    with pa.ipc.new_file(str(temporary), REFERENCE) as sink:
        start = 0
        for rows in rows_of(state.project, against, file):
            names = [f"{file.name}:{start + i}" for i in range(rows.num_rows)]
            given = rows.column(against.id).cast(pa.string()) if against.id else pa.nulls(rows.num_rows, pa.string())
            row_id = pc.coalesce(given, pa.array(names))
            batch = pa.record_batch([row_id, rows.column(against.text).fill_null("")], names=["row_id", "text"])
            sink.write_batch(describe(batch, state.settings.dedup, against.ngram_words))
            start += rows.num_rows
    temporary.rename(path)


def rows_of(project: Project, against: Against, file: ReferenceFile) -> Iterator[pa.RecordBatch]:
    """The text and id columns of a file, some rows at a time."""
    wanted = [against.text, *([against.id] if against.id else [])]
    try:
        if file.path.suffix == ".arrow":
            table = _arrow(file.path)
            schema = table.schema
        else:
            parquet = pq.ParquetFile(file.path)
            schema = parquet.schema_arrow
    except (pa.ArrowInvalid, OSError) as error:
        raise _error(project, against, f"{file.name} can't be read: {error}", "replace that file") from error
    for name in wanted:
        if name not in schema.names:
            raise _error(
                project, against, f"{file.name} has no column {name!r}; it has {', '.join(schema.names)}",
                "set `text` and `id` to columns that are there",
            )  # fmt: skip
    if not (pa.types.is_string(kind := schema.field(against.text).type) or pa.types.is_large_string(kind)):
        raise _error(project, against, f"column {against.text!r} of {file.name} holds {kind}", "name a column of text")
    if file.path.suffix == ".arrow":
        yield from table.select(wanted).to_batches(max_chunksize=ROWS_AT_ONCE)
    else:
        yield from parquet.iter_batches(batch_size=ROWS_AT_ONCE, columns=wanted)


def _arrow(path: Path) -> pa.Table:
    source = pa.memory_map(str(path))
    try:
        return pa.ipc.open_stream(source).read_all()
    except pa.ArrowInvalid:
        return pa.ipc.open_file(source).read_all()


def _error(project: Project, against: Against, message: str, mend: str) -> SettingsError:
    where = str(project.root / "corpus.toml")
    return SettingsError(f"[[dedup.against]] {against.name!r}: {message}", where=where, mend=mend)


class _Known:
    """Digests of files by size, times and inode, so that a large reference is not read at every run."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            found = json.loads(path.read_text())
        except (OSError, ValueError):
            found = {}
        self._found: dict[str, str] = found if isinstance(found, dict) else {}
        self._changed = False

    def sha256(self, path: Path) -> str:
        stat = path.stat()
        key = f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}\0{stat.st_ino}"
        if key not in self._found:
            with path.open("rb") as stream:
                self._found[key] = hashlib.file_digest(stream, "sha256").hexdigest()
            self._changed = True
        return self._found[key]

    def save(self) -> None:
        """Keep what was hashed."""
        if self._changed:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(".tmp")
            temporary.write_text(json.dumps(self._found))
            temporary.rename(self._path)
