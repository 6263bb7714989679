"""Driving `annotate`: each published article by itself, then names and links over all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from corpus import annotate
from corpus.run.documents import compute_missing, keys_at
from corpus.run.local import run_mark
from corpus.run.memo import Memo, Selection
from corpus.run.state import State
from corpus.tables import TABLES
from corpus.working import ADDRESSES, ANNOTATIONS, CITING, NAMED, NAMES, TARGETS

AT_ONCE = 4096


def annotate_articles(state: State) -> None:
    """Set `state.annotations`, `entities`, `named` and `targets`, and add the citations to `state.derived`."""
    published = pc.equal(state.folds["fate"], "published").to_numpy().nonzero()[0]
    state.meter.rows_in = state.meter.rows_out = len(published)
    state.listener.started("annotate", len(published))
    if not state.settings.annotate.enabled:
        state.entities = TABLES["entities"].schema.empty_table()
        state.named, state.targets = NAMED.empty_table(), TARGETS.empty_table()
        return
    # `going` and `folds` are both sorted by record id, so that positions agree
    places = state.documents.take(published)
    memo = state.memo_of("annotate.mark", ANNOTATIONS)
    keys = keys_at(state.memo, places, "mark_key")
    made = compute_missing(
        state, memo, keys, places, function=run_mark, settings=state.settings.annotate, stage="annotate"
    )
    state.meter.reused = len(keys) - made
    state.annotations = memo
    folds = state.folds.take(pa.array(published))
    state.annotated = pa.table({"record_id": folds["record_id"], "key": keys})
    dates = state.memo.narrow(places, ["published_at", "url", "canonical_url"])
    taken = folds["taken_over"].combine_chunks()
    article_ids = folds["article_id"].combine_chunks()
    published_at = pc.coalesce(dates["published_at"], pc.struct_field(taken, "published_at"))
    selection = memo.select(keys)
    names, citing = [NAMES.empty_table()], [CITING.empty_table()]
    for rows in chunks(len(published)):
        part = memo.narrow(selection.take(rows.to_numpy()), ["mentions", "links"])
        names.append(_names(part, article_ids.take(rows), published_at.take(rows)))
        citing.append(_citing(part, article_ids.take(rows)))
    resolved = annotate.resolve(pa.concat_tables(names), state.settings.annotate)
    addresses = pa.table([article_ids, dates["url"], dates["canonical_url"]], schema=ADDRESSES)
    cited = annotate.cite(pa.concat_tables(citing), addresses)
    state.entities, state.named, state.targets = resolved.entities, resolved.named, cited.targets
    state.derived = pa.concat_tables([state.derived, cited.derived])


def chunks(count: int) -> Iterator[pa.Array]:
    """The positions 0 to `count`, some thousand at a time."""
    for start in range(0, count, AT_ONCE):
        yield pa.array(range(start, min(start + AT_ONCE, count)), pa.int64())


def _exploded(part: pa.Table, column: str, article_ids: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The article of each item of a list column, and the items."""
    lists = part[column].combine_chunks()
    return article_ids.take(pc.list_parent_indices(lists)), pc.list_flatten(lists)


def _names(part: pa.Table, article_ids: pa.Array, published_at: pa.ChunkedArray) -> pa.Table:
    """The distinct (label, name, surface) of each article, with their counts."""
    articles, items = _exploded(part, "mentions", article_ids)
    rows = pa.table(
        {"article_id": articles, **{name: pc.struct_field(items, name) for name in ("label", "name", "surface")}}
    )
    rows = rows.filter(pc.is_valid(rows["name"]))
    counted = rows.group_by(["article_id", "label", "name", "surface"], use_threads=False).aggregate(
        [([], "count_all")]
    )
    at = pc.index_in(counted["article_id"], value_set=article_ids)
    dates = published_at.take(at)
    return pa.table(
        [*(counted[n] for n in ("article_id", "label", "name", "surface", "count_all")), dates], schema=NAMES
    )


def _citing(part: pa.Table, article_ids: pa.Array) -> pa.Table:
    articles, items = _exploded(part, "links", article_ids)
    columns = [pc.struct_field(items, name) for name in CITING.names[1:]]
    table = pa.table([articles, *columns], schema=CITING)
    return table.filter(pc.is_valid(table["canonical_url"]))


def selected_annotations(state: State, record_ids: pa.Array) -> tuple[Memo, Selection]:
    """Where the annotations of those records lie."""
    assert state.annotations is not None
    at = pc.index_in(record_ids, value_set=state.annotated["record_id"])
    return state.annotations, state.annotations.select(state.annotated["key"].take(at).combine_chunks())
