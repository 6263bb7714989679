"""What `fold` is given: the corpus in the order of record ids, of which it reads what it needs and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.stage import Fetch

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
MEASURED = pa.binary(16)


@dataclass(frozen=True)
class Samples:
    """Winnowed samples of some records: those of record numbers[i] are values[bounds[i]:bounds[i + 1]]."""

    values: Hashes
    bounds: Ints
    numbers: Ints


class Given(Protocol):
    """The records of a corpus, by number: their place in the order of record ids.

    `fact`: equal for a record that is as it was in an earlier corpus, in all that decides its fate. `measured`: the key
    under which its signature is remembered.
    """

    @property
    def record_id(self) -> pa.Array:
        """All record ids, ascending."""

    @property
    def fact(self) -> Hashes:
        """One for each record."""

    @property
    def measured(self) -> pa.Array:
        """One for each record (MEASURED)."""

    def keys(self, records: Ints) -> pa.Table:
        """KEYS of some records (ascending), in their order."""

    def signatures(self, records: Ints) -> pa.Table:
        """record_id, words_sha256, n_shingles and minhash of some records (ascending), in their order."""

    def fetch(self, records: Ints) -> Fetch:
        """How to get at wide columns of some records (ascending)."""

    def samples(self, wanted: Flags) -> Iterator[Samples]:
        """The samples of the wanted records, some at a time."""

    def samples_of(self, measured: pa.Array) -> Iterator[Samples]:
        """The samples of other records, which may be gone, by key, in that order. KeyError: one is forgotten."""


@dataclass(frozen=True)
class Tables:
    """A corpus in memory: KEYS and SIGNATURES, rows in any order, and how to get at wide columns.

    `remembered` (fact, measured and signature of whatever record, samples among it) where it is to be folded again.
    """

    table: pa.Table
    signed: pa.Table
    wide: Fetch
    remembered: pa.Table | None = None

    @cached_property
    def order(self) -> Ints:
        """The row of each record in `table`."""
        return np.asarray(pc.sort_indices(self.table["record_id"]).to_numpy(), np.int64)

    @cached_property
    def record_id(self) -> pa.Array:
        """All record ids, ascending."""
        return one_array(self.table["record_id"].take(pa.array(self.order)))

    @cached_property
    def _signature(self) -> Ints:
        found = pc.index_in(self.record_id, value_set=self.signed["record_id"])
        if found.null_count:
            raise KeyError(f"{found.null_count} of {self.table.num_rows} records have no signature")
        return np.asarray(found.to_numpy(zero_copy_only=False), np.int64)

    @property
    def fact(self) -> Hashes:
        """Every record is a new one."""
        return np.arange(self.table.num_rows, dtype=np.uint64)

    @property
    def measured(self) -> pa.Array:
        """Nothing is remembered."""
        return pa.array([bytes(16)] * self.table.num_rows, MEASURED)

    def keys(self, records: Ints) -> pa.Table:
        """KEYS of some records."""
        return _taken(self.table, self.order[records])

    def signatures(self, records: Ints) -> pa.Table:
        """record_id, words_sha256, n_shingles and minhash of some records."""
        names = ["record_id", "words_sha256", "n_shingles", "minhash"]
        return _taken(self.signed.select(names), self._signature[records])

    def fetch(self, records: Ints) -> Fetch:  # noqa: ARG002 - whoever gives all records need not choose
        """As given."""
        return self.wide

    def samples(self, wanted: Flags) -> Iterator[Samples]:
        """The samples of the wanted records, chunk by chunk."""
        number = np.full(self.signed.num_rows, -1)
        number[self._signature] = np.arange(len(wanted))
        number[number >= 0] = np.where(wanted[number[number >= 0]], number[number >= 0], -1)
        yield from samples_in(self.signed["samples"], number)

    def samples_of(self, measured: pa.Array) -> Iterator[Samples]:
        """Nothing is remembered."""
        raise KeyError(f"{len(measured)} signatures are not remembered")


def _taken(table: pa.Table, rows: Ints) -> pa.Table:
    """Some rows of a table; where they are all, as they lie, the table itself."""
    whole = len(rows) == table.num_rows and bool((rows[1:] > rows[:-1]).all())
    return table if whole else table.take(pa.array(rows))


def samples_in(column: pa.ChunkedArray, number: Ints) -> Iterator[Samples]:
    """A column of samples chunk by chunk; `number` of each row (below 0: not wanted)."""
    from corpus.dedup.wide import numbers_of

    start = 0
    for chunk in column.chunks:
        bounds, values = numbers_of(chunk)
        yield Samples(values, bounds, number[start : start + len(chunk)])
        start += len(chunk)


def one_array(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array."""
    found = column.combine_chunks()
    return pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found
