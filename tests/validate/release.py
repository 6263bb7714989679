"""A tiny release that holds, as rows: what each test bends in one place and stages as Parquet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.sections import Validate
from corpus.tables import TABLES
from corpus.validate import GateContext

SUITES = Path(__file__).resolve().parents[2] / "expectations"
TEXTS = {
    "a1": "Ada Lovelace wrote to Charles Babbage on Tuesday.\n\nThe letter was found in London 👩‍👩‍👧 last year.",
    "a2": "The cafe\u0301 in Zürich closed.\n\nAda Lovelace was not there, 𝔸da said.\n\nLondon was quiet.",
    "a3": "A short note from London, as a reader told us.",
    "a4": "Charles Babbage paid 100 pounds for the engine.",
}
MENTIONS = {
    "a1": [("Ada Lovelace", "PERSON"), ("Charles Babbage", "PERSON"), ("Tuesday", "DATE"), ("London", "GPE")],
    "a2": [("Zürich", "GPE"), ("Ada Lovelace", "PERSON"), ("London", "GPE")],
    "a3": [("London", "GPE")],
    "a4": [("Charles Babbage", "PERSON"), ("100 pounds", "MONEY")],
}
ENTITIES = {"Ada Lovelace": "e1", "Charles Babbage": "e2", "London": "e3", "Zürich": "e4"}
Row = dict[str, object]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Release:
    """The rows of each table, and what the gates are told of the run."""

    rows: dict[str, list[Row]]
    raw_paths: set[str]
    n_inputs: int
    annotated: bool = True
    previous: Path | None = None
    retracted_paths: tuple[str, ...] = ()
    expectations: Path = SUITES
    settings: Validate = field(default_factory=Validate)

    def row(self, table: str, **where: object) -> Row:
        """The first row with those values."""
        return next(r for r in self.rows[table] if all(r[k] == v for k, v in where.items()))

    def stage(self, folder: Path) -> Path:
        """Write each table; articles and mentions as two shards."""
        return stage(self.rows, folder)

    def context(self, folder: Path) -> GateContext:
        return GateContext(
            raw_paths=self.raw_paths, expectations=self.expectations, previous=self.previous, settings=self.settings,
            annotated=self.annotated, n_inputs=self.n_inputs, failing=folder / ".corpus" / "failing",
            retracted_paths=self.retracted_paths, written={name: len(rows) for name, rows in self.rows.items()},
        )  # fmt: skip


def stage(tables: Mapping[str, list[Row]], folder: Path) -> Path:
    """Write tables as Parquet files; articles and mentions as two shards."""
    for name, rows in tables.items():
        (folder / name).mkdir(parents=True)
        cut = len(rows) // 2 if name in ("articles", "mentions") and len(rows) > 1 else len(rows)
        for number, part in enumerate([rows[:cut], rows[cut:]] if cut < len(rows) else [rows]):
            # nulls in required columns must be writable, so that a gate can find them
            schema = pa.schema([f.with_nullable(True) for f in TABLES[name].schema])
            table = pa.Table.from_pylist(part, schema=schema)
            pq.write_table(table, folder / name / f"train-{number:05d}.parquet")
    return folder


def good_release() -> Release:
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    for key, text in TEXTS.items():
        rows["articles"].append(_article(key, text))
        rows["quality"].append(_quality(key))
        rows["records"].append(_record(key, "published", f"{key}.txt", article_id=key))
        rows["paragraphs"] += _paragraphs(key, text)
        rows["mentions"] += _mentions(key, text)
    rows["records"] += [
        _record("r5", "duplicate", "copies.zip!/a1.txt", kept="a1", rule="exact_duplicate"),
        _record("r6", "duplicate", "old/a2.txt", kept="a2", rule="revision"),
        _record("r7", "rejected", "menu.html", rule="too_short"),
        _record("r8", "quarantined", "broken.bin", rule="binary") | {"sha256": None, "media_type": None},
    ]
    rows["entities"] = [_entity(name, key, rows["mentions"]) for name, key in ENTITIES.items()]
    rows["links"] = [
        _link("a3", "a reader", TEXTS["a3"], target="a1"),
        _link("a4", "", TEXTS["a4"], section="metadata", flags=["shortener", "self"]),
    ]
    rows["derivations"] = [
        _derivation("a1", None, "r5", "exact_duplicate", 1.0),
        _derivation("a2", None, "r6", "revises", 0.9),
        _derivation("a3", "a1", None, "cites", None) | {"start_char": 26, "end_char": 34},
    ]
    rows["removals"] = [
        {"article_id": "gone", "salted_content_hash": "ab", "reason": "asked for", "effective_version": "0.1.0"}
    ]
    files = {str(r["raw_path"]).split("!/")[0] for r in rows["records"]}
    return Release(rows, files, len(rows["records"]))


def _row(table: str, **values: object) -> Row:
    """A row whose other columns are null, flags that are required false."""
    flags = {c.name: False for c in TABLES[table].columns if c.required and c.type == pa.bool_()}
    return {c.name: None for c in TABLES[table].columns} | flags | values


def _article(key: str, text: str) -> Row:
    return _row(
        "articles", article_id=key, record_id=f"r-{key}", source="letters", url=f"https://example.org/{key}",
        host="example.org", title=f"Note {key}", authors=["A. Writer"], published_at=datetime(2024, 5, 1, tzinfo=UTC),
        retrieved_at=datetime(2024, 5, 2, tzinfo=UTC), published_at_precision="day", published_at_source="meta",
        modified_at=datetime(2024, 5, 1, 9, 30, tzinfo=UTC), modified_at_precision="minute",
        modified_at_source="json_ld",
        language="en", language_score=0.9, text=text, text_sha256=sha256(text), n_words=len(text.split()),
        n_chars=len(text), truncated=False, n_duplicates=1 if key in ("a1", "a2") else 0, raw_path=f"{key}.txt",
        raw_sha256=sha256(key), media_type="text/plain", first_version="0.1.0",
    )  # fmt: skip


def _quality(key: str) -> Row:
    """Every required signal filled, whatever signals there are."""
    of_type = {pa.int64(): 1, pa.float64(): 0.5, pa.bool_(): False}
    signals = {c.name: of_type[c.type] for c in TABLES["quality"].columns if c.required and c.type in of_type}
    return _row("quality", article_id=key, encoding="utf-8", encoding_evidence="utf8", **signals)


def _record(
    key: str, fate: str, path: str, article_id: str | None = None, kept: str | None = None, rule: str = ""
) -> Row:
    return _row(
        "records", record_id=f"r-{key}" if article_id else key, raw_path=path, byte_start=0, byte_end=90,
        sha256=sha256(key), media_type="text/plain", fate=fate, article_id=article_id, kept_article_id=kept,
        reasons=[{"rule": rule, "value": "1", "threshold": "2"}] if rule else [],
    )  # fmt: skip


def _paragraphs(key: str, text: str) -> list[Row]:
    rows, start = [], 0
    for index, part in enumerate(text.split("\n\n")):
        place = {"start_char": start, "end_char": start + len(part), "raw_start_byte": 0, "raw_end_byte": 9}
        rows.append(_row("paragraphs", article_id=key, paragraph_index=index, role="paragraph", **place))
        start += len(part) + 2
    return rows


def _mentions(key: str, text: str) -> list[Row]:
    return [
        _row(
            "mentions", article_id=key, start_char=text.index(surface), end_char=text.index(surface) + len(surface),
            surface=surface, label=label, entity_id=ENTITIES.get(surface), method="test",
        )
        for surface, label in MENTIONS[key]
    ]  # fmt: skip


def _entity(name: str, key: str, mentions: list[Row]) -> Row:
    of = [m["article_id"] for m in mentions if m["entity_id"] == key]
    kind = next(str(m["label"]) for m in mentions if m["entity_id"] == key)
    return _row(
        "entities", entity_id=key, name=name, type=kind, aliases=[], n_mentions=len(of), n_articles=len(set(of))
    )


def _link(
    key: str, words: str, text: str, section: str = "inline", flags: list[str] | None = None, target: str | None = None
) -> Row:
    span = {"start_char": text.index(words), "end_char": text.index(words) + len(words)} if words else {}
    return _row(
        "links", article_id=key, anchor_text=words or None, url="https://example.org/a1", host="example.org",
        host_class="media", section=section, target_article_id=target, flags=flags or [], method="test", **span,
    )  # fmt: skip


def _derivation(key: str, article: str | None, record: str | None, kind: str, similarity: float | None) -> Row:
    return _row(
        "derivations", article_id=key, from_article_id=article, from_record_id=record, kind=kind,
        similarity=similarity, method="test",
    )  # fmt: skip
