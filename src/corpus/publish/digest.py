"""A table's logical digest: the same for the same rows, whatever their order, batches, files or Parquet encoding.

How it is made, for whoever wants to make it anew. Columns are taken in the order of their names. A value is one byte
that says whether it is there (1) or null (0, and zeros for the rest), then, in a width fixed by its type:

- integers, booleans, dates and times (in the column's own unit): 8 bytes, little-endian, two's complement;
- floats: IEEE 754 double, little-endian, every NaN as the quiet one, -0.0 as 0.0;
- strings and binary: the first 16 bytes of the SHA-256 of the bytes (UTF-8);
- lists: the first 16 bytes of the SHA-256 of their items laid end to end;
- structs: their fields laid end to end.

A row's digest is the first 16 bytes of the SHA-256 of its values laid end to end. The table's digest is the SHA-256 of
each column's name and type, the number of rows (each length-prefixed), and all row digests in ascending order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus.publish.multiset import WIDTH, SortedDigests
from corpus.tables import TABLES

FORMAT = "corpus table digest 1"
ROWS_AT_ONCE = 16_384
LONG_STRING = 64
"""Mean bytes of a string from which a column is hashed value by value, without looking for equal ones first."""


class LogicalDigest:
    """The logical digest of a table, taken batch by batch."""

    def __init__(self, schema: pa.Schema, undigested: Collection[str] = ()) -> None:
        """`schema`: the table's columns; those named in `undigested` don't count."""
        self._names = sorted(name for name in schema.names if name not in undigested)
        self._state = hashlib.sha256()
        self._feed(FORMAT)
        for name in self._names:
            self._feed(name)
            self._feed(type_name(schema.field(name).type))
        self._digests = SortedDigests()

    def _feed(self, text: str) -> None:
        data = text.encode()
        self._state.update(len(data).to_bytes(8, "little") + data)

    @property
    def rows(self) -> int:
        """Rows taken so far."""
        return self._digests.count

    def update(self, rows: pa.RecordBatch | pa.Table) -> None:
        """Take some of the table's rows."""
        for start in range(0, rows.num_rows, ROWS_AT_ONCE):
            self._digests.add(row_digests(rows.slice(start, ROWS_AT_ONCE), self._names))

    def hexdigest(self) -> str:
        """The digest of all rows taken, 64 hexadecimal digits."""
        state = self._state.copy()
        count = str(self.rows).encode()
        state.update(len(count).to_bytes(8, "little") + count)
        for piece in self._digests:
            state.update(piece)
        return state.hexdigest()


def undigested(table: str) -> frozenset[str]:
    """The columns of a published table that its digest leaves out."""
    return frozenset(c.name for c in TABLES[table].columns if not c.digested) if table in TABLES else frozenset()


def digest_files(files: Iterable[Path], without: Collection[str]) -> tuple[int, str]:
    """Number of rows and logical digest of the Parquet files of one table, which must have one schema."""
    digest: LogicalDigest | None = None
    for path in files:
        with pq.ParquetFile(path) as file:
            if digest is None:
                digest = LogicalDigest(file.schema_arrow, without)
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
                digest.update(batch)
    if digest is None:
        raise FileNotFoundError("a table has at least one file")
    return digest.rows, digest.hexdigest()


def release_digest(digests: Mapping[str, str]) -> str:
    """A release's digest from its tables' (table -> digest), without those that the registry keeps out of it."""
    state = hashlib.sha256(b"corpus release digest 1")
    for name in sorted(digests):
        if name not in TABLES or TABLES[name].in_digest:
            for part in (name.encode(), digests[name].encode()):
                state.update(len(part).to_bytes(8, "little") + part)
    return state.hexdigest()


def row_digests(rows: pa.RecordBatch | pa.Table, names: Iterable[str]) -> bytes:
    """The digests of some rows over the columns `names`, laid end to end."""
    parts = [encode(_whole(rows.column(name))) for name in names]
    matrix = np.concatenate(parts, axis=1) if parts else np.empty((rows.num_rows, 0), np.uint8)
    width = matrix.shape[1]
    data, sha256 = memoryview(matrix.tobytes()), hashlib.sha256
    return b"".join([sha256(data[i * width : (i + 1) * width]).digest()[:WIDTH] for i in range(rows.num_rows)])


def encode(array: pa.Array) -> np.ndarray:
    """The canonical values of an array as bytes, one row a value: see the module's description."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return encode(array.dictionary_decode())
    if pa.types.is_null(kind):
        return np.zeros((len(array), 1), np.uint8)
    valid = array.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_struct(kind):
        fields = [encode(pc.struct_field(array, i)) for i in range(kind.num_fields)]
        values = np.concatenate(fields, axis=1) if fields else np.empty((len(array), 0), np.uint8)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        values = _lists(array)
    elif _is_bytes(kind):
        values = _strings(array)
    else:
        values = _numbers(array)
    values[~valid] = 0
    return np.concatenate([valid.astype(np.uint8)[:, None], values], axis=1)


@cache
def type_name(kind: pa.DataType) -> str:
    """A type's name for the digest: what the values are, not how Arrow or Parquet lay them out."""
    if pa.types.is_dictionary(kind):
        return type_name(kind.value_type)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list<{type_name(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return f"struct<{', '.join(f'{field.name}: {type_name(field.type)}' for field in kind)}>"
    if pa.types.is_large_string(kind) or kind == pa.string_view():
        return "string"
    if pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind) or kind == pa.binary_view():
        return "binary"
    return str(kind)


def _is_bytes(kind: pa.DataType) -> bool:
    return type_name(kind) in ("string", "binary")


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])


def _numbers(array: pa.Array) -> np.ndarray:
    kind = array.type
    plain: np.ndarray
    if pa.types.is_floating(kind):
        values = array.cast(pa.float64()).fill_null(0).to_numpy(zero_copy_only=False)
        plain = (np.where(np.isnan(values), np.nan, values) + 0.0).astype("<f8")  # adding turns -0.0 into 0.0
    elif pa.types.is_unsigned_integer(kind):
        plain = array.cast(pa.uint64()).fill_null(0).to_numpy(zero_copy_only=False).astype("<u8")
    elif pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        plain = array.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False).astype("<i8")
    elif pa.types.is_temporal(kind):
        narrow = pa.int32() if kind.bit_width == 32 else pa.int64()
        plain = array.view(narrow).cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False).astype("<i8")
    else:
        raise TypeError(f"a column of type {kind} has no canonical form; give it one in corpus/publish/digest.py")
    return plain.copy().view(np.uint8).reshape(len(array), 8)


def _strings(array: pa.Array) -> np.ndarray:
    large = pa.large_string() if type_name(array.type) == "string" else pa.large_binary()
    values = array.cast(large)
    total = pc.sum(pc.binary_length(values)).as_py() or 0
    if total > LONG_STRING * len(values):
        return _hashed(values)
    coded = values.dictionary_encode()
    unique = _hashed(coded.dictionary)
    if not len(unique):
        return np.zeros((len(array), WIDTH), np.uint8)
    result: np.ndarray = unique[coded.indices.fill_null(0).to_numpy(zero_copy_only=False)]
    return result


def _hashed(values: pa.Array) -> np.ndarray:
    """The hash of each string of a large_string or large_binary array; of a null's, whatever bytes it covers."""
    _, offsets, data = values.buffers()
    if not len(values):
        return np.zeros((0, WIDTH), np.uint8)
    ends = np.frombuffer(offsets, "<i8")[values.offset : values.offset + len(values) + 1]
    return _pieces(memoryview(data) if data is not None else memoryview(b""), ends)


def _lists(array: pa.Array) -> np.ndarray:
    if not len(array):
        return np.zeros((0, WIDTH), np.uint8)
    offsets = array.offsets.to_numpy().astype(np.int64)
    items = encode(array.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0])))
    flat = memoryview(items.tobytes())
    return _pieces(flat, (offsets - offsets[0]) * items.shape[1])


def _pieces(data: memoryview, ends: np.ndarray) -> np.ndarray:
    """The hash of each piece of `data` between two neighbouring `ends`."""
    sha256, places = hashlib.sha256, ends.tolist()
    digests = [sha256(data[a:b]).digest()[:WIDTH] for a, b in pairwise(places)]
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, WIDTH).copy()
