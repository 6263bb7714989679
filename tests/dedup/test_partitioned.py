"""The stage as pure functions: called partition by partition they give what one call gives, and what `fold` gives."""

import random

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from corpus.dedup.partitioned import band_rows, candidates, components, verified
from corpus.sections import Dedup
from tests.dedup.articles import Article, documents_of, edited, folded, prose, signed

SETTINGS = Dedup()


def corpus() -> list[Article]:
    rng = random.Random(5)
    found = [Article(f"r{i:03}", prose(i, 150)) for i in range(30)]
    for n in range(60):
        places = rng.sample(range(150), rng.randrange(1, 5))
        found.append(Article(f"c{n:03}", edited(prose(rng.randrange(30), 150), *places)))
    return [*found, Article("empty", ""), Article("word", "word")]


def by_key(table: pa.Table, column: str, parts: int) -> list[pa.Table]:
    place = np.array([hash(str(value)) % parts for value in table[column].to_pylist()])
    return [table.take(pa.array(np.flatnonzero(place == part))) for part in range(parts)]


def clusters(signatures: pa.Table, rows: int, parts: int) -> tuple[list[dict], list[dict]]:
    """Verified pairs and components, each function called on one partition at a time."""
    bands = pa.concat_tables(
        [band_rows(signatures.slice(at, rows), SETTINGS) for at in range(0, signatures.num_rows, rows)]
    )
    pairs = pa.concat_tables([candidates(part, SETTINGS) for part in by_key(bands, "key", parts)])
    pairs = pairs.group_by(["left", "right"]).aggregate([])
    shingles, edges = signatures.select(["record_id", "shingles"]), []
    for part in by_key(pairs, "left", parts):
        ends = pa.chunked_array([*part["left"].chunks, *part["right"].chunks], pa.string())
        edges.append(verified(part, shingles.filter(pc.is_in(shingles["record_id"], value_set=ends)), SETTINGS))
    partial = [components(part) for part in edges]
    joined = components(pa.concat_tables(partial).rename_columns(["left", "right"]))
    order = [("left", "ascending"), ("right", "ascending")]
    return pa.concat_tables(edges).sort_by(order).to_pylist(), joined.to_pylist()


@pytest.mark.parametrize(("rows", "parts"), [(7, 5), (40, 2)])
def test_partitions_give_what_one_call_gives(rows: int, parts: int) -> None:
    signatures = signed(documents_of(corpus()), SETTINGS)
    assert clusters(signatures, rows, parts) == clusters(signatures, 1000, 1)


def test_components_are_the_clusters_that_fold_publishes() -> None:
    articles = corpus()
    made = folded(articles)
    _, found = clusters(signed(documents_of(articles), SETTINGS), 20, 3)
    cluster = {row["record_id"]: row["cluster"] for row in found}
    ours: dict[str, set[str]] = {}
    theirs: dict[str, set[str]] = {}
    for article in articles:
        name = article.record
        ours.setdefault(cluster.get(name, name), set()).add(name)
        theirs.setdefault(name if name in made.published else str(made.kept(name)), set()).add(name)
    assert sorted(map(sorted, ours.values())) == sorted(map(sorted, theirs.values()))


def test_nothing_gives_nothing() -> None:
    nothing = signed(documents_of([Article("a", "")]), SETTINGS)
    bands = band_rows(nothing, SETTINGS)
    pairs = candidates(bands, SETTINGS)
    assert bands.num_rows == pairs.num_rows == verified(pairs, nothing.slice(0, 0), SETTINGS).num_rows == 0
    assert components(pairs).num_rows == 0
