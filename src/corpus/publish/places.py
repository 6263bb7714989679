"""Where each id stands in a column of ids, for more ids than a dictionary would hold cheaply."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


class Places:
    """Looks up ids among the distinct ones of a column, in a sorted array: a fifth of the room of a dictionary."""

    def __init__(self, ids: pa.ChunkedArray) -> None:
        found = _as_bytes(ids)
        self._order = np.argsort(found, kind="stable")
        self._ids = found[self._order]

    def __len__(self) -> int:
        return len(self._ids)

    def of(self, ids: pa.Array | pa.ChunkedArray) -> np.ndarray:
        """The place of each id in the column; -1 where it is null or not there."""
        if isinstance(ids, pa.ChunkedArray):
            ids = pa.concat_arrays(ids.chunks or [pa.array([], ids.type)])
        coded = ids.dictionary_encode()
        wanted = _as_bytes(coded.dictionary)
        if not len(self._ids) or not len(wanted):
            return np.full(len(ids), -1)
        at = np.minimum(np.searchsorted(self._ids, wanted), len(self._ids) - 1)
        found = np.append(np.where(self._ids[at] == wanted, self._order[at], -1), -1)
        places: np.ndarray = found[coded.indices.fill_null(-1).to_numpy()]
        return places


def _as_bytes(ids: pa.Array | pa.ChunkedArray) -> np.ndarray:
    return np.array(ids.cast(pa.binary()).to_pylist(), np.bytes_)
