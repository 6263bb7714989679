"""Driving `dedup`: signatures of what is new, then the fates of all on narrow columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus import dedup
from corpus.dedup.kept import KEPT, KEPT_DERIVED, Kept
from corpus.run.documents import compute_missing
from corpus.run.keeping import Keeping
from corpus.run.local import SIGNED_ROWS, run_sign
from corpus.run.matching import matches_of, rejected
from corpus.run.remembering import Narrow, Remembered, narrow_of, one_key_array
from corpus.run.repeating import RECURRING, ROWS, Repeated, find_repeated, sign_without
from corpus.run.retracting import retract_records
from corpus.run.state import State
from corpus.working import FOLDS, POINTED


def dedup_records(state: State) -> None:
    """Set `state.folds` and `state.derived`."""
    state.meter.rows_in = state.going.num_rows
    state.listener.started("dedup", state.going.num_rows)
    memo = state.memo_of("dedup.sign", SIGNED_ROWS)
    narrow_memo, narrow = narrow_of(state)
    sign_keys = one_key_array(narrow_memo.narrow(narrow, ["sign_key"])["sign_key"])
    made = compute_missing(
        state, memo, sign_keys, state.documents, function=run_sign, settings=state.settings.dedup, stage="dedup"
    )
    state.meter.reused = len(sign_keys) - made
    signed = memo.select(sign_keys)
    going = np.arange(len(sign_keys))
    apart = FOLDS.empty_table()
    if state.settings.dedup.against:
        matches = matches_of(state, sign_keys, memo, signed)
        apart = rejected(state.going["record_id"], matches)
        going = np.flatnonzero(pc.equal(pc.list_value_length(matches), 0).to_numpy())
    records = Narrow.of(state, narrow_memo, narrow, going)
    whole, keys = signed.take(going), sign_keys.take(pa.array(going))
    corpus = Remembered(records, memo, whole, whole, keys)
    folded, repeated = _fold_twice(state, corpus)
    folds = folded.folds.append_column("repeated", repeated.rows["places"])
    folds = folds.append_column("boilerplate_ratio", repeated.rows["ratio"])
    if apart.num_rows:
        folds = pa.concat_tables([folds, apart], promote_options="default").sort_by("record_id")
    state.folds = folds.combine_chunks()
    state.derived = folded.derived
    retract_records(state, lambda: corpus.columns(["record_id", "words_sha256"]))
    state.folds = _pointed(state, corpus)
    state.meter.rows_out = pc.sum(pc.equal(state.folds["fate"], "published")).as_py() or 0


def _fold_twice(state: State, corpus: Remembered) -> tuple[dedup.Folded, Repeated]:
    """What is decided, and the repeated lines; where there are any, the second pass decides, without them."""
    first = Keeping(state, "first", (KEPT, KEPT_DERIVED))
    before = first.load()
    lines = Keeping(state, "lines", (ROWS, RECURRING), base=first.mark)
    folded = _fold(state, first, before, corpus)
    repeated = find_repeated(state, corpus, folded, lines)
    repeated = sign_without(state, corpus, repeated)
    if lines.mark == b"" or first.mark != lines.base:
        lines.save((repeated.rows, repeated.recurring), base=first.mark)
    second = Keeping(state, "second", (KEPT, KEPT_DERIVED))
    if not repeated.any:
        second.forget()
        return folded, repeated
    keys = one_key_array(repeated.rows["second"])
    without = replace(corpus, part=corpus.memo.select(keys), measured=keys)
    return _fold(state, second, second.load(), without), repeated


def _fold(state: State, keeping: Keeping, before: tuple[pa.Table, pa.Table] | None, corpus: Remembered) -> dedup.Folded:
    """One pass, with what was kept of it, and kept again."""
    folded = dedup.refold(corpus, None if before is None else Kept(*before), state.settings.dedup)
    if len(folded.anew) or len(corpus.record_id) != folded.known:
        keeping.save((folded.kept.records, folded.kept.derived))
    return folded


def _pointed(state: State, corpus: Remembered) -> pa.Table:
    """`state.folds` with the columns of POINTED; null where a record is not published."""
    folds = state.folds
    published = folds.filter(pc.equal(folds["fate"], "published"))
    given = pc.struct_field(published["taken_over"].combine_chunks(), "published_at")
    at = pc.index_in(published["record_id"], value_set=corpus.record_id)
    dates = corpus.records.columns(["published_at"])["published_at"]
    when = pc.coalesce(dates.take(at).combine_chunks(), given)
    articles = published.select(["record_id", "article_id"]).append_column("published_at", when)
    signatures = corpus.columns(["record_id", "paragraphs", "paragraph_words"])
    pointed = dedup.point(articles, signatures, state.settings.dedup)
    place = pc.index_in(folds["record_id"], value_set=pointed["record_id"])
    for name in POINTED.names[1:]:
        folds = folds.append_column(POINTED.field(name), pointed[name].take(place))
    return folds.combine_chunks()
