import errno
import random
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import EnvironmentFaultError, RefusedError, WiringError
from corpus.publish import write
from corpus.publish.digest import digest_files, undigested
from corpus.publish.disk import sha256_of
from corpus.publish.write import TableWriter
from corpus.tables import TABLES
from tests.publish.made import Cut, make_tables

ARTICLES = TABLES["articles"]


def written(folder, rows, *, table=ARTICLES, cut=None, batches=None):
    writer = TableWriter(table, folder, cut or Cut())
    for batch in batches or [rows]:
        writer.write(batch)
    return writer.close()


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    return make_tables(23)["articles"]


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(1, 23), max_size=6), st.booleans(), st.integers(0, 5))
def test_the_bytes_are_the_same_however_rows_come_in(tmp_path_factory, rows, cuts, chunked, offset):
    folder = tmp_path_factory.mktemp("w")
    places = [0, *sorted(cuts), rows.num_rows]
    lead = pa.concat_tables([rows.slice(0, offset), rows]).slice(offset)  # the same rows at another place in memory
    batches = [lead.slice(a, b - a) for a, b in pairwise(places)]
    batches = batches if chunked else [b.combine_chunks() for b in batches]
    cut = Cut(rows_per_file=10, rows_per_group=4)
    assert written(folder / "a", rows, cut=cut) == written(folder / "b", rows, cut=cut, batches=batches)


def test_the_bytes_are_the_same_where_a_column_takes_many_pages(tmp_path):
    """A row group of several megabytes: its pages are cut by content, not by where a batch ended."""
    chance = random.Random(1)
    words = [f"{chance.getrandbits(40):x}" for _ in range(2000)]
    texts = [" ".join(chance.choices(words, k=250)) for _ in range(2500)]
    row = make_tables(1)["articles"]
    rows = row.take(pa.array([0] * len(texts)))
    rows = rows.set_column(rows.column_names.index("text"), "text", pa.array(texts))
    cut = Cut(rows_per_file=5000, rows_per_group=5000)
    batches = [rows.slice(start, 97) for start in range(0, rows.num_rows, 97)]
    assert written(tmp_path / "a", rows, cut=cut) == written(tmp_path / "b", rows, cut=cut, batches=batches)


def test_says_what_is_on_the_disk(tmp_path, rows):
    table = written(tmp_path, rows, cut=Cut(rows_per_file=10, rows_per_group=4))
    assert [file.path for file in table.files] == [f"articles/train-0000{n}.parquet" for n in range(3)]
    assert [file.rows for file in table.files] == [10, 10, 3]
    for file in table.files:
        path = tmp_path / file.path
        assert (file.bytes, file.sha256) == (path.stat().st_size, sha256_of(path))
    paths = [tmp_path / file.path for file in table.files]
    assert digest_files(paths, undigested("articles")) == (table.rows, table.digest) and table.rows == 23
    assert table.filled["title"] == 23 and table.filled["story_id"] == 0
    read = pa.concat_tables([pq.read_table(path) for path in paths])
    assert read.equals(rows)


def test_row_groups_end_by_rows_and_by_bytes(tmp_path, rows, monkeypatch):
    groups = pq.ParquetFile(tmp_path / written(tmp_path, rows, cut=Cut(rows_per_group=4)).files[0].path).metadata
    assert [groups.row_group(n).num_rows for n in range(groups.num_row_groups)] == [4, 4, 4, 4, 4, 3]
    monkeypatch.setattr(write, "GROUP_BYTES", 1200)  # two articles of about 500 bytes
    small = [rows.slice(n, 1) for n in range(23)]
    for folder, batches in ((tmp_path / "at once", None), (tmp_path / "one by one", small)):
        path = folder / written(folder, rows, batches=batches).files[0].path
        groups = pq.ParquetFile(path).metadata
        sizes = [groups.row_group(n).num_rows for n in range(groups.num_row_groups)]
        assert sum(sizes) == 23 and max(sizes) <= 2
    monkeypatch.setattr(write, "GROUP_BYTES", 1)  # no row fits: one each
    assert pq.ParquetFile(tmp_path / written(tmp_path, rows).files[0].path).metadata.num_row_groups == 23


def test_every_file_has_the_registered_schema_checksums_and_page_index(tmp_path, rows):
    table = written(tmp_path, rows, cut=Cut(rows_per_file=10))
    for file in table.files:
        assert pq.read_schema(tmp_path / file.path).equals(ARTICLES.schema, check_metadata=False)
        column = pq.ParquetFile(tmp_path / file.path).metadata.row_group(0).column(0)
        assert column.compression == "ZSTD" and column.has_offset_index and column.has_column_index


def test_a_footer_has_the_range_of_times_and_ids_but_of_no_hash_and_no_text(tmp_path, rows):
    group = pq.ParquetFile(tmp_path / written(tmp_path, rows).files[0].path).metadata.row_group(0)
    ranges = {group.column(n).path_in_schema: group.column(n).is_stats_set for n in range(group.num_columns)}
    assert ranges["published_at"] and ranges["article_id"]
    assert not any(ranges[name] for name in ("text", "text_sha256", "raw_sha256"))


def test_a_table_without_rows_is_one_file_with_a_schema_and_no_row_group(tmp_path):
    table = written(tmp_path, None, table=TABLES["removals"], batches=[TABLES["removals"].schema.empty_table()])
    assert [file.path for file in table.files] == ["removals/train-00000.parquet"]
    metadata = pq.ParquetFile(tmp_path / table.files[0].path).metadata
    assert metadata.num_row_groups == 0 and metadata.num_columns == 4
    assert (
        table.digest
        == written(
            tmp_path / "b",
            None,
            table=TABLES["removals"],
            batches=[pa.table({name: pa.array([], pa.string()) for name in TABLES["removals"].schema.names})],
        ).digest
    )


def test_takes_columns_in_any_order_and_of_types_that_can_be_cast_without_loss(tmp_path, rows):
    other = rows.select(list(reversed(rows.column_names)))
    other = other.set_column(other.column_names.index("n_words"), "n_words", rows["n_words"].cast(pa.int16()))
    other = other.set_column(other.column_names.index("text"), "text", rows["text"].cast(pa.large_string()))
    assert written(tmp_path / "a", rows) == written(tmp_path / "b", other)


def test_refuses_missing_columns_other_types_and_required_nulls(tmp_path, rows):
    writer = TableWriter(ARTICLES, tmp_path, Cut())
    with pytest.raises(WiringError, match="articles.*title"):
        writer.write(rows.drop_columns(["title"]))
    with pytest.raises(WiringError, match="articles.*extra"):
        writer.write(rows.append_column("extra", rows["title"]))
    at = rows.column_names.index("n_words")
    with pytest.raises(WiringError, match=r"articles\.n_words is string"):
        writer.write(rows.set_column(at, "n_words", rows["title"]))
    with pytest.raises(WiringError, match=r"articles\.n_words is double"):
        writer.write(rows.set_column(at, "n_words", pa.array([0.5] * 23)))
    with pytest.raises(RefusedError, match=r"articles\.n_words is null in 23 rows"):
        writer.write(rows.set_column(at, "n_words", pa.nulls(23, pa.int64())))


def test_a_full_disk_is_said_plainly(tmp_path, rows, monkeypatch):
    writer = TableWriter(ARTICLES, tmp_path, Cut())
    writer.write(rows)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(EnvironmentFaultError, match="No space left") as caught:
        writer.close()
    assert caught.value.exit_code == 2 and "free some space" in caught.value.mend
