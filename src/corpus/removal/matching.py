"""Which records of a run standing retractions and rights signals take out, with their copies and earlier versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from corpus.removal.rules import Rule, author_of, place_of, within_host
from corpus.removal.salt import Salt

PAGE_COLUMNS = ("url", "canonical_url", "host", "authors", "text_sha256", "rights")
"""Columns of documents on which `Standing.of_document` decides."""
NO = frozenset({"", "0", "false", "no", "none", "off"})
"""Values of a rights signal that reserve nothing."""


@dataclass(frozen=True)
class Retracted:
    """What a run took out: `records` and `articles` (id -> why), and the raw paths concerned."""

    records: dict[str, str] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict)
    raw_paths: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Standing:
    """All that takes records out of a run, ready to be looked up: value -> reason, of the first rule that has it.

    `rights`: signals, or `signal=value`, that take an article out.
    """

    salt: Salt
    article_ids: Mapping[str, str]
    urls: Mapping[str, str]
    hosts: Mapping[str, str]
    authors: Mapping[str, str]
    sha256s: Mapping[str, str]
    contents: Mapping[str, str]
    rights: frozenset[str]

    @classmethod
    def of(cls, rules: Iterable[Rule], rights: Iterable[str], salt: Salt) -> Standing:
        """From the rules of a project and its setting `[rights] retract`."""
        kinds: dict[str, dict[str, str]] = {
            kind: {} for kind in ("article_id", "url", "host", "author", "sha256", "content")
        }
        for rule in rules:
            kinds[rule.selector.kind].setdefault(rule.selector.value, rule.reason)
            for content in rule.contents:
                kinds["content"].setdefault(content, rule.reason)
            for article_id in rule.articles:
                kinds["article_id"].setdefault(article_id, rule.reason)
        return cls(
            salt, kinds["article_id"], kinds["url"], kinds["host"], kinds["author"], kinds["sha256"], kinds["content"],
            frozenset(signal.lower() for signal in rights),
        )  # fmt: skip

    def of_payload(self, sha256: str | None) -> str | None:
        """Why a record with that payload goes; None where it stays."""
        if sha256 is None:
            return None
        return self.sha256s.get(sha256) or self._known("payload", sha256)

    def of_words(self, words_sha256: str | None) -> str | None:
        """Why a record with those words goes."""
        return self._known("words", words_sha256) if words_sha256 else None

    def of_document(self, row: Mapping[str, object]) -> str | None:
        """Why a document goes by what its page says: one row with PAGE_COLUMNS."""
        for column in ("url", "canonical_url"):
            address = row[column]
            if self.urls and isinstance(address, str) and (place := place_of(address)) in self.urls:
                return self.urls[str(place)]
        host = row["host"]
        if self.hosts and isinstance(host, str) and within_host(host, frozenset(self.hosts)):
            return next(self.hosts[part] for part in _above(host) if part in self.hosts)
        authors = row["authors"]
        for name in authors if self.authors and isinstance(authors, list) else ():
            if (author := author_of(name)) in self.authors:
                return self.authors[str(author)]
        text = row["text_sha256"]
        if isinstance(text, str) and (reason := self.sha256s.get(text) or self._known("text", text)):
            return reason
        rights = row["rights"]
        return self._reserved(rights) if self.rights and isinstance(rights, list) else None

    def _known(self, kind: str, value: str) -> str | None:
        return self.contents.get(self.salt.hash(kind, value)) if self.contents else None

    def _reserved(self, rights: Iterable[Mapping[str, str | None]]) -> str | None:
        for right in rights:
            signal, value = (right["signal"] or "").lower(), (right["value"] or "").strip().lower()
            if f"{signal}={value}" in self.rights or (signal in self.rights and value not in NO):
                return f"rights signal: {signal}"
        return None


def content_hashes(salt: Salt, *, payloads: Iterable[str], texts: Iterable[str], words: Iterable[str]) -> set[str]:
    """The salted hashes by which payloads, texts and their words (SHA-256 each) are known when they come again."""
    kinds = (("payload", payloads), ("text", texts), ("words", words))
    return {salt.hash(kind, value) for kind, values in kinds for value in values}


def spread(reasons: Mapping[str, str], folds: pa.Table, article_ids: Mapping[str, str]) -> dict[str, str]:
    """Records that go -> why, with all that stands in one cluster with one of them: copies and versions of each other.

    `reasons`: the records matched by themselves; `folds`: FOLDS, whose `below` says what each was found to be a copy or
    version of; `article_ids`: retracted ids -> why.
    """
    ids, below, published = (folds[name].to_pylist() for name in ("record_id", "below", "article_id"))
    parent = {record: over for record, over in zip(ids, below, strict=True) if over is not None}

    def top(record: str) -> str:
        while record in parent:
            record = parent[record]
        return record

    of_cluster: dict[str, str] = {}
    for record, article in zip(ids, published, strict=True):
        reason = reasons.get(record) or (article_ids.get(article) if article is not None else None)
        if reason is not None:
            head = top(record)
            of_cluster[head] = min(of_cluster.get(head, reason), reason)
    found = {record: of_cluster[head] for record in ids if (head := top(record)) in of_cluster}
    return {**reasons, **found}


def _above(host: str) -> list[str]:
    parts = host.split(".")
    return [".".join(parts[at:]) for at in range(len(parts))]
