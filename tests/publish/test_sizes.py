import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.publish.sizes import filled_rows, row_bytes

ROW = st.fixed_dictionaries(
    {
        "s": st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
        "i": st.none() | st.integers(0, 9),
        "b": st.none() | st.booleans(),
        "l": st.none() | st.lists(st.none() | st.sampled_from(["", "ä", "abc"]), max_size=3),
        "p": st.none() | st.lists(st.fixed_dictionaries({"v": st.none() | st.just("xy")}), max_size=2),
    }
)
SCHEMA = pa.schema(
    [
        ("s", pa.string()),
        ("i", pa.int64()),
        ("b", pa.bool_()),
        ("l", pa.list_(pa.string())),
        ("p", pa.list_(pa.struct([("v", pa.string())]))),
    ]
)


def size(text: str | None) -> int:
    return 4 + len((text or "").encode())


@settings(deadline=None)
@given(st.lists(ROW, max_size=6), st.integers(0, 6))
def test_counts_the_values_themselves(rows, start):
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    wanted = [
        size(row["s"])
        + 8
        + 1
        + 4
        + sum(size(item) for item in row["l"] or [])
        + 4
        + sum(size(item["v"]) for item in row["p"] or [])
        for row in rows
    ]
    assert row_bytes(table).tolist() == wanted
    assert row_bytes(table.slice(start)).tolist() == wanted[start:]


def test_an_empty_list_fills_nothing():
    table = pa.table({"l": pa.array([[], None, ["a"]]), "s": pa.array(["", None, None])})
    assert filled_rows(table) == {"l": 1, "s": 1}
    assert filled_rows(table.slice(0, 0)) == {"l": 0, "s": 0}
