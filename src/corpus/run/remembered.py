"""The text of a record as this machine remembers it: of what was not published, it is nowhere else."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds


def remembered_text(cache: Path, record_id: str, sha256: str) -> str | None:
    """The extracted text of a record with that payload, from what the last runs remember; None where none does."""
    read = _rows(
        cache / "ingest.read", ["content_key"], (ds.field("record_id") == record_id) & (ds.field("sha256") == sha256)
    )
    keys = [key for table in read for key in table["content_key"].to_pylist() if key is not None]
    if not keys:
        return None
    wanted = ds.field("key").isin(pa.array(keys, pa.binary(16)))
    for table in _rows(cache / "clean.extract", ["text"], wanted):
        for text in table["text"].to_pylist():
            if text is not None:
                return str(text)
    return None


def _rows(step: Path, columns: list[str], where: ds.Expression) -> list[pa.Table]:
    """Rows that a step remembers, under its last used fingerprint first."""
    found = []
    folders = [path for path in step.iterdir() if path.is_dir()] if step.is_dir() else []
    for folder in sorted(folders, key=lambda path: path.stat().st_mtime_ns, reverse=True):
        if files := sorted(str(path) for path in folder.glob("*.parquet") if not path.name.startswith(".")):
            table = ds.dataset(files, format="parquet").to_table(columns=columns, filter=where)
            if table.num_rows:
                found.append(table)
    return found
