"""A simulated archive that grows from release to release as healthy ones do, and what can go wrong with it.

Narrow tables only: what the gates on change read. Hosts differ in pace, length, language and share of rejected pages;
weekends are quiet, some days are silent, hosts join, articles are corrected, folded and deleted in small numbers, and
each release brings words that no one used before.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus.tables import TABLES

Row = dict[str, object]
LABELS = ("PERSON", "ORG", "GPE", "DATE", "MONEY", "EVENT")
SYLLABLES = ("ka", "lo", "mi", "ren", "sa", "tor", "ve", "dun", "pel", "gra", "hou", "wi", "zen", "bri", "fo", "qua")
WORDS_OF_A_TEXT = 80
COMMON_WORDS = 150
"""Words that every text has; a language does not change them."""
_COLUMNS = {
    "articles": ("article_id", "record_id", "raw_path", "source", "host", "language", "n_chars", "text_sha256", "text"),
    "records": ("record_id", "raw_path", "fate"),
    "mentions": ("article_id", "start_char", "end_char", "label"),
    "paragraphs": ("article_id", "paragraph_index"),
}


@dataclass
class Host:
    """One source: its pace (articles on a working day), its usual length, and what it writes."""

    name: str
    language: str
    pace: float
    length: float  # ln of code points
    spread: float
    rejected: float
    labels: np.ndarray


@dataclass
class Archive:
    """All articles and records so far."""

    seed: int
    hosts: list[Host] = field(default_factory=list)
    articles: dict[str, Row] = field(default_factory=dict)
    records: dict[str, Row] = field(default_factory=dict)
    mentions: dict[str, list[Row]] = field(default_factory=dict)
    day: int = 0

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)
        self.words = {language: self._vocabulary(4_000, language) for language in ("en", "de")}
        for _ in range(int(self.random.integers(4, 7))):
            self.join()

    def join(self) -> None:
        """A new host."""
        r = self.random
        self.hosts.append(
            Host(
                f"host{len(self.hosts)}.org", "en" if r.random() < 0.7 else "de", float(r.lognormal(1.7, 0.5)),
                float(r.normal(7.8, 0.3)), float(r.uniform(0.2, 0.7)),
                float(r.uniform(0.12, 0.3)), r.dirichlet([4] * 6),
            )
        )  # fmt: skip

    def grow(self) -> None:
        """One healthy day and its release."""
        r = self.random
        self.day += 1
        weekly = (1, 1.05, 1.1, 1, 0.9, 0.4, 0.3)[self.day % 7]
        for host in self.hosts:
            quiet = 0.0 if r.random() < 0.05 else 1.0
            for _ in range(int(r.poisson(host.pace * weekly * quiet))):
                self.arrive(host)
        for language, words in self.words.items():
            words[r.integers(COMMON_WORDS, len(words), 40)] = self._vocabulary(40, language)
        self._correct()
        if r.random() < 0.08:
            self.join()

    def arrive(self, host: Host) -> None:
        """One raw record: published, or rejected as some always are."""
        r = self.random
        key = f"{host.name}/{len(self.records):06d}"
        rejected = r.random() < host.rejected
        self.records[key] = {"record_id": key, "raw_path": key, "fate": "rejected" if rejected else "published"}
        if rejected:
            return
        usual = host.length + (0.15 if self.day % 7 > 4 else 0)  # weekend pieces are longer
        ranks = r.zipf(1.3, WORDS_OF_A_TEXT) % len(self.words[host.language])
        self.articles[key] = {
            "article_id": key, "record_id": key, "raw_path": key, "source": host.name, "host": host.name,
            "language": host.language, "n_chars": max(100, int(math.exp(usual + r.normal(0, host.spread)))),
            "text_sha256": f"{int(r.integers(2**62)):064x}", "text": " ".join(self.words[host.language][ranks]),
        }  # fmt: skip
        labels = r.choice(LABELS, int(r.poisson(6)), p=host.labels)
        self.mentions[key] = [
            {"article_id": key, "start_char": n * 10, "end_char": n * 10 + 5, "label": str(label)}
            for n, label in enumerate(labels)
        ]

    def _correct(self) -> None:
        """A few articles are rewritten, folded into another, or deleted at their source."""
        r = self.random
        for key in list(self.articles):
            lot = r.random()
            if lot < 0.01:
                chars = int(str(self.articles[key]["n_chars"]))
                changed = {"n_chars": int(chars * r.uniform(0.7, 1.4)), "text_sha256": f"{int(r.integers(2**62)):064x}"}
                self.articles[key] |= changed
            elif lot < 0.013:
                self.records[key]["fate"] = "duplicate"
                del self.articles[key], self.mentions[key]
            elif lot < 0.015:
                del self.articles[key], self.mentions[key], self.records[key]

    def _vocabulary(self, size: int, language: str) -> np.ndarray:
        """Invented words; those of one language begin otherwise than those of another."""
        parts = self.random.choice(SYLLABLES, (size, 4))
        lengths = self.random.integers(2, 5, size)
        return np.array([language + "".join(row[:n]) for row, n in zip(parts, lengths, strict=True)], dtype=object)

    def stage(self, folder: Path) -> Path:
        """The narrow tables as Parquet, all others without rows."""
        rows: dict[str, list[Row]] = {
            "articles": list(self.articles.values()),
            "records": list(self.records.values()),
            "mentions": [mention for found in self.mentions.values() for mention in found],
            "paragraphs": [{"article_id": key, "paragraph_index": n} for key in self.articles for n in range(3)],
        }
        for name, table in TABLES.items():
            (folder / name).mkdir(parents=True)
            columns = _COLUMNS.get(name, table.schema.names)
            schema = pa.schema([table.schema.field(column).with_nullable(True) for column in columns])
            pq.write_table(pa.Table.from_pylist(rows.get(name, []), schema), folder / name / "train-00000.parquet")
        return folder


def largest_host(archive: Archive) -> str:
    """The host with the most articles."""
    hosts = [str(row["host"]) for row in archive.articles.values()]
    return max(sorted(set(hosts)), key=hosts.count)


def _of(archive: Archive, host: str) -> list[Row]:
    return [row for row in archive.articles.values() if row["host"] == host]


def _halve(archive: Archive) -> None:
    for row in _of(archive, largest_host(archive)):
        row["n_chars"] = int(str(row["n_chars"])) // 2
        row["text_sha256"] = f"{row['text_sha256']}"[::-1]


def _shorten_new(archive: Archive) -> None:
    host = next(h for h in archive.hosts if h.name == largest_host(archive))
    host.length -= 1.2
    for _ in range(60):
        archive.arrive(host)
    host.length += 1.2


def _empty_half(archive: Archive) -> None:
    for key in list(archive.articles)[::2]:
        archive.records[key]["fate"] = "rejected"
        del archive.articles[key], archive.mentions[key]


def _unfold(archive: Archive) -> None:
    """Rules stop rejecting: menus and error pages are published."""
    for key, record in archive.records.items():
        if record["fate"] == "rejected":
            record["fate"] = "published"
            one = next(iter(archive.articles.values()))
            archive.articles[key] = one | {"article_id": key, "record_id": key, "raw_path": key}
            archive.mentions[key] = []


def _other_words(archive: Archive) -> None:
    table = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
    for number, row in enumerate(archive.articles.values()):
        row["text"] = str(row["text"]).translate(table)
        row["text_sha256"] = f"{number:064x}"


def _other_language(archive: Archive) -> None:
    for row in _of(archive, largest_host(archive)):
        row["language"] = "xx"


def _other_labels(archive: Archive) -> None:
    other = dict(zip(LABELS, LABELS[1:] + LABELS[:1], strict=True))
    for found in archive.mentions.values():
        for mention in found:
            mention["label"] = other[str(mention["label"])]


def _lose_mentions(archive: Archive) -> None:
    for found in archive.mentions.values():
        del found[len(found) // 2 :]


def _error_pages(archive: Archive) -> None:
    host = next(h for h in archive.hosts if h.name == largest_host(archive))
    before, host.rejected = host.rejected, 0.95
    for _ in range(80):
        archive.arrive(host)
    host.rejected = before


def _vanish(archive: Archive) -> None:
    for key in list(archive.records)[::4]:
        archive.articles.pop(key, None)
        archive.mentions.pop(key, None)
        del archive.records[key]


DRIFTS: dict[str, tuple[str, Callable[[Archive], None]]] = {
    "a host's articles lost half of their text": ("change.text", _halve),
    "a host's new articles have a third of the usual text": ("change.lengths", _shorten_new),
    "half of the articles emptied": ("change.fates", _empty_half),
    "rejected pages published": ("change.fates", _unfold),
    "every word another": ("change.vocabulary", _other_words),
    "a host's articles in another language": ("change.languages", _other_language),
    "every mention with another label": ("change.entity_types", _other_labels),
    "half of the mentions lost": ("change.rows", _lose_mentions),
    "new pages are error pages": ("change.rejections", _error_pages),
    "a quarter of the raw files gone": ("change.raw_paths", _vanish),
}
"""What goes wrong, the gate that must say so, and how it is done to an archive."""
