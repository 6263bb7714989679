"""Releases of made rows, as large as one likes, written by the pipeline's own writer: reuse as a corpus grows.

An article has 450 words on average (log-normal), of a made vocabulary in Zipf's proportions, a paragraph for 75 words,
a mention for 15 words; its signals, ids and hashes are drawn. GONE of the new articles displace an old one (in the news
of `release_cases` one in fifty does): the old one's rows go, its record changes. The entities' counts change with every
article. Copies and later versions follow soon, so those displaced are drawn from the RECENT part of the articles; in a
third case, the worst, from all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus.publish.ageing import Coming
from corpus.publish.following import ARTICLE_ID, Followed, follow_own, ids_of, row_key
from corpus.publish.places import Places
from corpus.publish.write import TableWriter, group_rows
from corpus.sections import Publish
from corpus.tables import TABLES

GONE, RECENT = 0.02, 0.05
VOCABULARY, ENTITIES = 60_000, 3
WORDS, SPREAD = 5.9, 0.65
"""Of a text's number of words: mean and standard deviation of its logarithm."""


@dataclass(frozen=True)
class Made:
    """Made tables: those of a first release, with `new` articles, and with these in the place of `gone` old ones, by
    where the old ones lie: among the newest, or anywhere."""

    first: Mapping[str, pa.Table]
    added: Mapping[str, pa.Table]
    displaced: Mapping[str, Mapping[str, pa.Table]]
    new: int
    gone: int


def make(articles: int, share: float, seed: int = 7) -> Made:
    """Tables of `articles` articles, and of `share` more."""
    chance = np.random.default_rng(seed)
    new = round(articles * share)
    gone = max(1, round(new * GONE))
    tables = _tables(articles + new, chance)
    newest = articles - max(gone, round(articles * RECENT))
    leaving = {
        "recent": newest + chance.choice(articles - newest, gone, replace=False),
        "anywhere": chance.choice(articles, gone, replace=False),
    }
    return Made(
        _some(tables, np.arange(articles), np.arange(articles)),
        _some(tables, np.arange(articles + new), np.arange(articles + new)),
        {where: _displaced(tables, articles + new, places) for where, places in leaving.items()},
        new,
        gone,
    )


def written(tables: Mapping[str, pa.Table], folder: Path, parent: Path | None = None) -> Path:
    """The tables as Parquet files in `folder`, upon `parent`."""
    cut = Publish()
    ids = tables["articles"]["article_id"]
    of_articles = Coming.of(ids, Places(ids_of(parent, "articles")), cut.rows_per_file)
    for name, rows in tables.items():
        per_group = group_rows(TABLES[name], cut)
        if row_key(name) == ARTICLE_ID:
            ordered, follow = rows, Followed(parent, name, per_group, of_articles)
        else:
            ordered, follow = follow_own(rows, parent, name, per_group=per_group, per_file=cut.rows_per_file)
        writer = TableWriter(TABLES[name], folder, cut, follow)
        writer.write(ordered)
        writer.close()
    return folder


def _tables(count: int, chance: np.random.Generator) -> dict[str, pa.Table]:
    vocabulary = np.array(
        ["".join(chr(97 + c) for c in chance.integers(0, 26, n)) for n in chance.integers(2, 11, VOCABULARY)]
    )
    zipf = np.cumsum(1 / np.arange(1, VOCABULARY + 1))
    n_words = np.maximum(30, chance.lognormal(WORDS, SPREAD, count)).astype(np.int64)
    words = np.searchsorted(zipf, chance.random(n_words.sum()) * zipf[-1])
    ends = np.cumsum(n_words)
    texts = [" ".join(vocabulary[words[end - n : end]]) for end, n in zip(ends.tolist(), n_words.tolist(), strict=True)]
    ids = _hexes("a_", count, 32, chance)
    of_all: dict[str, object] = {"article_id": ids, "record_id": _hexes("r_", count, 32, chance)}
    titles = pa.array([text[:60] for text in texts])
    days = np.sort(chance.integers(1_500_000_000, 1_700_000_000, count)) * 1_000_000
    articles = of_all | {
        "text": pa.array(texts), "title": titles, "text_sha256": _hexes("", count, 64, chance),
        "raw_sha256": _hexes("", count, 64, chance), "n_words": n_words, "n_chars": pc.utf8_length(pa.array(texts)),
        "published_at": days, "language_score": np.round(chance.beta(50, 1, count), 4),
    }  # fmt: skip
    ends_of = chance.integers(1000, 8000, count).cumsum()
    records = of_all | {
        "sha256": articles["raw_sha256"], "byte_start": ends_of - 900, "byte_end": ends_of,
        "fate": pa.array(["published"] * count),
    }  # fmt: skip
    paragraphs = _parts(ids, n_words // 75 + 1, 300, chance)
    index = np.concatenate([np.arange(n) for n in (n_words // 75 + 1).tolist()])
    mentions = _parts(ids, n_words // 15, 90, chance)
    names = chance.zipf(1.3, int((n_words // 15).sum())) % (count * ENTITIES)
    entity_ids = _hexes("e_", count * ENTITIES, 32, chance)
    mentions |= {"entity_id": entity_ids.take(pa.array(names)), "surface": pa.array(vocabulary[names % VOCABULARY])}
    entities = {"entity_id": entity_ids, "name": pa.array(vocabulary[np.arange(len(entity_ids)) % VOCABULARY])}
    made = {
        "articles": articles, "quality": {"article_id": ids}, "records": records,
        "paragraphs": paragraphs | {"paragraph_index": index}, "mentions": mentions, "entities": entities,
    }  # fmt: skip
    return {name: _filled(name, columns, chance) for name, columns in made.items()}


def _parts(ids: pa.Array, counts: np.ndarray, length: int, chance: np.random.Generator) -> dict[str, object]:
    """Stretches of texts: so many of each article, one after the other."""
    of = np.repeat(np.arange(len(ids)), counts)
    lengths = chance.integers(length // 2, length * 2, len(of))
    ends = lengths.cumsum()
    before = np.concatenate([[0], ends])[np.cumsum(counts) - counts]
    starts = ends - lengths - before[of]
    return {"article_id": ids.take(pa.array(of)), "start_char": starts, "end_char": starts + lengths // 3}


def _filled(name: str, columns: Mapping[str, object], chance: np.random.Generator) -> pa.Table:
    """A table in the registry's schema: what is not given is drawn where it is a signal, else null or empty."""
    schema, count = TABLES[name].schema, len(columns[next(iter(columns))])  # type: ignore[arg-type]
    arrays = []
    for field in schema:
        if field.name in columns:
            arrays.append(pa.array(columns[field.name]).cast(field.type))
        elif pa.types.is_floating(field.type):
            arrays.append(pa.array(np.round(chance.beta(2, 8, count) * (chance.random(count) < 0.5), 4)))
        elif pa.types.is_integer(field.type):
            arrays.append(pa.array(chance.poisson(0.5, count)).cast(field.type))
        elif field.nullable:
            arrays.append(pa.nulls(count, field.type))
        elif pa.types.is_boolean(field.type):
            arrays.append(pa.array(np.zeros(count, bool)))
        else:
            empty: object = [] if pa.types.is_list(field.type) else "made"
            arrays.append(pa.array([empty] * count, field.type))
    return pa.table(arrays, schema=schema)


def _hexes(prefix: str, count: int, digits: int, chance: np.random.Generator) -> pa.Array:
    data = chance.bytes(count * digits // 2).hex()
    return pa.array([prefix + data[n * digits : (n + 1) * digits] for n in range(count)])


def _some(tables: Mapping[str, pa.Table], published: np.ndarray, recorded: np.ndarray) -> dict[str, pa.Table]:
    """The rows about some articles; records of `recorded` ones; the entities that they name, counted."""
    ids = tables["articles"]["article_id"].take(pa.array(published))
    found = {
        name: rows.filter(pc.is_in(rows["article_id"], value_set=ids))
        for name, rows in tables.items()
        if name not in ("entities", "records")
    } | {"records": tables["records"].take(pa.array(recorded))}
    counted = pa.table({"entity_id": found["mentions"]["entity_id"], "article_id": found["mentions"]["article_id"]})
    counted = counted.group_by("entity_id", use_threads=False).aggregate(
        [("article_id", "count"), ("article_id", "count_distinct")]
    )
    entities = tables["entities"]
    at = pc.index_in(entities["entity_id"], value_set=counted["entity_id"])
    for name, column in (("n_mentions", "article_id_count"), ("n_articles", "article_id_count_distinct")):
        entities = entities.set_column(
            entities.schema.get_field_index(name),
            entities.schema.field(name),
            counted[column].take(at).cast(pa.int64()).fill_null(0),
        )
    return found | {"entities": entities.filter(at.is_valid())}


def _displaced(tables: Mapping[str, pa.Table], count: int, leaving: np.ndarray) -> dict[str, pa.Table]:
    records = tables["records"]
    left = np.isin(np.arange(records.num_rows), leaving)
    ids = pc.if_else(pa.array(left), pa.scalar(None, pa.string()), records["article_id"])
    fates = pc.if_else(pa.array(left), "duplicate", records["fate"])
    for name, values in (
        ("article_id", ids),
        ("kept_article_id", pc.if_else(pa.array(left), records["article_id"], None)),
        ("fate", fates),
    ):
        records = records.set_column(records.schema.get_field_index(name), records.schema.field(name), values)
    return _some(dict(tables) | {"records": records}, np.setdiff1d(np.arange(count), leaving), np.arange(count))
