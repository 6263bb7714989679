"""What is kept of a step over the whole corpus between runs: Arrow files, written whole and then renamed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import pyarrow as pa

from corpus.run.fingerprint import digest
from corpus.run.state import State
from corpus.shards import ARROW, BROKEN, mapped, write_shard

MEANING, MARK, BASE = b"meaning", b"mark", b"base"
STEPS = ("clean.extract", "dedup.sign", "dedup.repeat", "dedup.fold")
"""Steps whose results what is kept depends on."""


class Keeping:
    """Two tables that are kept together, under a name; `base`: the mark of what they were made from, if that counts."""

    def __init__(self, state: State, name: str, schemas: tuple[pa.Schema, pa.Schema], base: bytes = b"") -> None:
        self._folder = state.project.cache / "dedup.fold" / state.fingerprints["dedup.fold"]
        self._folder.mkdir(parents=True, exist_ok=True)
        self._paths = [self._folder / f"{name}-{number}{ARROW}" for number in range(len(schemas))]
        self._schemas = schemas
        self._meaning = digest(*(state.fingerprints[step] for step in STEPS)).encode()
        self.base = base
        self.mark = b""
        """Tells what was loaded or saved last from all else."""

    def load(self) -> tuple[pa.Table, pa.Table] | None:
        """What was kept; None where there is nothing, or nothing whole, or it was made by other code or settings, or
        from something else."""
        try:
            first, second = map(mapped, self._paths)
        except BROKEN:
            return None
        marks = dict(first.schema.metadata or {})
        if marks != dict(second.schema.metadata or {}) or (marks.get(MEANING), marks.get(BASE)) != (
            self._meaning,
            self.base,
        ):
            return None
        first, second = first.replace_schema_metadata(), second.replace_schema_metadata()
        if (first.schema, second.schema) != self._schemas:
            return None
        self.mark = marks[MARK]
        return first, second

    def save(self, tables: Sequence[pa.Table], base: bytes = b"") -> None:
        """Keep these for the next run."""
        self.mark = uuid.uuid4().bytes
        marks = {MEANING: self._meaning, MARK: self.mark, BASE: base}
        for path, table in zip(self._paths, tables, strict=True):
            write_shard(path, table.replace_schema_metadata(marks))

    def forget(self) -> None:
        """Keep nothing."""
        for path in self._paths:
            path.unlink(missing_ok=True)
