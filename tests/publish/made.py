"""Small releases for the tests of this room: coherent tables, staged, and published with the room's own verbs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from corpus.columns import Table
from corpus.publish.card import check_card, write_card
from corpus.publish.commit import commit
from corpus.publish.count import count_ledger
from corpus.publish.croissant import write_croissant
from corpus.publish.facts import GateLine, ReleaseFacts, RunFigures
from corpus.publish.glance import glance
from corpus.publish.manifest import write_manifest, write_run
from corpus.publish.releases import Release
from corpus.publish.write import TableWriter
from corpus.report.funnel import read_funnel
from corpus.tables import TABLES

NAME = "harbour-news"
TIME = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Cut:
    rows_per_file: int = 1000
    rows_per_group: int = 100


@dataclass(frozen=True)
class Stage:
    name: str = "ingest"
    rows_in: int = 1
    rows_out: int = 1
    reused: int = 0
    seconds: float = 0.5
    cpu_seconds: float = 0.5
    peak_bytes: int = 1000


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def text_of(number: int, words: str = "") -> str:
    return (
        f"Ana Ortiz opened bridge {number} in Köln 🌉 today.\n\nThe bridge cost {number} million euros. {words}".strip()
    )


def rows_of(table: Table, rows: list[dict[str, object]]) -> pa.Table:
    filled = [{column.name: row.get(column.name) for column in table.columns} for row in rows]
    return pa.Table.from_pylist(filled, schema=table.schema)


def make_tables(
    n: int = 6, *, version: str = "0.1.0", words: str = "", skip: tuple[int, ...] = ()
) -> dict[str, pa.Table]:
    """All tables of a release of `n` articles; every third has a copy, and one record is rejected.

    `words` end each text; articles in `skip` are rejected instead.
    """
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    rejected = [{"rule": "min_words", "value": "3", "threshold": "25"}]
    for number in range(n):
        record, article = f"rec{number}", f"art{number}"
        ledger = {
            "record_id": record,
            "raw_path": f"news/{number}.txt",
            "byte_start": 0,
            "byte_end": 90,
            "sha256": hashed(record),
            "media_type": "text/plain",
        }
        if number in skip:
            rows["records"].append(ledger | {"fate": "rejected", "reasons": rejected})
            continue
        rows["records"].append(ledger | {"fate": "published", "reasons": [], "article_id": article})
        _article(rows, number, text_of(number, words), version)
        if number % 3 == 0:
            same = [{"rule": "exact_duplicate", "value": "1", "threshold": "1"}]
            copy = ledger | {"record_id": f"copy{number}", "raw_path": f"copies/{number}.txt"}
            rows["records"].append(copy | {"fate": "duplicate", "reasons": same, "kept_article_id": article})
            rows["derivations"].append(
                {
                    "article_id": article,
                    "from_record_id": f"copy{number}",
                    "kind": "exact_duplicate",
                    "similarity": 1.0,
                    "method": "sha256",
                }
            )
    rows["records"].append({"record_id": "short", "raw_path": "short.txt", "fate": "rejected", "reasons": rejected})
    rows["entities"].append(
        {"entity_id": "ent", "name": "Ana Ortiz", "type": "PERSON", "n_articles": n, "n_mentions": n}
    )
    return {name: rows_of(table, rows[name]) for name, table in TABLES.items()}


def _article(rows: dict[str, list[dict[str, object]]], number: int, text: str, version: str) -> None:
    article = f"art{number}"
    rows["articles"].append(
        {
            "article_id": article, "record_id": f"rec{number}", "source": "news", "host": "example.org",
            "url": f"https://example.org/{number}", "title": f"Bridge {number} | <b>!</b>", "authors": ["Ana", "Bo"],
            "published_at": TIME, "language": "en", "language_score": 0.9871, "text": text, "text_sha256": hashed(text),
            "n_words": 14, "n_chars": len(text), "truncated": False, "n_duplicates": int(number % 3 == 0),
            "rights": [{"signal": "noai", "value": "1", "where": "meta"}] if number % 2 else [],
            "raw_path": f"news/{number}.txt", "raw_sha256": hashed(f"rec{number}"), "media_type": "text/plain",
            "first_version": version,
        }
    )  # fmt: skip
    quality: dict[str, object] = {
        column.name: {pa.int64(): 2, pa.float64(): 0.5, pa.bool_(): False}.get(column.type)
        for column in TABLES["quality"].columns
    }
    rows["quality"].append(quality | {"article_id": article})
    parts = text.split("\n\n")
    at = 0
    for index, part in enumerate(parts):
        rows["paragraphs"].append(
            {
                "article_id": article,
                "paragraph_index": index,
                "start_char": at,
                "end_char": at + len(part),
                "role": "paragraph",
                "repeated": False,
            }
        )
        at += len(part) + 2
    for surface, label, entity in (("Ana Ortiz", "PERSON", "ent"), ("today", "DATE", None)):
        start = text.index(surface)
        rows["mentions"].append(
            {
                "article_id": article,
                "start_char": start,
                "end_char": start + len(surface),
                "surface": surface,
                "label": label,
                "entity_id": entity,
                "method": "test",
            }
        )
    start = text.index("Köln")
    rows["links"].append(
        {
            "article_id": article,
            "start_char": start,
            "end_char": start + 4,
            "anchor_text": "Köln",
            "url": "https://k.example",
            "host_class": "other",
            "section": "inline",
            "flags": [],
            "method": "test",
        }
    )
    rows["links"].append(
        {
            "article_id": article,
            "url": "http://x",
            "host_class": "other",
            "section": "metadata",
            "flags": ["malformed"],
            "method": "test",
        }
    )


def stage(
    folder: Path, tables: dict[str, pa.Table], *, version: str = "0.1.0", parent: str | None = None
) -> ReleaseFacts:
    """Write the Parquet files of a release below `folder`; the facts of its card."""
    written = {}
    for name, rows in tables.items():
        writer = TableWriter(TABLES[name], folder, Cut())
        writer.write(rows)
        written[name] = writer.close()
    ledger = count_ledger(folder)
    return ReleaseFacts(
        name=NAME, title="Harbour | News", description="Short reports. --- <b>made</b> for tests", version=version,
        parent=parent, license="CC-BY-4.0", language=("en",), homepage="https://example.org", maintainer="The Harbour",
        tables=written, fates=ledger.fates, reasons=ledger.reasons, gates=(GateLine("not empty", True, "error", 6),),
        code={"corpus": "0.1"}, config={"clean": {"min_words": 25}}, libraries={"pyarrow": "26"}, models={"sm": "3.8"},
        platform={"machine": "x86_64"}, inventory_digest=hashed("raw"), limits=("Dates are as the pages say.",),
        glance=glance(folder), funnel=read_funnel(folder),
    )  # fmt: skip


def finish(folder: Path, facts: ReleaseFacts) -> Release:
    """Write everything but the tables; the entry for `releases.json`."""
    write_card(folder, facts)
    write_croissant(folder, facts)
    (folder / "report").mkdir(exist_ok=True)
    (folder / "report" / "index.html").write_text("<p>A report.</p>")
    write_run(folder, RunFigures("2024-05-01T00:00:00Z", "2024-05-01T00:01:00Z", (Stage(),), {"cpu_count": 2}))
    manifest_sha256 = write_manifest(folder, facts)
    counts = {name: table.rows for name, table in facts.tables.items()}
    return Release(
        facts.version, facts.parent, "2024-05-01T00:01:00Z", facts.digest, manifest_sha256, counts, facts.folder
    )


def publish(
    root: Path,
    tables: dict[str, pa.Table] | None = None,
    *,
    version: str = "0.1.0",
    parent: str | None = None,
    **said: object,
) -> Path:
    """A whole release in a project at `root`; the folder where it lies. `said`: facts that are otherwise."""
    work = root / ".corpus"
    staged = work / "staging" / f"{NAME}-v{version}"
    staged.mkdir(parents=True)
    facts = stage(staged, tables or make_tables(version=version), version=version, parent=parent)
    release = finish(staged, replace(facts, **said))  # type: ignore[arg-type]
    check_card(staged)
    return commit(staged, root / "dist" / NAME, work, release)
