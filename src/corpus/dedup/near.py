"""Near duplicates: MinHash bands propose, the true Jaccard similarity decides, connected components are clusters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.forest import cluster_groups, find_all, propose
from corpus.dedup.jit import kernel
from corpus.dedup.minhash import least_agreement, rows_of_a_band
from corpus.dedup.narrow import Narrow, places
from corpus.dedup.standing import BY_SHINGLES, NEAR, Standing
from corpus.dedup.versions import ten_thousandths
from corpus.dedup.wide import Wide, chunks, grouped
from corpus.settings import Dedup

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Values = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class MinHashes:
    """All MinHash values: for each chunk of the signatures a matrix, a row per text, and the numbers of its records."""

    chunks: tuple[tuple[Values, Ints], ...]
    count: int

    @classmethod
    def read(cls, column: pa.ChunkedArray, signature: Ints, count: int) -> MinHashes:
        """The column `minhash` as it lies in memory; `signature[i]` is the row of record i, `count` values a row."""
        number = places(signature)
        found, start = [], 0
        for chunk in column.chunks:
            offsets = np.frombuffer(chunk.buffers()[1], np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
            data = np.frombuffer(chunk.buffers()[2], np.uint8)[offsets[0] : offsets[-1]] if len(chunk) else b""
            matrix = np.frombuffer(data, "<u4").reshape(len(chunk), count)
            found.append((matrix, number[start : start + len(chunk)]))
            start += len(chunk)
        return cls(tuple(found), count)

    def sketch(self) -> npt.NDArray[np.uint8]:
        """The last byte of each value, a row per record in the order of record ids."""
        rows = sum(len(numbers) for _, numbers in self.chunks)
        out = np.empty((rows, self.count), np.uint8)
        for matrix, numbers in self.chunks:
            out[numbers] = matrix.astype(np.uint8)
        return out

    def bands(self, rows: int, wanted: npt.NDArray[np.bool_]) -> Iterator[Hashes]:
        """Band by band, the sorted keys of the wanted records: a hash, and in the last bits the record's number."""
        bits = number_bits(len(wanted))
        for band in range(self.count // rows):
            parts = [band_keys(matrix, numbers, wanted, band * rows, rows, bits) for matrix, numbers in self.chunks]
            keys = np.concatenate(parts) if parts else np.empty(0, np.uint64)
            keys.sort()
            yield keys


def number_bits(count: int) -> np.uint64:
    """Bits that hold any record's number."""
    return np.uint64(max(1, (count - 1).bit_length()))


@kernel
def band_keys(
    matrix: Values, numbers: Ints, wanted: npt.NDArray[np.bool_], first: int, rows: int, bits: np.uint64
) -> Hashes:
    """The keys of one band for the wanted rows of a matrix of MinHash values."""
    out, n = np.empty(len(numbers), np.uint64), 0
    for i in range(len(numbers)):
        if not wanted[numbers[i]]:
            continue
        h = np.uint64(0xCBF29CE484222325)
        for k in range(first, first + rows):
            h = (h ^ np.uint64(matrix[i, k])) * np.uint64(0x9E3779B97F4A7C15)
            h ^= h >> np.uint64(29)
        h = h * np.uint64(0xC4CEB9FE1A85EC53)
        out[n] = ((h >> bits) << bits) | np.uint64(numbers[i])
        n += 1
    return out[:n]


def fold_near(
    corpus: Narrow, values: MinHashes, sketch: npt.NDArray[np.uint8], wide: Wide, settings: Dedup, standing: Standing
) -> None:
    """Put the near duplicates that stand below the survivors of their clusters."""
    wanted = (standing.parent < 0) & (corpus.n_shingles > 0)
    least = least_agreement(settings.near_jaccard, settings.permutations)
    rows = rows_of_a_band(settings.near_jaccard, settings.permutations)
    forest, bits = np.arange(len(corpus)), number_bits(len(corpus))
    for keys in values.bands(rows, wanted):
        propose(keys, bits, sketch, least, forest)
    find_all(forest)
    members, groups = grouped(np.where(wanted, forest, -1))
    near, safe = ten_thousandths(settings.near_jaccard), ten_thousandths(settings.safe_jaccard)
    for start, stop in chunks(groups, corpus.n_shingles[members]):
        part = members[groups[start] : groups[stop]]
        sets = wide.shingles(part)
        survivor, similarity, weakest, lowest = cluster_groups(
            groups[start : stop + 1] - groups[start], sets.grams, sets.at, sets.end, sketch[part], corpus.rank[part],
            least, rows, near, safe,
        )  # fmt: skip
        below = np.flatnonzero(survivor >= 0)
        standing.put_below(part[below], part[survivor[below]], why=NEAR, how=BY_SHINGLES)
        standing.similarity[part[below]] = similarity[below]
        standing.weakest[part], standing.lowest[part] = weakest, lowest
