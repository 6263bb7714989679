"""What a release that follows another leaves in its place."""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.run import publish
from corpus.run.staging import in_order
from corpus.tables import TABLES
from tests.projects import article, new_project, table, write

FEW = {"min_words": "3", "min_articles": "1"}


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """A release, and one with new articles, whose files come before the old ones, and a copy of an old one."""
    folder = tmp_path_factory.mktemp("p")
    project = new_project(folder, {f"m/{n}.txt": article(n) for n in range(1, 21)}, enabled="false")
    older = publish(project).folder
    files = {f"a/{n}.txt": article(n) for n in range(21, 26)}
    write(folder, files | {f"z/{n}.txt": article(n) + "\n" for n in (3, 9)})
    return older, publish(project).folder


@pytest.mark.parametrize("name", [name for name in TABLES if name != "removals"])
def test_rows_of_the_parent_come_first_in_its_order_and_in_row_groups_of_their_own(releases, name):
    older, newer = (table(release, name) for release in releases)
    ids = [c for c in newer.column_names if c in ("article_id", "record_id", "entity_id", "kind", "paragraph_index")]
    was, now = older.select(ids), newer.select(ids)
    old_articles = set(table(releases[0], "articles")["article_id"].to_pylist())
    if name == "derivations":  # old articles get copies, at their place
        places = [one in old_articles for one in now["article_id"].to_pylist()]
        assert places == sorted(places, reverse=True)
        return
    assert now.slice(0, was.num_rows).equals(was)
    if now.num_rows > was.num_rows:
        groups = pq.ParquetFile(releases[1] / name / "train-00000.parquet").metadata
        assert groups.row_group(0).num_rows == was.num_rows


def test_old_rows_change_only_where_copies_and_links_came(releases):
    older, newer = (table(release, "articles") for release in releases)
    was, now = older, newer.slice(0, older.num_rows)
    changed = [name for name in was.column_names if not now[name].equals(was[name])]
    assert changed == ["n_duplicates"]
    more = pa.compute.subtract(now["n_duplicates"], was["n_duplicates"]).to_pylist()
    assert sorted(more) == [0] * (len(more) - 2) + [1, 1]


def test_new_articles_lie_in_the_order_of_their_publication_and_old_ones_as_they_lay():
    days = [datetime(2024, 5, day, tzinfo=UTC) if day else None for day in (3, 1, 0, 2, 3)]
    articles = pa.table({"article_id": ["e", "c", "a", "d", "b"], "source": ["s", "s", "s", "s", "r"]})
    articles = articles.append_column("published_at", pa.array(days, pa.timestamp("us", "UTC")))
    order, first = in_order(articles, None, "0.1.0")
    assert articles["article_id"].take(pa.array(order)).to_pylist() == ["c", "d", "b", "e", "a"]
    assert set(first.to_pylist()) == {"0.1.0"}
