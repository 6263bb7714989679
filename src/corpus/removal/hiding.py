"""What a release says of what was taken out: rows of the ledger that tell nothing, and tombstones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.publish.count import table_files
from corpus.removal.salt import Salt
from corpus.tables import TABLES

RETRACTED = "retracted"
ORDER = [("raw_path", "ascending"), ("byte_start", "ascending"), ("record_id", "ascending")]
"""The order of the ledger's rows."""


def hide_records(records: pa.Table, gone: Iterable[str], salt: Salt) -> pa.Table:
    """Rows of `records` with those of the record ids `gone` made silent: a salted id, the fate, and nothing else."""
    hidden = pc.is_in(records["record_id"], value_set=pa.array(sorted(gone), pa.string()))
    if not pc.any(hidden).as_py():
        return records
    ids = [salt.record_id(record) for record in records["record_id"].filter(hidden).to_pylist()]
    silent: dict[str, object] = dict.fromkeys(records.schema.names)
    reasons = [{"rule": RETRACTED, "value": None, "threshold": None}]
    rows = [{**silent, "record_id": one, "raw_path": one, "fate": RETRACTED, "reasons": reasons} for one in ids]
    shown = records.filter(pc.invert(hidden))
    return pa.concat_tables([shown, pa.Table.from_pylist(rows, shown.schema)]).sort_by(ORDER)


def tombstones(parent: Path | None, gone: Mapping[str, tuple[str, str]], version: str) -> pa.Table:
    """Rows of `removals`: those of the parent release, then `gone` (article id -> salted content hash, reason)."""
    schema = TABLES["removals"].schema
    files = table_files(parent, "removals") if parent else []
    before = pa.concat_tables([schema.empty_table(), *(pq.ParquetFile(file).read().cast(schema) for file in files)])
    known = set(before["article_id"].to_pylist())
    rows = [
        {"article_id": article, "salted_content_hash": content, "reason": reason, "effective_version": version}
        for article, (content, reason) in sorted(gone.items())
        if article not in known
    ]
    return pa.concat_tables([before, pa.Table.from_pylist(rows, schema)])


def published_texts(release: Path | None, article_ids: Iterable[str]) -> dict[str, str]:
    """Those of the articles that a release holds -> their text_sha256."""
    wanted = pa.array(sorted(article_ids), pa.string())
    found: dict[str, str] = {}
    for path in table_files(release, "articles") if release and len(wanted) else ():
        table = pq.ParquetFile(path).read(columns=["article_id", "text_sha256"])
        table = table.filter(pc.is_in(table["article_id"], value_set=wanted))
        found |= dict(zip(table["article_id"].to_pylist(), table["text_sha256"].to_pylist(), strict=True))
    return found


def raw_paths_of(release: Path | None, article_ids: Iterable[str]) -> set[str]:
    """The raw paths, in a release's ledger, of the records published as or folded into those articles."""
    wanted = pa.array(sorted(article_ids), pa.string())
    found: set[str] = set()
    for path in table_files(release, "records") if release and len(wanted) else ():
        table = pq.ParquetFile(path).read(columns=["raw_path", "article_id", "kept_article_id"])
        concerned = pc.is_in(pc.coalesce(table["article_id"], table["kept_article_id"]), value_set=wanted)
        found.update(table["raw_path"].filter(concerned).to_pylist())
    return found
