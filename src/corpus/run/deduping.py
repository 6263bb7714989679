"""Driving `dedup`: signatures of what is new, then the fates of all on narrow columns."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus import dedup
from corpus.run.documents import compute_missing, keys_at
from corpus.run.ingesting import sources_of
from corpus.run.local import run_sign
from corpus.run.matching import matches_of, rejected
from corpus.run.memo import Memo, Selection
from corpus.run.repeating import find_repeated, measured_without, sign_without
from corpus.run.retracting import retract_records
from corpus.run.state import State
from corpus.working import FOLDS, KEYS, POINTED, SIGNATURES

FROM_INPUTS = ("record_id", "source", "own_id", "sha256", "raw_path")
FROM_DOCUMENTS = tuple(n for n in KEYS.names if n not in (*FROM_INPUTS, "on_duplicate"))
NARROW = [name for name in SIGNATURES.names if name != "shingles"]


def dedup_records(state: State) -> None:
    """Set `state.folds` and `state.derived`."""
    state.meter.rows_in = state.going.num_rows
    state.listener.started("dedup", state.going.num_rows)
    memo = state.memo_of("dedup.sign", SIGNATURES)
    sign_keys = keys_at(state.memo, state.documents, "sign_key")
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
    signatures = memo.narrow(signed.take(going), NARROW)
    fetch = _Fetch(state, memo, signed)
    keys = keys_table(state).take(pa.array(going))
    folded = dedup.fold(keys, signatures, fetch, state.settings.dedup)
    repeated = find_repeated(state, going, keys, signatures, folded.clusters)
    if len(repeated.rows):  # the second pass: without them where similarity is measured
        second = memo.select(sign_without(state, memo, going, sign_keys, repeated))
        signatures = measured_without(signatures, memo, second.take(going))
        folded = dedup.fold(keys, signatures, _Fetch(state, memo, second), state.settings.dedup)
    folds = folded.folds.append_column("repeated", repeated.places).append_column("boilerplate_ratio", repeated.ratio)
    state.folds = pa.concat_tables([folds, apart], promote_options="default").sort_by("record_id").combine_chunks()
    state.derived = folded.derived
    retract_records(state, signatures)
    state.folds = _pointed(state, keys, signatures)
    state.meter.rows_out = pc.sum(pc.equal(state.folds["fate"], "published")).as_py() or 0


def _pointed(state: State, keys: pa.Table, signatures: pa.Table) -> pa.Table:
    """`state.folds` with the columns of POINTED; null where a record is not published."""
    folds = state.folds
    published = folds.filter(pc.equal(folds["fate"], "published"))
    given = pc.struct_field(published["taken_over"].combine_chunks(), "published_at")
    at = pc.index_in(published["record_id"], value_set=keys["record_id"])
    when = pc.coalesce(keys["published_at"].take(at).combine_chunks(), given)
    articles = published.select(["record_id", "article_id"]).append_column("published_at", when)
    pointed = dedup.point(articles, signatures, state.settings.dedup)
    place = pc.index_in(folds["record_id"], value_set=pointed["record_id"])
    for name in POINTED.names[1:]:
        folds = folds.append_column(POINTED.field(name), pointed[name].take(place))
    return folds.combine_chunks()


def keys_table(state: State) -> pa.Table:
    """The narrow columns that `fold` decides on, one row for each document that goes on."""
    at = pc.index_in(state.going["record_id"], value_set=state.inputs["record_id"])
    inputs = state.inputs.select(list(FROM_INPUTS)).take(at)
    documents = state.memo.narrow(state.documents, list(FROM_DOCUMENTS))
    policy = {name: source.on_duplicate for name, source in sources_of(state).items()}
    columns = {name: inputs[name] for name in FROM_INPUTS} | {name: documents[name] for name in FROM_DOCUMENTS}
    # the key of an HTTP capture names the capture, not the article
    captured = pc.fill_null(pc.equal(state.inputs["structured"].take(at), "http"), False)
    columns["own_id"] = pc.if_else(captured, pa.scalar(None, pa.string()), inputs["own_id"])
    columns["on_duplicate"] = pa.array([policy[name] for name in inputs["source"].to_pylist()], pa.string())
    return pa.table([columns[name] for name in KEYS.names], names=KEYS.names).cast(KEYS)


class _Fetch:
    """Wide columns of some records: shingles from the signatures, all else from the documents."""

    def __init__(self, state: State, signatures: Memo, signed: Selection) -> None:
        self._state, self._signatures, self._signed = state, signatures, signed
        self._ids = state.going["record_id"].combine_chunks()

    def __call__(self, record_ids: pa.Array, columns: list[str]) -> pa.Table:
        """Those columns of those records, with `record_id`, in the order asked for."""
        at = pc.index_in(record_ids, value_set=self._ids)
        if at.null_count:
            raise KeyError(f"{at.null_count} records asked for are not among those that go on")
        places = at.to_numpy(zero_copy_only=False).astype(np.int64)
        found = {"record_id": record_ids}
        for memo, chosen, own in (
            (self._signatures, self._signed, [c for c in columns if c in SIGNATURES.names and c != "record_id"]),
            (self._state.memo, self._state.documents, [c for c in columns if c not in SIGNATURES.names]),
        ):
            if own:
                table = memo.narrow(chosen.take(places), own)
                found |= {name: table[name] for name in own}
        return pa.table(found)
