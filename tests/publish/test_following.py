"""Releases upon a parent keep the bytes of rows that were there."""

from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.publish.ageing import Coming
from corpus.publish.following import Followed, as_in_parent, ids_of, merged, row_key
from corpus.publish.places import Places
from corpus.publish.write import TableWriter, group_rows
from corpus.tables import TABLES
from tests.publish.made import Cut, make_tables

CUT = Cut(rows_per_file=40, rows_per_group=10)


def written(folder, table, rows, parent=None, *, most=CUT.rows_per_group, old=None, batches=(), cut=CUT):
    known = ids_of(parent, table) if old is None else pa.chunked_array([old])
    ids = pa.chunked_array([list(dict.fromkeys(rows[row_key(table)].to_pylist()))], pa.string())
    follow = Followed(parent, table, most, Coming.of(ids, Places(known), cut.rows_per_file)) if parent else None
    writer = TableWriter(TABLES[table], folder, cut, follow)
    for start, end in pairwise([0, *sorted(batches), rows.num_rows]):
        writer.write(rows.slice(start, end - start))
    return writer.close()


def groups(folder, table):
    """The article ids of each row group of each file."""
    files = [pq.ParquetFile(path) for path in sorted((folder / table).glob("*.parquet"))]
    return [
        [f.read_row_group(n, columns=["article_id"])["article_id"].to_pylist() for n in range(f.num_row_groups)]
        for f in files
    ]


def columns_of(path):
    """The bytes of each column of each row group of a file."""
    data, file = path.read_bytes(), pq.ParquetFile(path)
    for number in range(file.num_row_groups):
        for at in range(file.metadata.num_columns):
            column = file.metadata.row_group(number).column(at)
            start = column.dictionary_page_offset or column.data_page_offset
            yield data[start : start + column.total_compressed_size]


def test_new_rows_leave_every_byte_of_the_old_ones_columns_as_it_was(tmp_path):
    rows = make_tables(27)["articles"]
    written(tmp_path / "a", "articles", rows.slice(0, 25))
    written(tmp_path / "b", "articles", rows, tmp_path / "a")
    was = list(columns_of(tmp_path / "a/articles/train-00000.parquet"))
    now = list(columns_of(tmp_path / "b/articles/train-00000.parquet"))
    assert now == was
    assert [[len(g) for g in file] for file in groups(tmp_path / "b", "articles")] == [[10, 10, 5], [2]]


def test_a_file_of_which_no_row_changed_is_the_same_file_whatever_comes_after_it(tmp_path):
    rows = make_tables(48)["articles"]
    written(tmp_path / "a", "articles", rows.slice(0, 40))
    written(tmp_path / "b", "articles", rows.slice(0, 47), tmp_path / "a")
    written(tmp_path / "c", "articles", rows, tmp_path / "b")  # seven rows and one more: they become one file
    for name, files in (("b", 2), ("c", 3)):
        assert len(groups(tmp_path / name, "articles")) == files
        same = [(tmp_path / one / "articles/train-00000.parquet").read_bytes() for one in ("a", name)]
        assert same[0] == same[1]
    assert [len(file) for file in groups(tmp_path / "c", "articles")] == [4, 1, 1]


def test_a_row_that_is_gone_leaves_the_other_groups_and_files_as_they_were(tmp_path):
    rows = make_tables(48)["articles"]
    written(tmp_path / "a", "articles", rows)
    kept = pa.concat_tables([rows.slice(0, 3), rows.slice(4)])
    written(tmp_path / "b", "articles", kept, tmp_path / "a")
    was, now = groups(tmp_path / "a", "articles"), groups(tmp_path / "b", "articles")
    assert [len(g) for g in now[0]] == [9, 10, 10, 10]
    assert now[0][1:] == was[0][1:] and now[1] == was[1]
    names = ["articles/train-00001.parquet"]
    assert [(tmp_path / "a" / n).read_bytes() for n in names] == [(tmp_path / "b" / n).read_bytes() for n in names]


def test_rows_of_one_article_stay_in_the_groups_where_they_were_and_more_of_them_join_the_last(tmp_path):
    rows = make_tables(6)["paragraphs"]
    one = rows.slice(0, 1)
    ids = sorted(set(rows["article_id"].to_pylist()))[:3]

    def many(counts):
        at = [(article, n) for article, count in zip(ids, counts, strict=True) for n in range(count)]
        table = one.take(pa.array([0] * len(at)))
        table = table.set_column(table.column_names.index("article_id"), "article_id", pa.array([a for a, _ in at]))
        where = table.column_names.index("paragraph_index")
        return table.set_column(where, table.schema.field(where), pa.array([n for _, n in at], pa.int64()))

    old, cut = pa.array(ids[:2]), Cut(rows_per_file=40, rows_per_group=2)
    assert group_rows(TABLES["paragraphs"], cut) == 10
    written(tmp_path / "a", "paragraphs", many([14, 4, 0]), cut=cut)
    written(tmp_path / "b", "paragraphs", many([14, 4, 3]), tmp_path / "a", old=old, batches=[7, 12], cut=cut)
    assert [[len(g) for g in file] for file in groups(tmp_path / "b", "paragraphs")] == [[10, 8], [3]]
    written(tmp_path / "c", "paragraphs", many([15, 4, 3]), tmp_path / "a", old=old, batches=[7, 12], cut=cut)
    assert [[len(g) for g in file] for file in groups(tmp_path / "c", "paragraphs")] == [[10, 9], [3]]
    # the first rows of an old article stay beside its neighbour's
    more = pa.array(ids)
    written(tmp_path / "d", "paragraphs", many([14, 4, 1]), tmp_path / "a", old=more, cut=cut)
    assert [len(g) for g in groups(tmp_path / "d", "paragraphs")[0]] == [10, 9]


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(1, 30), max_size=5), st.sets(st.integers(0, 29), max_size=4))
def test_the_bytes_are_the_same_however_rows_come_in_and_whatever_cuts_the_parent_had(tmp_path_factory, cuts, gone):
    folder = tmp_path_factory.mktemp("f")
    rows = make_tables(34)["articles"]
    written(folder / "p", "articles", rows.slice(0, 30), cut=Cut(rows_per_file=17, rows_per_group=7))
    kept = rows.take(pa.array([n for n in range(34) if n not in gone]))
    cuts = [n for n in cuts if n < kept.num_rows]
    a = written(folder / "a", "articles", kept, folder / "p")
    assert a == written(folder / "b", "articles", kept, folder / "p", batches=cuts)
    assert a.digest == written(folder / "c", "articles", kept).digest
    assert all(len(group) <= 10 for file in groups(folder / "a", "articles") for group in file)


@given(st.lists(st.integers(1, 50), max_size=60))
def test_small_groups_are_merged_so_that_few_stay(sizes):
    """After any number of releases at most one group for each doubling of the rows is left, and full ones."""
    most, kept = 100, []
    for size in sizes:
        counts = merged(kept, most)
        ends = [sum(counts[: n + 1]) for n in range(len(counts))]
        kept = [sum(kept[a:b]) for a, b in pairwise([0, *ends])] + [size]
        assert max(kept) <= most
    assert sum(kept) == sum(sizes)
    assert len(kept) <= 2 * sum(sizes) / most + 9


def test_records_and_entities_keep_the_parents_order_and_new_ones_come_after(tmp_path):
    rows = make_tables(6)["records"]
    turned = rows.take(pa.array([2, 0, 3, 1]))
    written(tmp_path, "records", turned)
    back = as_in_parent(rows, tmp_path, "records")["record_id"].to_pylist()
    assert back[:4] == turned["record_id"].to_pylist()
    assert back[4:] == rows["record_id"].to_pylist()[4:]
    assert as_in_parent(rows, None, "records").equals(rows)


def test_ids_and_hashes_are_written_without_a_dictionary_and_what_repeats_with_one(tmp_path):
    for name, rows in make_tables(27).items():
        table = written(tmp_path, name, rows)
        for file in table.files:
            groups = pq.ParquetFile(tmp_path / file.path).metadata
            columns = [groups.row_group(0).column(at) for at in range(groups.num_columns)] if file.rows else []
            for column in columns:
                top = column.path_in_schema.partition(".")[0]
                text = column.physical_type == "BYTE_ARRAY"
                assert column.has_dictionary_page == (not top.endswith(("_id", "sha256"))) or not text, top
