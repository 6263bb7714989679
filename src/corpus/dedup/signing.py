"""`sign`: what is remembered of a text, so that it can be compared with any other without being read again."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.sections import Dedup
from corpus.working import SIGNATURES


def sign(documents: pa.RecordBatch, settings: Dedup) -> pa.RecordBatch:
    """Signatures of documents (columns record_id, text): equal-text digest, 5-grams, samples, MinHash, paragraphs.

    A row depends on its own text alone; rows are in input order. Broder 1997 (shingles, MinHash), Schleimer et al. 2003
    (winnowing, `settings.contained_window` 5-grams).
    """
    from corpus.dedup.characters import characters
    from corpus.dedup.minhash import permutations
    from corpus.dedup.text_kernels import sign_texts

    offsets, data = buffers(documents.column("text"))
    table, chosen = characters(), permutations(settings.permutations)
    norm, norm_at, grams, grams_at, picks, picks_at, mins, parts, lengths, parts_at = sign_texts(
        data, offsets, table.kind, table.lower, chosen.seeds, chosen.factors, settings.contained_window
    )
    words = memoryview(norm.data)
    bounds = norm_at.tolist()
    digests = [hashlib.sha256(words[a:b]).hexdigest() for a, b in itertools.pairwise(bounds)]
    return pa.record_batch(
        [
            documents.column("record_id"),
            pa.array(digests, pa.string()),
            pa.array(np.diff(grams_at), pa.int64()),
            binaries(mins.reshape(-1), np.arange(len(mins) + 1) * mins.shape[1]),
            binaries(picks, picks_at),
            binaries(parts, parts_at),
            binaries(lengths, parts_at),
            binaries(grams, grams_at),
        ],
        schema=SIGNATURES,
    )


def sign_without(documents: pa.RecordBatch, without: Sequence[Sequence[int]], settings: Dedup) -> pa.RecordBatch:
    """Signatures of documents (columns record_id, text, paragraphs) without some of their paragraphs, by index."""
    texts = []
    for text, paragraphs, left_out in zip(
        documents.column("text").to_pylist(), documents.column("paragraphs").to_pylist(), without, strict=True
    ):
        kept = (p for index, p in enumerate(paragraphs) if index not in left_out)
        texts.append("\n\n".join(text[p["start_char"] : p["end_char"]] for p in kept))
    stripped = pa.record_batch([documents.column("record_id"), pa.array(texts, pa.string())], ["record_id", "text"])
    return sign(stripped, settings)


def buffers(texts: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """The offsets (int64) and UTF-8 bytes of an Arrow string array, as they lie in memory; a null is an empty text."""
    if texts.null_count:
        texts = texts.fill_null("")
    from corpus.dedup.wide import bytes_of  # compiled kernels: a publish with nothing to do never needs them

    wide = pa.types.is_large_string(texts.type)
    _, offsets, data = texts.buffers()
    count = len(texts) + 1
    if offsets is None:
        return np.zeros(count, np.int64), bytes_of(None)
    starts = np.frombuffer(offsets, np.int64 if wide else np.int32)[texts.offset : texts.offset + count]
    return starts.astype(np.int64), bytes_of(data)


def binaries(values: npt.NDArray[np.uint16 | np.uint32 | np.uint64], bounds: npt.NDArray[np.int64]) -> pa.Array:
    """An Arrow binary array whose element i holds the little-endian bytes of values[bounds[i]:bounds[i + 1]]."""
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    offsets = (bounds * values.dtype.itemsize).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), len(bounds) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(little)])
