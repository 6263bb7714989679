"""`point`: paragraphs that an earlier article holds too: press-release paragraphs, agency notes, boilerplate.

Each points at the earliest published article with the same words, never at one that only came first into the corpus,
so a new article moves no pointer but those of the paragraphs that it shares.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.sections import Dedup
from corpus.working import COPIED, POINTED

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
SLOTS = (10, 26)
"""Bits of the number of slots that paragraphs are counted in, least and most (64 MB); about four for each."""


def point(articles: pa.Table, signatures: pa.Table, settings: Dedup) -> pa.Table:
    """POINTED of published records, in the order given: their paragraphs that an earlier article holds.

    `articles`: record_id, article_id and published_at of each published record; `signatures`: theirs (paragraphs,
    paragraph_words; rows in any order, others do no harm). Paragraphs of at least `settings.paragraph_words` words
    count. Earlier: by published_at, then article id; unknown times come last.
    """
    from corpus.dedup.sets import ONE

    number = pc.fill_null(pc.index_in(signatures["record_id"], value_set=articles["record_id"]), -1).to_numpy()
    found, owner, index, length, total = _recurring(number.astype(np.int64), articles.num_rows, signatures, settings)
    order = np.lexsort((index, _turn(articles)[owner], found))
    found, owner, index, length = found[order], owner[order], index[order], length[order]
    first = np.concatenate([[True], found[1:] != found[:-1]]) if len(found) else np.empty(0, np.bool_)
    origin = np.flatnonzero(first)[np.cumsum(first) - 1]
    copied = np.flatnonzero(owner != owner[origin])
    copied = copied[np.lexsort((index[copied], owner[copied]))]
    origin = origin[copied]
    earliest = articles["article_id"].take(pa.array(owner[origin])).combine_chunks()
    items = pa.StructArray.from_arrays(
        [pa.array(index[copied]), earliest, pa.array(index[origin])],
        fields=list(COPIED),
    )
    count = np.bincount(owner[copied], minlength=articles.num_rows)
    bounds = pa.array(np.concatenate([[0], np.cumsum(count)]), pa.int32())
    part = np.bincount(owner[copied], weights=length[copied], minlength=articles.num_rows).astype(np.int64)
    whole = np.maximum(total, 1)
    share = (2 * ONE * part + whole) // (2 * whole) / ONE
    lists = pa.ListArray.from_arrays(bounds, items, type=pa.list_(COPIED))
    return pa.table([articles["record_id"], lists, pa.array(share)], schema=POINTED)


def _recurring(
    number: Ints, count: int, signatures: pa.Table, settings: Dedup
) -> tuple[Hashes, Ints, Ints, Ints, Ints]:
    """Paragraphs that may recur: hash, article, place in its text, words; and the words of each article.

    `number`: the article of each row of the signatures, -1 where it is none.
    """
    from corpus.dedup.paragraph_kernels import count_paragraphs, recurring_paragraphs
    from corpus.dedup.wide import bytes_of, numbers_of

    total, chunks, start = np.zeros(count, np.int64), [], 0
    for hashes, words in zip(signatures["paragraphs"].chunks, signatures["paragraph_words"].chunks, strict=True):
        bounds, values = numbers_of(hashes)
        lengths = bytes_of(words.buffers()[2])
        first = int(np.frombuffer(words.buffers()[1], np.int32)[words.offset]) if len(words) else 0
        counts = lengths[first : first + 2 * int(bounds[-1] - bounds[0])].view(np.uint16)
        chunks.append((values[bounds[0] : bounds[-1]], bounds - bounds[0], counts, number[start : start + len(hashes)]))
        start += len(hashes)
    bits = min(max((4 * sum(len(values) for values, *_ in chunks)).bit_length(), SLOTS[0]), SLOTS[1])
    seen, room = np.zeros(1 << bits, np.uint8), 0
    for chunk in chunks:
        room += count_paragraphs(*chunk, settings.paragraph_words, seen, total)
    found, n = np.empty(2 * room, np.uint64), 0
    owner, index, length = np.empty((3, 2 * room), np.int64)
    for chunk in chunks:
        n = recurring_paragraphs(*chunk, settings.paragraph_words, seen, found, owner, index, length, n)
    return found[:n], owner[:n], index[:n], length[:n], total


def _turn(articles: pa.Table) -> Ints:
    """The place of each article in their order, the earliest first, those of unknown time last."""
    order = [("published_at", "ascending"), ("article_id", "ascending")]
    place = np.empty(articles.num_rows, np.int64)
    place[pc.sort_indices(articles, sort_keys=order).to_numpy()] = np.arange(len(place))
    return place
