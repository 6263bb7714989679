import random
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus.publish.digest import LogicalDigest, digest_files, encode, release_digest

POINT = pa.struct([("rule", pa.string()), ("value", pa.float64())])
SCHEMA = pa.schema(
    {
        "i": pa.int64(),
        "f": pa.float64(),
        "s": pa.string(),
        "b": pa.bool_(),
        "t": pa.timestamp("us", tz="UTC"),
        "l": pa.list_(pa.string()),
        "p": pa.list_(POINT),
        "n": pa.list_(pa.list_(pa.int64())),
        "x": pa.binary(),
    }
)
FLOATS = st.floats(width=64) | st.sampled_from([0.0, -0.0, float("nan")])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
POINTS = st.none() | st.fixed_dictionaries({"rule": st.none() | TEXTS, "value": st.none() | FLOATS})
VALUES = {
    "i": st.none() | st.integers(-(2**63), 2**63 - 1),
    "f": st.none() | FLOATS,
    "s": st.none() | TEXTS,
    "b": st.none() | st.booleans(),
    "t": st.none() | st.datetimes(datetime(1, 1, 2), datetime(9999, 1, 1)).map(lambda t: t.replace(tzinfo=UTC)),
    "l": st.none() | st.lists(st.none() | TEXTS, max_size=3),
    "p": st.none() | st.lists(POINTS, max_size=3),
    "n": st.none() | st.lists(st.none() | st.lists(st.none() | st.integers(0, 3), max_size=2), max_size=3),
    "x": st.none() | st.binary(max_size=4),
}
ROWS = st.lists(st.fixed_dictionaries(VALUES), max_size=6)


def digest(table: pa.Table) -> str:
    state = LogicalDigest(table.schema)
    state.update(table)
    return state.hexdigest()


def table_of(rows: list[dict]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@settings(deadline=None)
@given(ROWS, st.randoms())
def test_does_not_depend_on_the_order_of_rows_or_columns(rows, chance):
    names = list(SCHEMA.names)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    chance.shuffle(names)
    assert digest(table_of(rows)) == digest(table_of(shuffled).select(names))


@settings(deadline=None)
@given(ROWS, st.lists(st.integers(0, 6), max_size=4))
def test_does_not_depend_on_how_rows_come_in_batches(rows, cuts):
    table = table_of(rows)
    state = LogicalDigest(SCHEMA)
    places = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    for start, end in pairwise(places):
        state.update(table.slice(start, end - start))
    assert state.hexdigest() == digest(table)


@settings(deadline=None, max_examples=30)
@given(ROWS, st.booleans(), st.sampled_from(["none", "zstd"]), st.integers(1, 4))
def test_does_not_depend_on_the_encoding_of_parquet(tmp_path_factory, rows, dictionary, compression, group):
    path = tmp_path_factory.mktemp("parquet") / "a.parquet"
    pq.write_table(table_of(rows), path, use_dictionary=dictionary, compression=compression, row_group_size=group)
    assert digest_files([path], ()) == (len(rows), digest(table_of(rows)))


@settings(deadline=None)
@given(ROWS.filter(bool), st.data())
def test_any_changed_cell_changes_it(rows, data):
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(SCHEMA.names))
    changed = [dict(one) for one in rows]
    changed[row][column] = data.draw(VALUES[column])
    # the same value again, said canonically: NaN, -0.0 and missing fields
    assume(repr(_plain(changed[row][column])) != repr(_plain(rows[row][column])))
    assert digest(table_of(rows)) != digest(table_of(changed))


def _plain(value):
    if isinstance(value, float):
        return value + 0.0
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


@settings(deadline=None)
@given(ROWS.filter(bool), st.data())
def test_counts_equal_rows_each(rows, data):
    twice = [*rows, data.draw(st.sampled_from(rows))]
    assert digest(table_of(rows)) != digest(table_of(twice))


@pytest.mark.parametrize(
    "kind",
    [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())],
    ids=["large", "view", "coded"],
)
def test_does_not_depend_on_how_arrow_lays_strings_out(kind):
    plain = pa.table({"s": pa.array(["a", None, "a", "", "bc"])})
    other = pa.table({"s": plain["s"].cast(kind)})
    assert digest(plain) == digest(other)


def test_does_not_depend_on_what_lies_under_nulls():
    clean = pa.array([["a"], None, ["b"]])
    dirty = pa.ListArray.from_arrays(
        pa.array([0, 1, 3, 4]), pa.array(["a", "x", "y", "b"]), mask=pa.array([False, True, False])
    )
    assert clean.to_pylist() == dirty.to_pylist()
    assert digest(pa.table({"l": clean})) == digest(pa.table({"l": dirty}))


def test_every_nan_is_one_nan_and_every_zero_one_zero():
    bits = np.array([0x7FF8000000000000, 0xFFF8000000000001, 0x7FF0000000000001], np.uint64).view(np.float64)
    assert len({digest(pa.table({"f": pa.array(bits[n : n + 1])})) for n in range(3)}) == 1
    assert len({digest(pa.table({"f": pa.array([[zero]])})) for zero in (0.0, -0.0)}) == 1


def test_long_and_short_strings_are_hashed_alike():
    words = [str(number) * 40 for number in range(5)]  # long on the mean: hashed one by one
    alone = encode(pa.array(words))
    among = encode(pa.array([*words, *["x"] * 1000]))  # short on the mean: by distinct value
    assert (alone == among[:5]).all()


def test_tells_apart_what_only_looks_alike():
    kinds = [
        pa.table({"a": pa.array(["1"]), "b": pa.array(["2"])}),
        pa.table({"a": pa.array(["12"]), "b": pa.array([""])}),
        pa.table({"a": pa.array([None], pa.string()), "b": pa.array(["12"])}),
        pa.table({"b": pa.array(["1"]), "a": pa.array(["2"])}),
        pa.table({"a": pa.array([1]), "b": pa.array(["2"])}),
        pa.table({"a": pa.array([1], pa.int32()), "b": pa.array(["2"])}),
        pa.table({"a": pa.array([[]], pa.list_(pa.string()))}),
        pa.table({"a": pa.array([None], pa.list_(pa.string()))}),
        pa.table({"a": pa.array([[None]], pa.list_(pa.string()))}),
        pa.table({"a": pa.array([[""]], pa.list_(pa.string()))}),
    ]
    assert len({digest(table) for table in kinds}) == len(kinds)


def test_leaves_out_undigested_columns_and_descriptions():
    table = pa.table({"a": [1, 2], "first_version": ["0.1.0", "0.2.0"]})
    other = pa.table({"a": [1, 2], "first_version": ["0.3.0", "0.3.0"]}).replace_schema_metadata({"about": "x"})
    digests = []
    for one in (table, other):
        state = LogicalDigest(one.schema, {"first_version"})
        state.update(one)
        digests.append(state.hexdigest())
    assert digests[0] == digests[1] != digest(table)


def test_is_the_one_that_the_description_defines():
    """Made by hand from the module's description, so that it never changes unseen."""
    import hashlib
    import struct

    def part(data: bytes) -> bytes:
        return len(data).to_bytes(8, "little") + data

    def short(data: bytes) -> bytes:
        return hashlib.sha256(data).digest()[:16]

    rows = [{"f": -0.0, "l": ["ä", None], "s": None}, {"f": None, "l": [], "s": "x"}]
    schema = pa.schema([("s", pa.string()), ("f", pa.float64()), ("l", pa.list_(pa.string()))])
    first = b"\1" + struct.pack("<d", 0.0) + b"\1" + short(b"\1" + short("ä".encode()) + b"\0" * 17) + b"\0" * 17
    second = b"\0" * 9 + b"\1" + short(b"") + b"\1" + short(b"x")
    head = part(b"corpus table digest 1")
    for name, kind in (("f", "double"), ("l", "list<string>"), ("s", "string")):
        head += part(name.encode()) + part(kind.encode())
    wanted = hashlib.sha256(head + part(b"2") + b"".join(sorted([short(first), short(second)]))).hexdigest()
    assert digest(pa.Table.from_pylist(rows, schema=schema)) == wanted


def test_refuses_a_type_that_has_no_canonical_form():
    with pytest.raises(TypeError, match="decimal128"):
        digest(pa.table({"a": pa.array([1]).cast(pa.decimal128(20))}))


def test_a_release_counts_all_tables_but_removals():
    digests = {"articles": "aa", "records": "bb", "removals": "cc"}
    assert release_digest(digests) == release_digest(digests | {"removals": "dd"})
    assert release_digest(digests) != release_digest(digests | {"records": "dd"})
    assert release_digest(digests) != release_digest({"articles": "bb", "records": "aa"})
    assert release_digest(dict(random.sample(sorted(digests.items()), 3))) == release_digest(digests)
