"""What a structured record (a JSONL row, a feed entry) says of itself, and how that goes before what its text says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from corpus.clean.addresses import absolute, canonical
from corpus.clean.authors import split_authors
from corpus.clean.dates import parse_time
from corpus.clean.document import Facts, When
from corpus.clean.repair import squeeze


@dataclass(frozen=True)
class Fields:
    """The fields of working.FIELDS, as written."""

    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    modified_at: str | None = None
    retrieved_at: str | None = None
    site_name: str | None = None
    language: str | None = None
    section: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


def fields_of(value: object) -> Fields:
    """The fields of a row's struct; empty where it is null."""
    if not isinstance(value, Mapping):
        return Fields()

    def many(name: str) -> tuple[str, ...]:
        return tuple(item for item in value.get(name) or () if isinstance(item, str))

    single = {name: item for name, item in value.items() if isinstance(item, str) and item.strip()}
    return Fields(**single, authors=many("authors"), keywords=many("keywords"), headers=many("headers"))


def field_facts(fields: Fields, structured: str | None, zone: str) -> Facts:
    """Facts from fields; the source of a time is `structured`: mapped or feed. A plain file's fields are empty."""
    source = structured or "mapped"
    retrieved = parse_time(fields.retrieved_at, source, zone)
    url = absolute(fields.url, None)
    return Facts(
        title=squeeze(fields.title),
        authors=split_authors(fields.authors),
        published=parse_time(fields.published_at, source, zone),
        modified=parse_time(fields.modified_at, source, zone),
        retrieved_at=retrieved.at if retrieved else None,
        url=url,
        canonical_url=canonical(url),
        language=fields.language,
        section=squeeze(fields.section),
        keywords=tuple(word for value in fields.keywords if (word := squeeze(value))),
        description=squeeze(fields.description),
        site_name=squeeze(fields.site_name),
    )


def merged(own: Facts, read: Facts) -> Facts:
    """The record's own facts, and the text's where the record is silent."""
    return replace(
        read,
        title=own.title or read.title,
        authors=own.authors or read.authors,
        published=_first(own.published, read.published),
        modified=_first(own.modified, read.modified),
        retrieved_at=own.retrieved_at or read.retrieved_at,
        url=own.url or read.url,
        canonical_url=read.canonical_url or own.canonical_url,
        language=own.language or read.language,
        section=own.section or read.section,
        keywords=own.keywords or read.keywords,
        description=own.description or read.description,
        site_name=own.site_name or read.site_name,
    )


def _first(own: When | None, read: When | None) -> When | None:
    return own if own is not None else read
