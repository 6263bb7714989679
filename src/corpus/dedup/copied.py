"""Paragraphs that an earlier article holds too: press-release paragraphs, agency notes, boilerplate.

Each points at the earliest published article with the same words, never at one that only came first into the corpus,
so a new article moves no pointer but those of the paragraphs that it shares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.decision import Decision
from corpus.dedup.narrow import NEVER, moments, places
from corpus.dedup.paragraph_kernels import count_paragraphs, recurring_paragraphs
from corpus.dedup.sets import ONE
from corpus.dedup.survivor import Taken
from corpus.dedup.wide import numbers_of
from corpus.dedup.work import Work
from corpus.working import COPIED

Ints = npt.NDArray[np.int64]
SLOTS = (10, 26)
"""Bits of the number of slots that paragraphs are counted in, least and most (64 MB); about four for each."""


@dataclass(frozen=True)
class Copied:
    """`rows`: COPIED of each record, in the order of record ids; `share`: ten-thousandths of its words in them."""

    rows: pa.ListArray
    share: Ints


def find_copied(work: Work, decision: Decision, taken: Taken, signatures: pa.Table) -> Copied:
    """The paragraphs of published records, of at least `paragraph_words` words, that an earlier article holds.

    Earlier: by time of publication (that of a copy where the article has none), then article id; unknown times last.
    """
    found, record, index, length, total = _recurring(work, decision, signatures)
    order = np.lexsort((index, _turn(work, decision, taken, record), found))
    found, record, index, length = found[order], record[order], index[order], length[order]
    first = np.concatenate([[True], found[1:] != found[:-1]]) if len(found) else np.empty(0, np.bool_)
    origin = np.flatnonzero(first)[np.cumsum(first) - 1]
    copied = np.flatnonzero(record != record[origin])
    copied = copied[np.lexsort((index[copied], record[copied]))]
    origin = origin[copied]
    articles = pa.array(decision.article, pa.string())
    items = pa.StructArray.from_arrays(
        [pa.array(index[copied]), articles.take(pa.array(record[origin])), pa.array(index[origin])],
        fields=list(COPIED),
    )
    count = np.bincount(record[copied], minlength=len(total))
    bounds = pa.array(np.concatenate([[0], np.cumsum(count)]), pa.int32())
    part = np.bincount(record[copied], weights=length[copied], minlength=len(total)).astype(np.int64)
    whole = np.maximum(total, 1)
    return Copied(
        pa.ListArray.from_arrays(bounds, items, type=pa.list_(COPIED)), (2 * ONE * part + whole) // (2 * whole)
    )


def _recurring(
    work: Work, decision: Decision, signatures: pa.Table
) -> tuple[npt.NDArray[np.uint64], Ints, Ints, Ints, Ints]:
    """Paragraphs that may recur: hash, record, place in its text, words; and the words of each record."""
    number, least = places(work.corpus.signature), work.settings.paragraph_words
    total = np.zeros(len(work.corpus), np.int64)
    chunks, start = [], 0
    for hashes, words in zip(signatures["paragraphs"].chunks, signatures["paragraph_words"].chunks, strict=True):
        bounds, values = numbers_of(hashes)
        lengths = np.frombuffer(words.buffers()[2] or b"", np.uint8)
        first = int(np.frombuffer(words.buffers()[1], np.int32)[words.offset]) if len(words) else 0
        counts = lengths[first : first + 2 * int(bounds[-1] - bounds[0])].view(np.uint16)
        chunks.append((values[bounds[0] : bounds[-1]], bounds - bounds[0], counts, number[start : start + len(hashes)]))
        start += len(hashes)
    bits = min(max((4 * sum(len(values) for values, *_ in chunks)).bit_length(), SLOTS[0]), SLOTS[1])
    seen, room = np.zeros(1 << bits, np.uint8), 0
    for chunk in chunks:
        room += count_paragraphs(*chunk, decision.published, least, seen, total)
    found, n = np.empty(2 * room, np.uint64), 0
    record, index, length = np.empty((3, 2 * room), np.int64)
    for chunk in chunks:
        n = recurring_paragraphs(*chunk, decision.published, least, seen, found, record, index, length, n)
    return found[:n], record[:n], index[:n], length[:n], total


def _turn(work: Work, decision: Decision, taken: Taken, record: Ints) -> Ints:
    """For each of those records its place in the order of articles, the earliest first."""
    published = work.corpus.published.copy()
    given = moments(pa.chunked_array([pc.struct_field(taken.rows, "published_at")]))
    lacking = published[taken.survivors] == NEVER
    published[taken.survivors[lacking]] = given[lacking]
    records, back = np.unique(record, return_inverse=True)
    when = published[records]
    ids = np.array([decision.article[one] for one in records.tolist()], object)
    by_id = places(np.argsort(ids, kind="stable")) if len(ids) else np.empty(0, np.int64)
    return places(np.lexsort((by_id, when, when == NEVER)))[back]
