"""How rows are cut into files: the younger they are, the fewer in a file, so that what changes is in small files.

What goes from a release is mostly young: a copy or a later version displaces what was published shortly before. A row
that goes, or changes, makes its file another one, and the rest of its table stays as it lies. So a file has a PART of
the rows that come after it: old rows lie in few large files, young ones in small files, n rows in O(log n) files and
those of full size. As a table grows, neighbours are merged to what their age allows, as log-structured merge trees do
(O'Neil et al. 1996): each row is written anew O(log n) times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import pyarrow as pa

from corpus.publish.places import Places

PART = 8
"""A file has an eighth of the rows after it: a sixteenth takes 8 % more room (footers, and less to compress at once),
and of the news of `benchmarks.release` one per cent less is to be sent."""
LEAST = 125
"""Fewer rows are not worth a file of their own: with half as many, more is sent for the merging of files."""
LAZINESS = 2
"""Files are merged when together they are this many times smaller than they may be, and then to as many as may be."""


def allowed(after: float, most: int) -> int:
    """Rows that a file may have where so many come after it; `most`: of any file."""
    return min(most, max(LEAST, int(after) // PART))


def file_sizes(count: int, most: int) -> list[int]:
    """The rows of each file of `count` new rows, the oldest first."""
    sizes: list[int] = []
    left = count
    while left:
        sizes.append(min(left, allowed(count - left, most)))
        left -= sizes[-1]
    if len(sizes) > 1 and 2 * sizes[-1] < sizes[-2] and sizes[-1] + sizes[-2] <= most:  # a rest, too small for its age
        rest = sizes.pop()
        sizes[-1] += rest
    return sizes[::-1]


def merged_files(sizes: Sequence[float], new: int, most: int) -> list[int]:
    """How many neighbouring files become one, from the `sizes` (rows) of them and the count of rows that are `new`."""
    groups: list[tuple[int, float]] = []
    after = sum(sizes) + new
    for size in sizes:
        after -= size
        count, rows = groups[-1] if groups else (0, float("inf"))
        if rows + size <= allowed(after, most) / (LAZINESS if count == 1 and after >= PART * LEAST else 1):
            groups[-1] = (count + 1, rows + size)
        else:
            groups.append((1, size))
    return [count for count, _ in groups]


@dataclass(frozen=True)
class Coming:
    """The ids whose rows a release will hold: those that its parent had are `old`, `new` ones lie in files that end at
    `ends`, counted among the new; `most` ids a file."""

    old: Places
    new: Places
    ends: np.ndarray
    most: int

    @classmethod
    def of(cls, ids: pa.ChunkedArray, old: Places, most: int, *, ageing: bool = True) -> Coming:
        """From the `ids` in the order in which their rows are written, and the `old` ids, those of the parent. Without
        `ageing` all files are as large as they may be."""
        new = ids.filter(pa.array(old.of(ids) < 0)) if len(ids) else ids
        sizes = file_sizes(len(new), most) if ageing else [most] * -(-len(new) // most)
        ends = np.array(list(accumulate(sizes)), np.int64)
        return cls(old, Places(new), ends, most)

    def file(self, ids: pa.Array) -> np.ndarray:
        """The number, among the files of new rows, of each id's file; 0 for an id that is not new."""
        numbers: np.ndarray = np.searchsorted(self.ends, self.new.of(ids), side="right")
        return numbers
