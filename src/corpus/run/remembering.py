"""The corpus as `fold` is given it: narrow columns and signatures as they lie in the memos, read where wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.given import Samples, samples_in
from corpus.run.ingesting import sources_of
from corpus.run.memo import KEY, Memo, Selection
from corpus.run.state import State
from corpus.shards import write_shard
from corpus.stage import Fetch
from corpus.working import DOCUMENTS, KEYS, SIGNATURES, TAKEN_OVER

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
FROM_INPUTS = ("record_id", "source", "own_id", "sha256", "raw_path")
FROM_DOCUMENTS = tuple(n for n in KEYS.names if n not in (*FROM_INPUTS, "on_duplicate"))
LENT = tuple(field.name for field in TAKEN_OVER if field.name not in KEYS.names)
NARROW_ROWS = pa.schema(
    [
        ("record_id", pa.string()),
        *(DOCUMENTS.field(n) for n in (*FROM_DOCUMENTS, *LENT)),
        ("sign_key", KEY),
        ("sentences", pa.list_(pa.bool_())),  # of its paragraphs: it ends as sentences do
        ("lengths", pa.list_(pa.int64())),  # in characters
    ]
)
"""Of a document what `dedup` wants of all or of any: mapped into memory, so that a few rows cost a few rows."""
SIGNED = ("record_id", "words_sha256", "n_shingles", "minhash")


def narrow_of(state: State) -> tuple[Memo, Selection]:
    """The narrow columns of the documents that go on, and where they lie; those not there yet are read."""
    memo = state.memo_of("dedup.narrow", NARROW_ROWS)
    keys = state.going["content_key"].combine_chunks()
    keys = pa.concat_arrays(keys.chunks) if isinstance(keys, pa.ChunkedArray) else keys
    missing = memo.unknown(keys)
    if len(missing):
        names = [*FROM_DOCUMENTS, *LENT, "sign_key", "paragraphs"]
        table = state.memo.narrow(state.documents.take(missing), names)
        table = table.add_column(0, "record_id", state.going["record_id"].take(pa.array(missing)))
        table = table.add_column(0, "key", keys.take(pa.array(missing)))
        table = _with_lines(table)
        write_shard(memo.new_shard(), table.select(memo.schema.names).cast(memo.schema).combine_chunks())
        memo.refresh()
    return memo, memo.select(keys)


def _with_lines(table: pa.Table) -> pa.Table:
    """With `sentences` and `lengths` of the paragraphs."""
    lists = table["paragraphs"].combine_chunks()
    lists = pa.concat_arrays(lists.chunks) if isinstance(lists, pa.ChunkedArray) else lists
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    bounds = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
    items = pc.list_flatten(lists)
    length = pc.subtract(pc.struct_field(items, "end_char"), pc.struct_field(items, "start_char"))
    table = table.append_column("sentences", pa.ListArray.from_arrays(bounds, pc.struct_field(items, "sentence")))
    return table.append_column("lengths", pa.ListArray.from_arrays(bounds, length))


@dataclass(frozen=True)
class Narrow:
    """The records that are folded, sorted by id: `documents` and `narrow`: where they lie in `state.memo` and `memo`;
    `inputs`: their columns of the ledger, and `on_duplicate`."""

    state: State
    record_id: pa.Array
    content_key: pa.Array
    documents: Selection
    memo: Memo
    narrow: Selection
    inputs: pa.Table

    @classmethod
    def of(cls, state: State, memo: Memo, narrow: Selection, going: Ints) -> Narrow:
        """Those records of `state.going`."""
        rows = pa.array(going)
        record_id = state.going["record_id"].take(rows).combine_chunks()
        at = pc.index_in(record_id, value_set=state.inputs["record_id"])
        inputs = state.inputs.select([*FROM_INPUTS, "structured"]).take(at)
        # the key of an HTTP capture names the capture, not the article
        captured = pc.fill_null(pc.equal(inputs["structured"], "http"), False)
        own = pc.if_else(captured, pa.scalar(None, pa.string()), inputs["own_id"])
        policy = {name: source.on_duplicate for name, source in sources_of(state).items()}
        names = inputs["source"].combine_chunks().dictionary_encode()
        names = names.unify_dictionaries().combine_chunks() if isinstance(names, pa.ChunkedArray) else names
        policies = pa.array([policy[name] for name in names.dictionary.to_pylist()], pa.string()).take(names.indices)
        inputs = inputs.set_column(2, "own_id", own).append_column("on_duplicate", policies).drop_columns("structured")
        key = state.going["content_key"].take(rows).combine_chunks()
        return cls(state, record_id, key, state.documents.take(going), memo, narrow.take(going), inputs)

    def columns(self, names: list[str], records: Ints | None = None) -> pa.Table:
        """Some of NARROW_ROWS, of all records or some."""
        return self.memo.narrow(self.narrow if records is None else self.narrow.take(records), names)

    def keys(self, records: Ints) -> pa.Table:
        """KEYS of some records."""
        inputs = self.inputs.take(pa.array(records))
        documents = self.columns(list(FROM_DOCUMENTS), records)
        found = {name: inputs[name] for name in inputs.column_names}
        found |= {name: documents[name] for name in FROM_DOCUMENTS}
        return pa.table([found[name] for name in KEYS.names], names=KEYS.names).cast(KEYS)


@dataclass(frozen=True)
class Remembered:
    """A corpus to be folded (`corpus.dedup.given.Given`): `whole`, where the signatures of whole texts lie in `memo`,
    and `part`, those that similarity is measured on (without repeated lines), whose keys are `measured`."""

    records: Narrow
    memo: Memo
    whole: Selection
    part: Selection
    measured: pa.Array

    @property
    def record_id(self) -> pa.Array:
        """All record ids, ascending."""
        return self.records.record_id

    @cached_property
    def fact(self) -> npt.NDArray[np.uint64]:
        """A digest of all that decides a record's fate, by itself."""
        from corpus.dedup.links import digest_rows

        inputs = self.records.inputs
        own = [inputs[name] for name in ("source", "own_id", "on_duplicate")]
        return digest_rows([self.records.content_key, self.measured, *own])

    def keys(self, records: Ints) -> pa.Table:
        """KEYS of some records."""
        return self.records.keys(records)

    def columns(self, names: list[str], records: Ints | None = None) -> pa.Table:
        """Columns of the signatures of whole texts, of all records or some."""
        return self.memo.narrow(self.whole if records is None else self.whole.take(records), names)

    def signatures(self, records: Ints) -> pa.Table:
        """What `fold` wants of all signatures of some records."""
        whole = self.memo.narrow(self.whole.take(records), ["words_sha256"])
        part = self.memo.narrow(self.part.take(records), ["n_shingles", "minhash"])
        ids = self.record_id.take(pa.array(records))
        return pa.table([ids, whole["words_sha256"], part["n_shingles"], part["minhash"]], names=list(SIGNED))

    def fetch(self, records: Ints) -> Fetch:
        """How to get at wide columns of some records."""
        return _Fetch(self, records, self.record_id.take(pa.array(records)))

    def samples(self, wanted: Flags) -> Iterator[Samples]:
        """The samples of the wanted records, shard by shard."""
        records = np.flatnonzero(wanted)
        yield from self.memo.binaries(self.part.take(records), "samples", records)

    @cached_property
    def hosts(self) -> npt.NDArray[np.uint64]:
        """A hash of each record's host, 0 where it is not known."""
        from corpus.dedup.links import HEADLINE, hashed

        return hashed(self.records.columns(["host"])["host"], HEADLINE)

    def paragraphs(self, wanted: Flags) -> Iterator[Samples]:
        """Hashes of the paragraphs of the wanted records, shard by shard."""
        records = np.flatnonzero(wanted)
        yield from self.memo.binaries(self.whole.take(records), "paragraphs", records)

    def paragraphs_of(self, measured: pa.Array) -> Iterator[Samples]:
        """Hashes of the paragraphs of what may be gone, by the keys of the signatures of whole texts."""
        if len(measured):
            column = self.memo.narrow(self.memo.select(measured), ["paragraphs"])["paragraphs"]
            yield from samples_in(column, np.arange(len(measured)))

    def samples_of(self, measured: pa.Array) -> Iterator[Samples]:
        """The samples of what may be gone."""
        if len(measured):
            column = self.memo.narrow(self.memo.select(measured), ["samples"])["samples"]
            yield from samples_in(column, np.arange(len(measured)))


@dataclass(frozen=True)
class _Fetch:
    """Wide columns of some records: shingles from the signatures, narrow ones from theirs, texts from the documents."""

    given: Remembered
    records: Ints
    ids: pa.Array

    def __call__(self, record_ids: pa.Array, columns: list[str]) -> pa.Table:
        """Those columns of those records, with `record_id`, in the order asked for."""
        from corpus.dedup.lookup import places_of

        at = places_of(record_ids, self.ids)
        if (at < 0).any():
            raise KeyError(f"{np.count_nonzero(at < 0)} records asked for are not among those that go on")
        places = self.records[at]
        given, records = self.given, self.given.records
        found = {"record_id": record_ids}
        signed = [c for c in columns if c in SIGNATURES.names and c not in ("record_id", "paragraphs")]
        near = [c for c in columns if c in NARROW_ROWS.names and c != "record_id"]
        texts = [c for c in columns if c == "text"]
        rest = [c for c in columns if c not in (*signed, *near, *texts, "record_id")]
        for memo, chosen, names in (
            (given.memo, given.part, signed),
            (given.memo, given.whole, texts),
            (records.memo, records.narrow, near),
            (records.state.memo, records.documents, rest),
        ):
            if names:
                table = memo.narrow(chosen.take(places), names)
                found |= {name: table[name] for name in names}
        return pa.table(found)


def one_key_array(column: pa.ChunkedArray) -> pa.Array:
    """A column of keys as one array."""
    found = column.combine_chunks()
    return (pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found).cast(KEY)
