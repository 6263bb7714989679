"""MinHash values of the whole corpus, and the bands of them that propose pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.jit import kernel
from corpus.dedup.narrow import places
from corpus.dedup.wide import bytes_of

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Values = npt.NDArray[np.uint32]
START, FACTOR, LAST_FACTOR = np.uint64(0xCBF29CE484222325), np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC4CEB9FE1A85EC53)
SHIFT = np.uint64(29)


@dataclass(frozen=True)
class MinHashes:
    """All MinHash values, `count` of each text: for each chunk of the signatures a matrix, and its records' numbers."""

    chunks: tuple[tuple[Values, Ints], ...]
    count: int

    @classmethod
    def read(cls, column: pa.ChunkedArray, signature: Ints, count: int) -> MinHashes:
        """The column `minhash` as it lies in memory; `signature[i]` is the row of record i."""
        number = places(signature)
        found, start = [], 0
        for chunk in column.chunks:
            if not len(chunk):
                continue
            width = 4 * count
            first = np.frombuffer(chunk.buffers()[1], np.int32)[chunk.offset]
            data = bytes_of(chunk.buffers()[2])[first : first + width * len(chunk)]
            found.append((data.view("<u4").reshape(len(chunk), count), number[start : start + len(chunk)]))
            start += len(chunk)
        return cls(tuple(found), count)

    def sketch(self) -> npt.NDArray[np.uint8]:
        """The last byte of each value, a row per record in the order of record ids."""
        out = np.empty((sum(len(numbers) for _, numbers in self.chunks), self.count), np.uint8)
        for matrix, numbers in self.chunks:
            out[numbers] = matrix.astype(np.uint8)
        return out


@kernel
def band_keys(band: Values, numbers: Ints, wanted: Flags, bits: np.uint64) -> Hashes:
    """The keys of one band, a row of MinHash values per text, for the wanted ones."""
    out, n = np.empty(len(numbers), np.uint64), 0
    for i in range(len(numbers)):
        if wanted[numbers[i]]:
            h = START
            for k in range(band.shape[1]):
                h = (h ^ np.uint64(band[i, k])) * FACTOR
                h ^= h >> SHIFT
            out[n] = (((h * LAST_FACTOR) >> bits) << bits) | np.uint64(numbers[i])
            n += 1
    return out[:n]
