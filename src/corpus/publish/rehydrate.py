"""`corpus rehydrate`: texts put back into a release without them, from its reader's own raw files, checked by hash."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from corpus.errors import ProjectError, SettingsError
from corpus.publish.card import load_front_matter
from corpus.publish.count import table_files
from corpus.publish.disk import named_faults
from corpus.publish.following import Followed
from corpus.publish.manifest import Manifest, read_manifest
from corpus.publish.spans import QUOTED
from corpus.publish.stated import CARD
from corpus.publish.write import TableWriter, WrittenTable
from corpus.settings import Settings
from corpus.tables import TABLES

ROWS_AT_ONCE = 2048
TEXTS = pa.schema([("text_sha256", pa.string()), ("text", pa.large_string())])


@dataclass(frozen=True)
class Rehydrated:
    """What came of it: the new folder, the articles, how many texts were put back, and the ids of the others."""

    folder: Path
    articles: int
    restored: int
    missing: tuple[str, ...]


def rehydrate(release: Path, raw: Path, to: Path) -> Rehydrated:
    """Write a copy of `release` into the new folder `to`, with each text that the files below `raw` give by its hash.

    A file counts by its payload's SHA-256, wherever it lies, and a text only if it is the published one to the letter:
    read by the settings that the manifest states, by this version's code. Words that columns repeat are put back where
    their place in the text is known. Raises ProjectError where the release has its texts, or `to` is there already.
    """
    manifest = read_manifest(release)
    if manifest.text == "full":
        raise ProjectError("this release has its texts", where=str(release), mend="load it as it is")
    if to.exists():
        raise ProjectError("there is such a folder already", where=str(to), mend="name one that is not there yet")
    settings = _settings(manifest)
    wanted = _column(release, "raw_sha256"), _column(release, "text_sha256")
    with named_faults(to), tempfile.TemporaryDirectory(dir=_existing(to)) as scratch:
        store = _Texts(Path(scratch), release)
        for payloads in _payloads(raw, settings, wanted[0]):
            store.add(_extracted(payloads, settings), wanted[1])
        made = Path(scratch) / "made"
        tables = {name: _table(release, made, name, store, settings) for name in manifest.tables}
        restored, missing = store.outcome()
        _card(made, manifest, tables, restored, len(missing))
        made.rename(to)
    return Rehydrated(to, restored + len(missing), restored, tuple(missing))


def _settings(manifest: Manifest) -> Settings:
    try:
        return Settings(**dict(manifest.config))  # type: ignore[arg-type]  # JSON: checked by Settings itself
    except ValueError as error:
        raise SettingsError(
            f"the release's settings are not this version's: {str(error).splitlines()[0]}",
            mend=f"use corpus {manifest.code.get('corpus', 'as it was then')}, which made it",
        ) from error


def _existing(path: Path) -> Path:
    """The nearest folder above that is there: on the same filesystem, for a rename."""
    return next(parent for parent in path.resolve().parents if parent.is_dir())


def _column(release: Path, name: str) -> pa.Array:
    parts = [pq.ParquetFile(file).read(columns=[name])[name] for file in table_files(release, "articles")]
    return pc.unique(pa.chunked_array([chunk for part in parts for chunk in part.chunks], pa.string()))


def _payloads(raw: Path, settings: Settings, wanted: pa.Array) -> Iterator[pa.RecordBatch]:
    """The records below `raw` whose payload an article was made from."""
    from corpus import ingest

    for found in ingest.walk(raw):
        source = ingest.source_of(found.raw_path, settings.source)
        for batch in ingest.read(found, source, settings.ingest):
            mine = batch.filter(
                pc.and_(pc.is_in(batch.column("sha256"), value_set=wanted), pc.is_null(batch.column("fate")))
            )
            if mine.num_rows:
                at = mine.schema.get_field_index("record_id")
                yield mine.set_column(at, mine.schema.field(at), mine.column("sha256"))


def _extracted(payloads: pa.RecordBatch, settings: Settings) -> pa.RecordBatch:
    from corpus import clean, ingest

    paths = payloads.column("raw_path").to_pylist()
    sources = {source.name: source for source in (ingest.source_of(path, settings.source) for path in paths)}
    return clean.extract(payloads, settings.clean, sources)


class _Texts:
    """Texts that were found, on the disk by their digest, and given back for a batch of articles at a time."""

    def __init__(self, folder: Path, release: Path) -> None:
        self._files: list[Path] = []
        self._folder = folder / "texts"
        self._folder.mkdir()
        self._known: set[str] = set()
        self._of: dict[str, str] = {}
        for batch in _batches(release, "articles", ["article_id", "text_sha256"]):
            pairs = zip(batch.column("article_id").to_pylist(), batch.column("text_sha256").to_pylist(), strict=True)
            self._of |= dict(pairs)

    def add(self, documents: pa.RecordBatch, wanted: pa.Array) -> None:
        """Keep the texts that are published ones to the letter."""
        asked = set(wanted.filter(pc.is_in(wanted, value_set=documents.column("text_sha256"))).to_pylist())
        fresh = {}
        for text in documents.column("text").to_pylist():
            digest = hashlib.sha256(text.encode()).hexdigest() if text is not None else ""
            if digest in asked and digest not in self._known:
                fresh[digest] = text
        if fresh:
            self._known |= fresh.keys()
            path = self._folder / f"{len(self._files):06d}.parquet"
            rows = pa.table([pa.array(list(fresh)), pa.array(list(fresh.values()), pa.large_string())], schema=TEXTS)
            pq.write_table(rows, path)
            self._files.append(path)

    def of(self, article_ids: pa.Array) -> list[str | None]:
        """The text of each article, None where it was not found."""
        digests = [self._of.get(article) for article in article_ids.to_pylist()]
        asked = pa.array(sorted({digest for digest in digests if digest in self._known}), pa.string())
        found: dict[str, str] = {}
        for path in self._files if len(asked) else ():
            table = pq.ParquetFile(path).read()
            rows = table.filter(pc.is_in(table["text_sha256"], value_set=asked))
            found |= dict(zip(rows["text_sha256"].to_pylist(), rows["text"].to_pylist(), strict=True))
        return [found.get(digest or "") for digest in digests]

    def outcome(self) -> tuple[int, list[str]]:
        """How many texts were put back, and the articles whose text was not found."""
        missing = sorted(article for article, digest in self._of.items() if digest not in self._known)
        return len(self._of) - len(missing), missing


def _table(release: Path, folder: Path, name: str, store: _Texts, settings: Settings) -> WrittenTable:
    """One table, with texts, and words whose place in them is known."""
    registered = TABLES[name]
    quoted = {column: prefix for (table, prefix), column in QUOTED.items() if table == name}
    writer = TableWriter(registered, folder, settings.publish, Followed(release, name, most=0))
    for batch in _batches(release, name, registered.schema.names):
        rows = batch
        if name == "articles" or quoted:
            texts = store.of(batch.column("article_id"))
            if name == "articles":
                kept = [new or old for new, old in zip(texts, batch.column("text").to_pylist(), strict=True)]
                rows = _set(rows, "text", kept)
            for column, prefix in quoted.items():
                spans = (batch.column(f"{prefix}{end}").to_pylist() for end in ("start_char", "end_char"))
                old = batch.column(column).to_pylist()
                rows = _set(rows, column, [
                    text[start:end] if text is not None and start is not None and end is not None else was
                    for text, start, end, was in zip(texts, *spans, old, strict=True)
                ])  # fmt: skip
        writer.write(rows)
    return writer.close()


def _set(rows: pa.RecordBatch, column: str, values: list[str | None]) -> pa.RecordBatch:
    at = rows.schema.get_field_index(column)
    return rows.set_column(at, rows.schema.field(at), pa.array(values, rows.schema.field(at).type))


def _card(folder: Path, manifest: Manifest, tables: dict[str, WrittenTable], restored: int, missing: int) -> None:
    front = yaml.safe_dump(load_front_matter(tables), sort_keys=False, allow_unicode=True)
    said = (
        f"# {manifest.name} {manifest.version}, with texts put back\n\nMade by `corpus rehydrate` from release "
        f"{manifest.version} (digest `{manifest.digest}`), which has its texts as {manifest.text}, and from raw files "
        f"of this folder's owner: {restored} texts put back by their SHA-256, {missing} not found. This is a private "
        "copy and no release: what the release leaves out may not be published from here either.\n"
    )
    (folder / CARD).write_text(f"---\n{front}---\n\n{said}", encoding="utf-8")


def _batches(release: Path, table: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
    for path in table_files(release, table):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=ROWS_AT_ONCE, columns=columns)
