"""Corruptions of the good release, each with the gate that is meant to refuse it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.validate.release import Release, Row, sha256

Bend = Callable[[Release], object]
Spoil = Callable[[Path], object]


@dataclass(frozen=True)
class Kill:
    """What is broken, and the gate that must say so."""

    what: str
    gate: str
    bend: Bend = lambda _: None
    spoil: Spoil = lambda _: None


def set_row(table: str, where: Row, **values: object) -> Bend:
    return lambda release: release.row(table, **where).update(values)


def set_all(table: str, **values: object) -> Bend:
    return lambda release: [row.update(values) for row in release.rows[table]]


def drop(table: str, **where: object) -> Bend:
    return lambda release: release.rows[table].remove(release.row(table, **where))


def empty(table: str) -> Bend:
    return lambda release: release.rows[table].clear()


def repeat(table: str, **where: object) -> Bend:
    return lambda release: release.rows[table].append(dict(release.row(table, **where)))


def swap(table: str, one: str, other: str) -> Bend:
    return lambda release: [row.update({one: row[other], other: row[one]}) for row in release.rows[table]]


def shift(table: str, by: int) -> Bend:
    def bend(release: Release) -> None:
        for row in release.rows[table]:
            row["start_char"], row["end_char"] = int(str(row["start_char"])) + by, int(str(row["end_char"])) + by

    return bend


def in_utf16(release: Release) -> None:
    """Offsets as a language with UTF-16 strings would count them."""
    texts = {str(a["article_id"]): str(a["text"]) for a in release.rows["articles"]}
    for row in release.rows["mentions"]:
        text = texts[str(row["article_id"])]
        for key in ("start_char", "end_char"):
            row[key] = len(text[: int(str(row[key]))].encode("utf-16-le")) // 2


def exchange(*columns: str) -> Bend:
    """The values of two articles, changed for each other's."""

    def bend(release: Release) -> None:
        one, other = release.row("articles", article_id="a1"), release.row("articles", article_id="a2")
        for column in columns:
            one[column], other[column] = other[column], one[column]

    return bend


def blank_text(release: Release) -> None:
    release.row("articles", article_id="a3").update(text=" \n", text_sha256=sha256(" \n"), n_chars=2)


def lose_file(name: str) -> Spoil:
    return lambda staged: (staged / name).unlink()


def lose_table(name: str) -> Spoil:
    return lambda staged: shutil.rmtree(staged / name)


def garble(name: str) -> Spoil:
    return lambda staged: (staged / name).write_bytes(b"PAR1 and nothing else")


def rewrite(name: str, change: Callable[[pa.Table], pa.Table]) -> Spoil:
    return lambda staged: pq.write_table(change(pq.read_table(staged / name)), staged / name)


A3 = {"article_id": "a3"}
LONDON = {"article_id": "a3", "surface": "London"}
MONEY = {"label": "MONEY"}
REJECTED = {"record_id": "r7"}
COPY = {"record_id": "r5"}
SPACE = "relations.paragraphs_gaps"

KILLS = [
    # the ledger
    Kill("a row of the ledger dropped", "ledger.inputs", drop("records", **REJECTED)),
    Kill("a file missing from the ledger", "ledger.every_file", lambda r: r.raw_paths.add("new.txt")),
    Kill("a record of a file that is not there", "ledger.no_stranger", lambda r: r.raw_paths.remove("menu.html")),
    Kill("an unknown fate", "ledger.fates", set_row("records", REJECTED, fate="ignored")),
    Kill("no fate", "ledger.fates", set_row("records", REJECTED, fate=None)),
    Kill("a record twice in the ledger", "ledger.one_row", repeat("records", **REJECTED)),
    Kill("a reason lost", "ledger.reasons", set_row("records", REJECTED, reasons=[])),
    Kill("n_duplicates wrong", "ledger.duplicates", set_row("articles", A3, n_duplicates=7)),
    Kill("a fold that nothing counts", "ledger.duplicates", set_row("records", COPY, kept_article_id="a3")),
    Kill("a lost shard of articles", "ledger.published", spoil=lose_file("articles/train-00001.parquet")),
    Kill("an article that no record is", "ledger.published", set_row("articles", A3, record_id="r7")),
    Kill("a rejected record with an article", "ledger.article_ids", set_row("records", REJECTED, article_id="a1")),
    Kill("a retracted record's name", "ledger.retracted", set_row("records", REJECTED, fate="retracted", sha256=None)),
    # files and rows
    Kill("a table dropped", "links.files", spoil=lose_table("links")),
    Kill("a shard lost from between", "mentions.files", spoil=lose_file("mentions/train-00000.parquet")),
    Kill("a shard corrupted", "paragraphs.files", spoil=garble("paragraphs/train-00000.parquet")),
    Kill(
        "a column dropped from one shard",
        "articles.files",
        spoil=rewrite("articles/train-00001.parquet", lambda t: t.drop_columns(["title"])),
    ),
    Kill(
        "columns in another order",
        "links.files",
        spoil=rewrite("links/train-00000.parquet", lambda t: t.select(t.column_names[::-1])),
    ),
    Kill(
        "a column of another type",
        "entities.files",
        spoil=rewrite("entities/train-00000.parquet", lambda t: t.set_column(10, "n_mentions", [["1"] * 4])),
    ),
    Kill(
        "a column more",
        "removals.columns",
        spoil=rewrite("removals/train-00000.parquet", lambda t: t.append_column("more", [["x"]])),
    ),
    Kill(
        "another type, as the suite sees it",
        "removals.types",
        spoil=rewrite("removals/train-00000.parquet", lambda t: t.set_column(2, "reason", [[1]])),
    ),
    Kill("no article", "articles.rows", empty("articles")),
    Kill("no paragraph", "paragraphs.rows", empty("paragraphs")),
    Kill("no record", "records.rows", empty("records")),
    Kill("no entity, though mentions name some", "entities.rows", empty("entities")),
    Kill("no derivation, though records were folded", "derivations.rows", empty("derivations")),
    # articles
    Kill("an article twice", "articles.article_id.unique", repeat("articles", **A3)),
    Kill("null in a required column", "articles.source.not_null", set_row("articles", A3, source=None)),
    Kill("texts shuffled between articles", "articles.text_sha256.matches", exchange("text")),
    Kill("digests swapped", "articles.text_sha256.matches", swap("articles", "text_sha256", "raw_sha256")),
    Kill(
        "an encoding broken after the digest",
        "articles.text_sha256.matches",
        lambda r: r.row("articles", article_id="a2").update(text="The cafÃ© closed."),
    ),
    Kill(
        "length counted in bytes",
        "articles.n_chars.matches",
        lambda r: [a.update(n_chars=len(str(a["text"]).encode())) for a in r.rows["articles"]],
    ),
    Kill("an article emptied", "articles.text.not_blank", blank_text),
    Kill("no word counted", "articles.n_words.counted", set_row("articles", A3, n_words=0)),
    Kill("a date from nowhere", "articles.published_at.known_how", set_row("articles", A3, published_at_source=None)),
    Kill("a change from nowhere", "articles.modified_at.known_how", set_row("articles", A3, modified_at_source=None)),
    Kill("a digest that is none", "articles.raw_sha256.hexadecimal", set_row("articles", A3, raw_sha256="a3.txt")),
    Kill(
        "a password in an address",
        "articles.url.no_credentials",
        set_row("articles", A3, url="https://me:secret@example.org/"),
    ),
    Kill(
        "an article of another record's file", "relations.articles_record", set_row("articles", A3, raw_path="a1.txt")
    ),
    Kill("an article without quality", "relations.articles_quality", drop("quality", **A3)),
    Kill("an article without paragraphs", "relations.articles_paragraphs", drop("paragraphs", **A3)),
    # quality, records, paragraphs
    Kill("a share above 1", "quality.uppercase_ratio.in_range", set_row("quality", A3, uppercase_ratio=1.5)),
    Kill("a byte range backwards", "records.bytes.range", set_row("records", REJECTED, byte_start=99)),
    Kill("a fold into nothing", "relations.records_kept_article_id", set_row("records", COPY, kept_article_id="a9")),
    Kill("a fold without its derivation", "relations.duplicates_derived", drop("derivations", from_record_id="r5")),
    Kill("a paragraph lost at the end", SPACE, drop("paragraphs", article_id="a2", paragraph_index=2)),
    Kill(
        "a paragraph lost between", "relations.paragraphs_order", drop("paragraphs", article_id="a2", paragraph_index=1)
    ),
    Kill(
        "paragraphs that overlap",
        SPACE,
        set_row("paragraphs", {"article_id": "a2", "paragraph_index": 1}, start_char=9),
    ),
    Kill("a paragraph beyond the text", "relations.paragraphs_inside", set_row("paragraphs", A3, end_char=999)),
    Kill("half a raw range", "paragraphs.raw_bytes.range", set_row("paragraphs", A3, raw_end_byte=None)),
    # mentions and entities
    Kill("offsets off by one", "relations.mentions_surface", shift("mentions", 1)),
    Kill("offsets in UTF-16", "relations.mentions_surface", in_utf16),
    Kill("whole texts shuffled", "relations.mentions_surface", exchange("text", "text_sha256", "n_chars", "n_words")),
    Kill("start and end swapped", "relations.mentions_inside", swap("mentions", "start_char", "end_char")),
    Kill(
        "an entity id that leads nowhere", "relations.mentions_entity_id", set_row("mentions", LONDON, entity_id="e9")
    ),
    Kill(
        "a figure linked to an entity", "mentions.entity_id.null_for_values", set_row("mentions", MONEY, entity_id="e1")
    ),
    Kill("an unknown label", "mentions.label.in_set", set_row("mentions", LONDON, label="CITY")),
    Kill("a mention twice", "mentions.article_id+start_char+end_char+label.unique", repeat("mentions", **LONDON)),
    Kill(
        "mentions of one method that overlap",
        "mentions.span.overlap",
        lambda r: r.rows["mentions"].append(
            r.row("mentions", article_id="a1", surface="Ada Lovelace") | {"start_char": 4, "surface": "Lovelace"}
        ),
    ),
    Kill("a column filled that is said to be empty", "mentions.score.always_null", set_all("mentions", score=0.5)),
    Kill("mentions though annotation is off", "relations.annotated", lambda r: setattr(r, "annotated", False)),
    Kill("a shard of mentions lost", "relations.entities_counts", spoil=lose_file("mentions/train-00001.parquet")),
    # links, derivations, removals
    Kill(
        "a link to an article that is not there",
        "relations.links_target_article_id",
        set_row("links", A3, target_article_id="a9"),
    ),
    Kill("other words than the linked ones", "relations.links_anchor", set_row("links", A3, start_char=20)),
    Kill("a link beyond the text", "relations.links_inside", set_row("links", A3, end_char=999)),
    Kill("an inline link without a place", "links.span.whole", set_row("links", A3, start_char=None)),
    Kill("an unknown flag", "links.flags.in_set", set_row("links", A3, flags=["shortener", "odd"])),
    Kill("a password in a link", "links.url.no_credentials", set_row("links", A3, url="ftp://me@example.org/x")),
    Kill(
        "a derivation from nothing",
        "derivations.source.named",
        set_row("derivations", {"kind": "cites"}, from_article_id=None),
    ),
    Kill(
        "a passage beyond the text",
        "relations.derivations_inside",
        set_row("derivations", {"kind": "cites"}, end_char=999),
    ),
    Kill(
        "a passage beyond its source",
        "relations.derivations_from_inside",
        set_row("derivations", {"kind": "cites"}, from_start_char=5, from_end_char=999),
    ),
    Kill("half a passage", "derivations.span.whole", set_row("derivations", {"kind": "cites"}, end_char=None)),
    Kill(
        "a derivation from a record that was not folded",
        "relations.derivations_record",
        set_row("derivations", {"kind": "revises"}, from_record_id="r7"),
    ),
    Kill(
        "a retracted article back again",
        "relations.removals_gone",
        set_row("removals", {"article_id": "gone"}, article_id="a3"),
    ),
]
