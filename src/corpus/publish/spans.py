"""Texts and the spans into them: `text[start_char:end_char] == surface`, always, in Unicode code points."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus.publish.count import table_files
from corpus.publish.places import Places
from corpus.publish.relations import Present, batches
from corpus.tables import TABLES

START, END = "start_char", "end_char"
ELSEWHERE = ("from_",)
"""Prefixes of spans that lie in another text than that of the row's article."""
QUOTED = {("mentions", ""): "surface", ("links", ""): "anchor_text", ("attributions", "source_"): "source_text"}
"""(table, prefix of the span) -> the column that repeats the text there."""
GROUPS_HELD = 4
"""Row groups of texts kept in memory, 100 MB each at most; rows are in the articles' order, so one is enough."""


class Texts:
    """The published texts of a release, by the place of their article.

    `lengths` are code points of the full text; `full` says where it can be told by: where the text is whole by its
    `text_sha256`, or was cut on purpose (`published` is excerpt or standoff), so that `n_chars` is all there is.
    """

    def __init__(self, folder: Path, published: str) -> None:
        self._cut = published != "full"
        self._files = table_files(folder, "articles")
        ids: list[pa.Array] = []
        self._groups: list[tuple[int, int]] = []
        self._starts = [0]
        self.lengths, self.full, self.wrong_lengths, self.empty = np.zeros(0, np.int64), np.zeros(0, bool), 0, 0
        lengths: list[int] = []
        full: list[bool] = []
        for number, path in enumerate(self._files):
            with pq.ParquetFile(path) as file:
                for group in range(file.num_row_groups):
                    rows = file.read_row_group(group, columns=["article_id", "text", "text_sha256", "n_chars"])
                    ids += rows["article_id"].chunks
                    self._groups.append((number, group))
                    self._starts.append(self._starts[-1] + rows.num_rows)
                    self._measure(rows, lengths, full)
        self.lengths, self.full = np.array(lengths, np.int64), np.array(full, bool)
        self._places = Places(pa.chunked_array(ids, pa.string()))
        self._texts = lru_cache(GROUPS_HELD)(self._read)

    def _measure(self, rows: pa.Table, lengths: list[int], full: list[bool]) -> None:
        columns = (rows[name].to_pylist() for name in ("text", "text_sha256", "n_chars"))
        for text, sha256, n_chars in zip(*columns, strict=True):
            whole = text is not None and hashlib.sha256(text.encode()).hexdigest() == sha256
            full.append(whole or self._cut)
            lengths.append(len(text) if whole else (n_chars or 0) if self._cut else 0)
            self.wrong_lengths += whole and len(text) != n_chars
            self.empty += text is not None and not text.strip()

    def places(self, article_ids: pa.Array) -> np.ndarray:
        """The place of each article among the articles; -1 where there is none of that id."""
        return self._places.of(article_ids)

    def text(self, place: int) -> str:
        """The text of the article at a place, as far as it is published."""
        group = int(np.searchsorted(self._starts, place, side="right")) - 1
        return self._texts(group)[place - self._starts[group]] or ""

    def _read(self, group: int) -> list[str | None]:
        number, within = self._groups[group]
        with pq.ParquetFile(self._files[number]) as file:
            found: list[str | None] = file.read_row_group(within, columns=["text"])["text"].to_pylist()
        return found


def text_faults(texts: Texts, published: str) -> Iterator[str]:
    """Texts that are not as their row says; `published`: full, excerpt or standoff."""
    cut = len(texts.full) - int(texts.full.sum())
    if cut and published == "full":
        yield f"articles.text: {cut} of {len(texts.full)} texts don't have their text_sha256"
    if texts.wrong_lengths:
        yield f"articles.n_chars: {texts.wrong_lengths} are not their text's length"
    if texts.empty:
        yield f"articles.text: {texts.empty} are empty"


def span_faults(folder: Path, present: Present, texts: Texts) -> Iterator[str]:
    """Spans outside their text, and repeated words that are not what stands there."""
    for table, columns in present.items():
        if table not in TABLES or "article_id" not in columns:
            continue
        for prefix in sorted(name.removesuffix(START) for name in columns if name.endswith(START)):
            if prefix not in ELSEWHERE and f"{prefix}{END}" in columns:
                quoted = QUOTED.get((table, prefix))
                yield from _table_faults(folder, table, prefix, quoted if quoted in columns else None, texts)


@dataclass(frozen=True)
class _Spans:
    """The spans of some rows: places of their articles, ends, and where there is a span into a text that is whole."""

    places: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    there: np.ndarray

    @classmethod
    def of(cls, batch: pa.RecordBatch, start: str, end: str, texts: Texts) -> _Spans:
        """The spans in the columns `start` and `end`; one that has only one end has -1 for the other."""
        places = texts.places(batch.column("article_id"))
        starts, ends = (batch.column(name).fill_null(-1).to_numpy() for name in (start, end))
        there = ((starts != -1) | (ends != -1)) & (places >= 0)
        there[there] &= texts.full[places[there]]
        return cls(places, starts, ends, there)

    def inside(self, texts: Texts) -> np.ndarray:
        """Which of them lie in their text and hold at least one character."""
        inside: np.ndarray = self.there & (self.starts >= 0) & (self.starts < self.ends)
        inside[inside] &= self.ends[inside] <= texts.lengths[self.places[inside]]
        return inside


def _table_faults(folder: Path, table: str, prefix: str, quoted: str | None, texts: Texts) -> Iterator[str]:
    start, end = prefix + START, prefix + END
    outside = other = rows = 0
    first = ""
    for batch in batches(folder, table, ["article_id", start, end, *filter(None, [quoted])]):
        rows += batch.num_rows
        spans = _Spans.of(batch, start, end, texts)
        inside = spans.inside(texts)
        wrong = spans.there & ~inside
        outside += int(wrong.sum())
        if quoted is not None:
            differing = _differing(batch.column(quoted), inside, spans, texts)
            other += len(differing)
            wrong[differing] = True
        if not first and wrong.any():
            row = int(wrong.argmax())
            place = f"{spans.starts[row]}:{spans.ends[row]}"
            first = f", first in article {batch.column('article_id')[row].as_py()} at {place}"
    if outside or other:
        yield f"{table}.{start}: {outside} of {rows} spans are not in the text, {other} hold other words{first}"


def _differing(quoted: pa.Array, inside: np.ndarray, spans: _Spans, texts: Texts) -> list[int]:
    """Rows whose repeated words are not those of the text, an article at a time."""
    rows = np.flatnonzero(inside & quoted.is_valid().to_numpy(zero_copy_only=False))
    rows = rows[np.argsort(spans.places[rows], kind="stable")]
    columns = (column[rows].tolist() for column in (spans.places, spans.starts, spans.ends))
    words = quoted.to_pylist()
    found = []
    last, text = -1, ""
    for row, place, start, end in zip(rows.tolist(), *columns, strict=True):
        if place != last:
            last, text = place, texts.text(place)
        if text[start:end] != words[row]:
            found.append(row)
    return found
