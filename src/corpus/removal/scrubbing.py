"""`corpus retract --scrub`: old releases written anew without what was taken out, under their own names."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.errors import ProjectError
from corpus.publish.card import check_card, write_card
from corpus.publish.count import count_ledger, table_files
from corpus.publish.croissant import write_croissant
from corpus.publish.digest import type_name
from corpus.publish.disk import named_faults
from corpus.publish.facts import GateLine, ReleaseFacts
from corpus.publish.following import Followed, as_in_parent
from corpus.publish.glance import glance
from corpus.publish.manifest import RUN, Manifest, read_manifest, write_manifest
from corpus.publish.releases import MANIFEST, Release
from corpus.publish.stated import CARD, section_rows
from corpus.publish.swap import scrubbed, swap
from corpus.publish.write import TableWriter, WrittenTable
from corpus.removal.finding import InRelease
from corpus.removal.hiding import hide_records
from corpus.removal.salt import Salt
from corpus.report.funnel import read_funnel
from corpus.settings import Settings
from corpus.tables import TABLES

REPORT = "report"
ROWS_AT_ONCE = 8192


@dataclass(frozen=True)
class Gone:
    """What is taken out of a release: ids of articles and of records, as Arrow arrays."""

    articles: pa.Array
    records: pa.Array

    @classmethod
    def of(cls, articles: Collection[str], records: Collection[str]) -> Gone:
        """From ids in any order."""
        return cls(pa.array(sorted(articles), pa.string()), pa.array(sorted(records), pa.string()))


def scrub(found: InRelease, release: Release, *, dist: Path, work: Path, salt: Salt, at: str) -> None:
    """Write one release anew without what it holds of a retraction, and exchange the folders.

    Its card says so, with the digest that it had. Its report may name what went, and is replaced by a notice: a new one
    from the tables alone would pass for that of a run, whose gates, comparisons, times and failing rows it lacks. The
    caller holds the project's lock. Raises ProjectError where the release's tables are not this version's.
    """
    folder, manifest = found.folder, read_manifest(found.folder)
    _check_schema(folder, manifest)
    settings = Settings(**dict(manifest.config))  # type: ignore[arg-type]  # JSON: checked by Settings itself
    staged = work / "scrubbing" / folder.name
    shutil.rmtree(staged.parent, ignore_errors=True)
    gone = Gone.of({one.article_id for one in found.articles}, {one.record_id for one in found.records})
    with named_faults(staged):
        staged.mkdir(parents=True)
        written = {
            name: _write(folder, staged, name, gone=gone, salt=salt, settings=settings) for name in _order(manifest)
        }
        tables = {name: written[name] for name in manifest.tables}
        facts = _facts(folder, staged, manifest=manifest, settings=settings, tables=tables, at=at)
        write_card(staged, facts)
        write_croissant(staged, facts)
        shutil.copyfile(folder / RUN, staged / RUN)
        (staged / REPORT).mkdir()
        (staged / REPORT / "index.html").write_text(_notice_page(facts), encoding="utf-8")
        manifest_sha256 = write_manifest(staged, facts)
        check_card(staged)
    counts = {name: table.rows for name, table in facts.tables.items()}
    entry = scrubbed(release, digest=facts.digest, manifest_sha256=manifest_sha256, counts=counts, at=at)
    swap(staged, dist, work, entry)
    shutil.rmtree(staged.parent, ignore_errors=True)


def _check_schema(folder: Path, manifest: Manifest) -> None:
    for name, table in manifest.tables.items():
        columns = {field.name: type_name(field.type) for field in TABLES[name].schema} if name in TABLES else {}
        if columns != dict(table.columns):
            raise ProjectError(
                f"its table {name} has other columns than this version of corpus writes",
                where=str(folder),
                mend=f"scrub it with corpus {manifest.code.get('corpus', 'of its time')}, or prune it with `corpus gc`",
            )


def _order(manifest: Manifest) -> list[str]:
    """Entities last: what is left of them is counted in the mentions written before."""
    return sorted(manifest.tables, key=lambda name: name == "entities")


def _write(folder: Path, staged: Path, name: str, *, gone: Gone, salt: Salt, settings: Settings) -> WrittenTable:
    writer = TableWriter(TABLES[name], staged, settings.publish, Followed(folder, name, most=0))  # cut as they were
    if name == "records":
        ledger = pa.concat_tables(_batches(folder, name))
        writer.write(as_in_parent(hide_records(ledger, gone.records.to_pylist(), salt), folder, name))
    elif name == "entities":
        writer.write(_entities(folder, staged))
    else:
        for batch in _batches(folder, name):
            writer.write(_without(batch, name, gone))
    return writer.close()


def _batches(folder: Path, table: str) -> Iterator[pa.Table]:
    schema = TABLES[table].schema
    yield schema.empty_table()
    for path in table_files(folder, table):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
                yield pa.Table.from_batches([batch]).cast(schema)


def _without(rows: pa.Table, name: str, gone: Gone) -> pa.Table:
    """Rows about what is gone left out; where a row only points at it, it points at nothing."""
    if name == "removals":
        return rows
    for reference in TABLES[name].references:
        ids = {"articles": gone.articles, "records": gone.records}.get(reference.table)
        if ids is None:
            continue
        hit = pc.fill_null(pc.is_in(rows[reference.column], value_set=ids), False)
        if reference.table == "articles" and reference.column not in ("article_id", "from_article_id"):
            at = rows.schema.get_field_index(reference.column)
            values = pc.if_else(hit, pa.scalar(None, pa.string()), rows[reference.column])
            rows = rows.set_column(at, rows.schema.field(at), values)
        else:
            rows = rows.filter(pc.invert(hit))
    return rows.filter(pc.invert(pc.is_in(rows["article_id"], value_set=gone.articles))) if name == "articles" else rows


def _entities(folder: Path, staged: Path) -> pa.Table:
    """The entities that are still named, counted anew; only names that are still there stay among the aliases."""
    entities = pa.concat_tables(_batches(folder, "entities"))
    mentions = pa.concat_tables(_batches(staged, "mentions")).select(["article_id", "entity_id", "surface"])
    mentions = mentions.filter(pc.is_valid(mentions["entity_id"]))
    dates = pa.concat_tables(_batches(staged, "articles")).select(["article_id", "published_at"])
    at = pc.index_in(mentions["article_id"], value_set=dates["article_id"])
    mentions = mentions.append_column("published_at", dates["published_at"].take(at))
    counted = mentions.group_by("entity_id", use_threads=False).aggregate([
        ("article_id", "count_distinct"), ("article_id", "count"), ("published_at", "min"), ("surface", "distinct"),
    ])  # fmt: skip
    known = {row["entity_id"]: row for row in counted.to_pylist()}
    rows = []
    for row in entities.to_pylist():
        now = known.get(row["entity_id"])
        if now is None:
            continue
        names = {name for name in now["surface_distinct"] if name is not None}
        aliases = [name for name in row["aliases"] or () if name in names]
        rows.append(row | {
            "n_articles": now["article_id_count_distinct"], "n_mentions": now["article_id_count"],
            "first_published_at": now["published_at_min"], "aliases": aliases,
        })  # fmt: skip
    return pa.Table.from_pylist(rows, TABLES["entities"].schema)


def _facts(
    folder: Path, staged: Path, *, manifest: Manifest, settings: Settings, tables: dict[str, WrittenTable], at: str
) -> ReleaseFacts:
    ledger = count_ledger(staged)
    said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    went = manifest.tables["articles"].rows - tables["articles"].rows
    notice = (
        f"Written anew on {at[:10]} without articles that were taken back ({went} this time); its digest was "
        f"{manifest.digest}. Who holds older files is asked to drop what `corpus removals {manifest.version}..` lists."
    )
    return ReleaseFacts(
        name=manifest.name, title=settings.title, description=settings.description, version=manifest.version,
        parent=manifest.parent, license=settings.license, language=settings.language, homepage=settings.homepage,
        maintainer=settings.maintainer, tables=tables, fates=ledger.fates, reasons=ledger.reasons,
        gates=tuple(_gates(folder)), code=manifest.code, config=manifest.config, libraries=manifest.libraries,
        models=manifest.models, platform=dict(said.get("platform", {})), inventory_digest=manifest.inventory_digest,
        limits=(notice,), text=manifest.text, glance=glance(staged), funnel=read_funnel(staged),
    )  # fmt: skip


def _gates(folder: Path) -> Iterator[GateLine]:
    """The gates as the old card lists them."""
    for name, cells in section_rows((folder / CARD).read_text(encoding="utf-8"), "Gates").items():
        if len(cells) >= 3 and cells[2].isdigit():
            yield GateLine(name, cells[0] == "passed", cells[1], int(cells[2]))


def _notice_page(facts: ReleaseFacts) -> str:
    from corpus.report.blocks import Section, Text
    from corpus.report.page import Page
    from corpus.report.site import Built, Frame, render_pages

    section = Section("notice", "Taken away", (Text(facts.limits[0]), Text("Its report went with them.")))
    page = Page("index", "Report", 1, lambda _: (section,))
    frame = Frame(facts.title or facts.name, facts.version, "Data-quality report", "Written anew with the release.")
    (html,) = render_pages(frame, [Built(page, (section,))]).values()
    return html
