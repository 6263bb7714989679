"""What `.corpus/` remembers of records that were taken out is made to be forgotten."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

REPORTS = ("scratch", "staging", "reload", "refused", "failing", "report", "scrubbing", "discarded")
"""Folders of `.corpus/` that may hold texts, titles or addresses of any record, and can all be made again."""


def forget_records(cache: Path, gone: Iterable[str], raw_paths: Iterable[str] = ()) -> int:
    """Take the rows of those records, and of all records from those raw paths, out of the remembered work.

    Every fingerprint's shards are looked at, old ones too. A shard is written anew beside and put in its place; rows
    go by whole keys, so that a file is never half known: what stays in raw/ is read again. Returns how many rows went.
    """
    ids, paths = set(gone), pa.array(sorted(set(raw_paths)), pa.string())
    shards = sorted(cache.glob("*/*/*.parquet"))
    if len(paths):
        for shard in shards:
            if "raw_path" in pq.read_schema(shard).names:
                table = pq.ParquetFile(shard).read(columns=["record_id", "raw_path"])
                ids.update(table["record_id"].filter(pc.is_in(table["raw_path"], value_set=paths)).to_pylist())
    wanted = pa.array(sorted(ids), pa.string())
    return sum(_forget(shard, wanted) for shard in shards) if len(wanted) else 0


def _forget(shard: Path, wanted: pa.Array) -> int:
    names = pq.read_schema(shard).names
    if "record_id" not in names or "key" not in names:
        return 0
    narrow = pq.ParquetFile(shard).read(columns=["key", "record_id"])
    hit = pc.is_in(narrow["record_id"], value_set=wanted)
    if not pc.any(hit).as_py():
        return 0
    keys = pc.unique(narrow["key"].filter(hit))
    stays = pc.invert(pc.is_in(narrow["key"], value_set=keys))
    table = pq.ParquetFile(shard).read().filter(stays)
    if table.num_rows:
        temporary = shard.with_name(f".{shard.name}.forgetting")
        pq.write_table(table, temporary, compression="zstd", compression_level=1, row_group_size=512)
        temporary.rename(shard)
    else:
        shard.unlink()
    return int(narrow.num_rows - table.num_rows)


def forget_reports(work: Path) -> tuple[str, ...]:
    """Delete what runs and reports left in `.corpus/` outside the cache; the names of the folders that went."""
    found = tuple(name for name in REPORTS if (work / name).is_dir())
    for name in found:
        shutil.rmtree(work / name)
    (work / "plan.json").unlink(missing_ok=True)
    return found
