"""What a selector means in the releases that there are: articles, with their copies and earlier versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from corpus.publish.relations import batches
from corpus.publish.releases import Releases
from corpus.removal.rules import Selector, author_of, place_of, within_host

COPIES = ("exact_duplicate", "near_duplicate", "revises")
"""Kinds of derivations between an article and a copy or earlier version of it."""
ARTICLE = ("article_id", "title", "url", "canonical_url", "host", "authors", "raw_sha256", "text_sha256", "n_chars")


@dataclass(frozen=True)
class FoundArticle:
    """An article that goes: what identifies it, and the digests of its text and of its record's payload."""

    article_id: str
    title: str | None
    url: str | None
    text_sha256: str
    raw_sha256: str
    text: str | None


@dataclass(frozen=True)
class FoundRecord:
    """A record that goes: of such an article, a copy of it or an earlier version."""

    record_id: str
    raw_path: str
    sha256: str | None
    fate: str


@dataclass(frozen=True)
class InRelease:
    """What of it one release holds."""

    version: str
    folder: Path
    articles: tuple[FoundArticle, ...]
    records: tuple[FoundRecord, ...]


def find_everywhere(dist: Path, releases: Releases, selector: Selector) -> tuple[InRelease, ...]:
    """What each release on disk holds of what a selector means, oldest first; releases that hold none are left out.

    An article named in one release is named in all, and so are its copies.
    """
    folders = [(one.version, dist / one.folder) for one in releases.releases if one.folder is not None]
    ids: set[str] = {selector.value} if selector.kind == "article_id" else set()
    payloads: set[str] = {selector.value} if selector.kind == "sha256" else set()
    size = -1
    while size != len(ids) + len(payloads):  # a copy in one release may be an article of its own in another
        size = len(ids) + len(payloads)
        for _, folder in folders:
            ids |= _named(folder, selector, payloads)
            ids |= _kept(folder, payloads)
            ids = _with_copies(folder, ids)
            payloads |= {one.sha256 for one in _records(folder, ids, payloads) if one.sha256}
    found = []
    for version, folder in folders:
        articles = tuple(_articles(folder, ids))
        records = tuple(_records(folder, ids, payloads))
        if articles or records:
            found.append(InRelease(version, folder, articles, records))
    return tuple(found)


def _named(folder: Path, selector: Selector, payloads: set[str]) -> set[str]:
    """Ids of the articles that a selector, or one of the payloads, names."""
    matches = _matcher(selector)
    found: set[str] = set()
    for batch in batches(folder, "articles", list(ARTICLE)):
        found |= {row["article_id"] for row in batch.to_pylist() if row["raw_sha256"] in payloads or matches(row)}
    return found


def _matcher(selector: Selector) -> Callable[[dict[str, object]], bool]:
    value = selector.value

    def by_author(row: dict[str, object]) -> bool:
        authors = row["authors"]
        return isinstance(authors, list) and value in {author_of(name) for name in authors}

    matchers: dict[str, Callable[[dict[str, object]], bool]] = {
        "article_id": lambda row: row["article_id"] == value,
        "url": lambda row: value in {place_of(_text(row[name])) for name in ("url", "canonical_url")},
        "host": lambda row: within_host(_text(row["host"]), frozenset({value})),
        "author": by_author,
        "sha256": lambda row: value in (row["raw_sha256"], row["text_sha256"]),
    }
    return matchers[selector.kind]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _kept(folder: Path, payloads: set[str]) -> set[str]:
    """The articles that records with one of the payloads were published as or folded into."""
    wanted = pa.array(sorted(payloads), pa.string())
    found: set[str] = set()
    for batch in batches(folder, "records", ["sha256", "article_id", "kept_article_id"]) if payloads else ():
        ids = pc.coalesce(batch.column("article_id"), batch.column("kept_article_id"))
        found.update(ids.filter(pc.is_in(batch.column("sha256"), value_set=wanted)).drop_null().to_pylist())
    return found


def _with_copies(folder: Path, ids: set[str]) -> set[str]:
    """With all articles that are copies or versions of them, or of one another."""
    pairs = []
    for batch in batches(folder, "derivations", ["article_id", "from_article_id", "kind"]):
        rows = batch.filter(pc.is_in(batch.column("kind"), value_set=pa.array(COPIES)))
        ends = (rows.column(name).to_pylist() for name in ("article_id", "from_article_id"))
        pairs += list(zip(*ends, strict=True))
    size = -1
    while size != len(ids):
        size = len(ids)
        for a, b in pairs:
            if b is not None and (a in ids or b in ids):
                ids = ids | {a, b}
    return ids


def _articles(folder: Path, ids: set[str]) -> Iterator[FoundArticle]:
    wanted = pa.array(sorted(ids), pa.string())
    for batch in batches(folder, "articles", [*ARTICLE, "text"]):
        for row in batch.filter(pc.is_in(batch.column("article_id"), value_set=wanted)).to_pylist():
            whole = row["text"] if row["text"] is not None and len(row["text"]) == row["n_chars"] else None
            yield FoundArticle(
                row["article_id"], row["title"], row["url"], row["text_sha256"], row["raw_sha256"], whole
            )


def _records(folder: Path, ids: set[str], payloads: set[str]) -> Iterator[FoundRecord]:
    articles, wanted = pa.array(sorted(ids), pa.string()), pa.array(sorted(payloads), pa.string())
    columns = ["record_id", "raw_path", "sha256", "fate", "article_id", "kept_article_id"]
    for batch in batches(folder, "records", columns):
        of = pc.coalesce(batch.column("article_id"), batch.column("kept_article_id"))
        mine = pc.or_(pc.is_in(of, value_set=articles), pc.is_in(batch.column("sha256"), value_set=wanted))
        for row in batch.filter(pc.fill_null(mine, False)).to_pylist():
            if row["fate"] != "retracted":
                yield FoundRecord(row["record_id"], row["raw_path"], row["sha256"], row["fate"])
