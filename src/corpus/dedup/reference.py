"""A corpus that records are held against: an older dataset to deduplicate against, an evaluation set to keep out.

`describe` makes its rows comparable, once for each content; a Reference finds the row that a document matches. Broder
1997 (Jaccard similarity, containment); Brown et al. 2020, appendix C (runs of 13 words).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.characters import characters
from corpus.dedup.reference_kernels import meet_rows, ngrams_of
from corpus.dedup.sets import Sets, measure_pairs
from corpus.dedup.signing import binaries, buffers, sign
from corpus.dedup.wide import numbers_of
from corpus.dedup.work import ten_thousandths
from corpus.sections import Against, Dedup
from corpus.working import REFERENCE

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
SHORT = 64
"""Shingles up to which all of a row's are entries of the index, not only the winnowed samples."""
ENOUGH = 0.4
"""Share of the entries of the shorter one that both must have to be compared."""


def describe(rows: pa.RecordBatch, settings: Dedup, ngram_words: int) -> pa.RecordBatch:
    """REFERENCE of rows of a reference (columns row_id, text): shingles, entries of the index, n-grams."""
    signed = sign(pa.record_batch([rows.column("row_id"), rows.column("text")], names=["record_id", "text"]), settings)
    short = signed.column("n_shingles").to_numpy() <= SHORT
    entries = [signed.column("shingles" if few else "samples")[i].as_py() for i, few in enumerate(short.tolist())]
    ngrams, bounds = _ngrams(rows.column("text"), ngram_words)
    return pa.record_batch(
        [rows.column("row_id"), pa.array(entries, pa.binary()), signed.column("shingles"), binaries(ngrams, bounds)],
        schema=REFERENCE,
    )


def _ngrams(texts: pa.Array, width: int) -> tuple[Hashes, Ints]:
    if not width:
        return np.empty(0, np.uint64), np.zeros(len(texts) + 1, np.int64)
    offsets, data = buffers(texts)
    table = characters()
    factors = np.arange(1, 2 * width, 2, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    found: tuple[Hashes, Ints] = ngrams_of(data, offsets, table.kind, table.lower, factors)
    return found


@dataclass(frozen=True)
class _Index:
    """Sorted entries of all rows, whose each is, and how many each row has."""

    values: Hashes
    owner: Ints
    entries: Ints

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> _Index:
        parts = [numbers_of(chunk) for chunk in column.chunks if len(chunk)]
        values = np.concatenate([np.empty(0, np.uint64), *(v[b[0] : b[-1]] for b, v in parts)])
        entries = np.concatenate([np.empty(0, np.int64), *(np.diff(b) for b, _ in parts)])
        order = np.argsort(values, kind="stable")
        return cls(values[order], np.repeat(np.arange(len(entries)), entries)[order], entries)


class Reference:
    """One reference ready to be held against documents."""

    def __init__(self, against: Against, rows: pa.Table) -> None:
        """`rows`: REFERENCE, in the order of files and rows; a match names the first of equals."""
        self.against = against
        self._row_id, self._shingles = rows["row_id"], rows["shingles"]
        self._entries, self._ngrams = _Index.of(rows["entries"]), _Index.of(rows["ngrams"])

    def match(self, signatures: pa.RecordBatch, texts: pa.Array) -> list[tuple[int, str, str, int, int]]:
        """Of each document that matches: its place, the row's id, the measure, value and threshold.

        `signatures`: samples and shingles of the documents, `texts` theirs. Value and threshold are ten-thousandths;
        of ngrams they are numbers of them. The best row counts: most alike, then first.
        """
        grams, bounds = _flat(signatures.column("shingles"))
        sampled = np.diff(numbers_of(signatures.column("samples"))[0])
        text, row, _ = meet_rows(
            grams, bounds, self._entries.values, self._entries.owner, self._entries.entries, sampled, ENOUGH
        )
        found = self._measured(grams, bounds, text, row)
        if self.against.ngram_words:
            values, ends = _ngrams(texts, self.against.ngram_words)
            index = self._ngrams
            text, row, shared = meet_rows(values, ends, index.values, index.owner, index.entries, np.diff(ends), 0.0)
            found += [(i, r, "ngrams", s, 1) for i, r, s in zip(*_best(text, row, shared), strict=True)]
        first: dict[int, tuple[int, str, str, int, int]] = {}
        for i, r, measure, value, threshold in found:
            first.setdefault(i, (i, str(self._row_id[r]), measure, value, threshold))
        return sorted(first.values())

    def _measured(self, grams: Hashes, bounds: Ints, text: Ints, row: Ints) -> list[tuple[int, int, str, int, int]]:
        """Text, row, measure, value and threshold of what is near or contained, near first."""
        if not len(text):
            return []
        rows, place = np.unique(row, return_inverse=True)
        theirs, ends = _flat(self._shingles.take(pa.array(rows)).combine_chunks())
        sets = Sets(
            np.concatenate([grams, theirs]),
            np.concatenate([bounds[:-1], ends[:-1] + len(grams)]),
            np.concatenate([bounds[1:], ends[1:] + len(grams)]),
        )
        similar, held = measure_pairs(sets, text, place.reshape(-1) + len(bounds) - 1, 0, 0)
        found = []
        for measure, value, share in (
            ("jaccard", similar, self.against.near_jaccard),
            ("containment", held, self.against.contained_share),
        ):
            least = ten_thousandths(share)
            enough = value >= least
            best = _best(text[enough], row[enough], value[enough])
            found += [(i, r, measure, v, least) for i, r, v in zip(*best, strict=True)]
        return found


def _flat(column: pa.Array) -> tuple[Hashes, Ints]:
    """Values and bounds of binary elements, from 0."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    bounds, values = numbers_of(column)
    flat = np.array(values[bounds[0] : bounds[-1]])
    return flat, bounds - bounds[0]


def _best(text: Ints, row: Ints, value: Ints) -> tuple[list[int], list[int], list[int]]:
    """Of each text the row of the highest value, the first of equals."""
    order = np.lexsort((row, -value, text))
    text, row, value = text[order], row[order], value[order]
    first = np.flatnonzero(np.concatenate([[True], text[1:] != text[:-1]])) if len(text) else np.empty(0, np.int64)
    return text[first].tolist(), row[first].tolist(), value[first].tolist()
