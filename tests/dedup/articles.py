"""Small corpora for tests: articles in words, folded by the real verbs."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pyarrow.compute as pc

from corpus.columns import UTC
from corpus.dedup import Folded, fold, point, sign
from corpus.sections import Dedup
from corpus.stage import Fetch
from corpus.working import DOCUMENTS, KEYS, SIGNATURES

DAY = datetime(2026, 3, 1, tzinfo=timezone.utc)  # noqa: UP017 - UTC is the column type here
SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi wo zu".split()


def prose(seed: int, count: int = 120) -> str:
    """Words without meaning, the same for the same seed, in sentences; two seeds share no run of five words."""
    rng = random.Random(seed)
    found = ["".join(rng.choices(SYLLABLES, k=rng.randrange(1, 4))) for _ in range(count)]
    for i in range(0, count, 12):
        found[i] = found[i].capitalize()
        found[min(i + 11, count - 1)] += "."
    return " ".join(found)


def edited(text: str, *places: int) -> str:
    """The text with other words at some places."""
    words = text.split(" ")
    for place in places:
        words[place : place + 1] = [f"edited{place}"] if place < len(words) else []
    return " ".join(words)


@dataclass(frozen=True)
class Article:
    """A record as `fold` meets it; what is not given is null. `day`: days after DAY."""

    record: str
    text: str
    day: float | None = None
    modified: float | None = None
    retrieved: float | None = None
    source: str = "paper"
    own_id: str | None = None
    payload: str | None = None
    url: str | None = None
    canonical: str | None = None
    counts: bool = False
    host: str | None = None
    title: str | None = None
    truncated: bool = False
    policy: str = "fold"
    authors: tuple[str, ...] | None = None
    section: str | None = None

    @property
    def sha256(self) -> str:
        payload = f"{self.record}\0{self.text}" if self.payload is None else self.payload
        return hashlib.sha256(payload.encode()).hexdigest()


@dataclass(frozen=True)
class Result:
    """What `fold` made: rows by record, and derivations as plain rows with their evidence read."""

    folded: Folded
    rows: dict[str, dict] = field(default_factory=dict)
    derived: list[dict] = field(default_factory=list)

    @property
    def published(self) -> set[str]:
        return {record for record, row in self.rows.items() if row["fate"] == "published"}

    def article(self, record: str) -> str:
        return self.rows[record]["article_id"]

    def kept(self, record: str) -> str | None:
        """The record that a folded one was folded into."""
        owner = {row["article_id"]: name for name, row in self.rows.items() if row["article_id"]}
        return owner.get(self.rows[record]["kept_article_id"])

    def rule(self, record: str) -> str | None:
        return next((reason["rule"] for reason in self.rows[record]["reasons"]), None)

    def kinds(self, kind: str) -> list[tuple[str, str | None]]:
        """(published record, source record) of each derivation of a kind."""
        owner = {row["article_id"]: name for name, row in self.rows.items() if row["article_id"]}
        return [(owner[row["article_id"]], row["from_record_id"]) for row in self.derived if row["kind"] == kind]

    def derivation(self, record: str) -> dict:
        (row,) = [row for row in self.derived if row["from_record_id"] == record]
        return row


def when(day: float | None) -> datetime | None:
    return None if day is None else DAY + timedelta(days=day)


def keys_of(articles: Sequence[Article]) -> pa.Table:
    columns = {
        "record_id": [a.record for a in articles],
        "source": [a.source for a in articles],
        "own_id": [a.own_id for a in articles],
        "sha256": [a.sha256 for a in articles],
        "text_sha256": [hashlib.sha256(a.text.encode()).hexdigest() for a in articles],
        "raw_path": [f"{a.source}/{a.record}.txt" for a in articles],
        "url": [a.url for a in articles],
        "canonical_url": [a.canonical for a in articles],
        "canonical_counts": [a.counts for a in articles],
        "host": [a.host for a in articles],
        "title": [a.title for a in articles],
        "truncated": [a.truncated for a in articles],
        "published_at": [when(a.day) for a in articles],
        "modified_at": [when(a.modified) for a in articles],
        "retrieved_at": [when(a.retrieved) for a in articles],
        "n_words": [len(a.text.split()) for a in articles],
        "n_chars": [len(a.text) for a in articles],
        "language": ["en" for _ in articles],
        "on_duplicate": [a.policy for a in articles],
    }
    return pa.table({name: pa.array(columns[name], KEYS.field(name).type) for name in KEYS.names})


def documents_of(articles: Sequence[Article]) -> pa.Table:
    given = {
        "record_id": [a.record for a in articles],
        "text": [a.text for a in articles],
        "title": [a.title for a in articles],
        "authors": [list(a.authors or ()) for a in articles],  # as `clean` gives them
        "section": [a.section for a in articles],
        "url": [a.url for a in articles],
        "canonical_url": [a.canonical for a in articles],
        "published_at": [when(a.day) for a in articles],
        "published_at_precision": [None if a.day is None else "minute" for a in articles],
        "modified_at": [when(a.modified) for a in articles],
    }
    names = [name for name in DOCUMENTS.names if name not in ("paragraphs", "anchors", "signals", "reasons", "rights")]
    return pa.table(
        {name: pa.array(given.get(name, [None] * len(articles)), DOCUMENTS.field(name).type) for name in names}
    )


def signed(documents: pa.Table, settings: Dedup, batch: int = 1000) -> pa.Table:
    batches = documents.select(["record_id", "text"]).combine_chunks().to_batches(max_chunksize=batch)
    return pa.Table.from_batches([sign(part, settings) for part in batches], SIGNATURES)


def fetched(documents: pa.Table, signatures: pa.Table, rng: random.Random) -> Fetch:
    """How `fold` gets at wide columns: rows in an order of chance."""

    def fetch(record_ids: pa.Array, columns: list[str]) -> pa.Table:
        assert len(pc.unique(record_ids)) == len(record_ids), "each id at most once"
        order = pa.array(rng.sample(range(len(record_ids)), len(record_ids)), pa.int64())
        at = pc.index_in(record_ids.take(order), value_set=documents["record_id"])
        tables = {name: signatures if name == "shingles" else documents for name in columns}
        return pa.table({name: table[name].take(at) for name, table in tables.items()})

    return fetch


def folded(articles: Sequence[Article], settings: Dedup | None = None, *, batch: int = 1000, seed: int = 0) -> Result:
    """Sign and fold; `seed` shuffles what may come in any order."""
    settings = settings or Dedup()
    documents = documents_of(articles)
    signatures = signed(documents, settings, batch)
    rng = random.Random(seed)

    fetch = fetched(documents, signatures, rng)
    shuffled = pa.array(rng.sample(range(len(articles)), len(articles)), pa.int64())
    narrow = signatures.drop_columns(["shingles"]).take(shuffled)
    made = fold(keys_of(articles), narrow, fetch, settings)
    rows = {row["record_id"]: row for row in made.folds.to_pylist()}
    published = made.folds.filter(pc.equal(made.folds["fate"], "published"))
    lent = pc.struct_field(published["taken_over"].combine_chunks(), "published_at").to_pylist()
    dates = {article.record: when(article.day) for article in articles}
    days = [dates[name] or given for name, given in zip(published["record_id"].to_pylist(), lent, strict=True)]
    known = published.select(["record_id", "article_id"]).append_column("published_at", pa.array(days, UTC))
    pointed = {row["record_id"]: row for row in point(known, narrow, settings).to_pylist()}
    rows = {
        name: row | pointed.get(name, {"copied": [], "duplicate_paragraph_share": None}) for name, row in rows.items()
    }
    derived = [row | {"evidence": json.loads(row["evidence"])} for row in made.derived.to_pylist()]
    return Result(made, rows, derived)
