"""What `.corpus/` remembers of records that were taken out is made to be forgotten."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from corpus.shards import ARROW, PARQUET, names_of, read_columns, write_shard

REPORTS = ("scratch", "staging", "reload", "refused", "failing", "report", "scrubbing", "discarded")
"""Folders of `.corpus/` that may hold texts, titles or addresses of any record, and can all be made again."""
FATES = "dedup.fold"
"""Folder of the cache with what is kept of fates from run to run."""


def forget_records(cache: Path, gone: Iterable[str], raw_paths: Iterable[str] = ()) -> int:
    """Take the rows of those records, and of all records from those raw paths, out of the remembered work.

    Every fingerprint's shards are looked at, old ones too. A shard is written anew beside and put in its place; rows
    go by whole keys, so that a file is never half known: what stays in raw/ is read again. Returns how many rows went.
    """
    ids, paths = set(gone), pa.array(sorted(set(raw_paths)), pa.string())
    shards = sorted(
        path for suffix in (PARQUET, ARROW) for path in cache.glob(f"*/*/*{suffix}") if path.parts[-3] != FATES
    )
    if len(paths):
        for shard in shards:
            if "raw_path" in names_of(shard):
                table = read_columns(shard, ["record_id", "raw_path"])
                ids.update(table["record_id"].filter(pc.is_in(table["raw_path"], value_set=paths)).to_pylist())
    wanted = pa.array(sorted(ids), pa.string())
    if len(wanted):  # what is kept of fates tells of whole clusters: all are decided on anew
        shutil.rmtree(cache / FATES, ignore_errors=True)
    return sum(_forget(shard, wanted) for shard in shards) if len(wanted) else 0


def _forget(shard: Path, wanted: pa.Array) -> int:
    names = names_of(shard)
    if "record_id" not in names or "key" not in names:
        return 0
    narrow = read_columns(shard, ["key", "record_id"])
    hit = pc.is_in(narrow["record_id"], value_set=wanted)
    if not pc.any(hit).as_py():
        return 0
    keys = pc.unique(narrow["key"].filter(hit))
    stays = pc.invert(pc.is_in(narrow["key"], value_set=keys))
    table = read_columns(shard).filter(stays)
    if table.num_rows:
        write_shard(shard, table)
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
