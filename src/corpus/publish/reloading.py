"""The clean process of `reload`: `python -m corpus.publish.reloading FOLDER RESULT TABLE=load|stream …`."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import datasets
import pyarrow as pa

from corpus.publish.count import Counted, count
from corpus.publish.digest import undigested


def main(arguments: list[str]) -> None:
    """Load each table and write what it held as JSON."""
    folder, result, *tables = arguments
    counted = {}
    for named in tables:
        name, _, how = named.partition("=")
        counted[name] = asdict(_stream(folder, name) if how == "stream" else _load(folder, name))
    Path(result).write_text(json.dumps(counted), encoding="utf-8")


def _load(folder: str, name: str) -> Counted:
    loaded = datasets.load_dataset(folder, name, split="train")
    table: pa.Table = loaded.data.table
    counted = count(table.to_batches(), table.schema, undigested(name))
    used = Path(loaded.cache_files[0]["filename"]).parent
    del loaded, table
    shutil.rmtree(used, ignore_errors=True)  # a table at a time on the disk
    return counted


def _stream(folder: str, name: str) -> Counted:
    """A table without rows; whatever rows come are counted all the same."""
    streamed = datasets.load_dataset(folder, name, split="train", streaming=True)
    schema: pa.Schema = streamed.features.arrow_schema
    rows = pa.Table.from_pylist(list(streamed), schema=schema)
    return count(rows.to_batches(), schema, undigested(name))


if __name__ == "__main__":
    main(sys.argv[1:])
