"""What a change to the corpus touches, what is decided on it, and how that goes together with what is kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.bands import MinHashes
from corpus.dedup.given import Given, one_array
from corpus.dedup.kept import KEPT, KEPT_DERIVED, Kept, rows_as_binary
from corpus.dedup.links import FloodError, Ties, links_of, tied_to
from corpus.dedup.part import Part
from corpus.dedup.recounting import Holding, Stood, hold_all, hold_changed
from corpus.sections import Dedup
from corpus.working import FOLDS

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
MOST = 0.5
"""Share of the corpus up to which a part of it is decided on by itself."""
CONTAINS = "winnowing_containment"
ORDER = [(name, "ascending") for name in ("article_id", "kind", "from_record_id", "evidence")]


@dataclass(frozen=True)
class Change:
    """`before`: what is kept; `old`: of each record its row there where it is not decided on anew, else -1; `gone`: the
    record ids whose rows there hold no longer; `part`: the records that are decided on anew; `holding`: who may hold
    whom."""

    given: Given
    before: Kept
    old: Ints
    gone: pa.Array
    part: Part
    holding: Holding

    def kept(self) -> Kept:
        """What was kept and what is new, in one."""
        folds, derived = self.part.rows(self.holding.pairs)
        return Kept(self._records(folds), self._derived(derived))

    def _records(self, folds: pa.Table) -> pa.Table:
        part, old, count = self.part, self.old, len(self.old)
        number = np.full(self.before.records.num_rows, -1)
        number[old[old >= 0]] = np.flatnonzero(old >= 0)
        columns = {
            "record_id": self.given.record_id,
            "fact": pa.array(self.given.fact),
            "measured": self.given.measured,
        }
        corpus = part.work.corpus
        for name, new in (("component", part.component), ("root", part.roots), ("n_shingles", corpus.n_shingles)):
            values = self.before.numbers(name)
            whole = np.empty(count, np.int64)
            whole[old >= 0] = (values if name == "n_shingles" else number[values])[old[old >= 0]]
            whole[part.records] = new
            columns[name] = pa.array(whole)
        columns["uncommon"] = pa.array(self.holding.uncommon)
        table = pa.table(
            {
                "leads": pa.array(part.ties.leads),
                "crowded": pa.array(part.proposals.crowded),
                "links": rows_as_binary(part.ties.links),
                "sketch": rows_as_binary(part.ties.sketch),
                **{name: folds[name] for name in FOLDS.names if name != "record_id"},
            }
        )
        place = np.where(old >= 0, old, 0)
        place[part.records] = self.before.records.num_rows + np.arange(len(part.records))
        rows = table
        if len(part.records) < count:
            both = pa.concat_tables([self.before.records.select(table.column_names), table])
            rows = both.take(pa.array(place))
        columns |= {name: rows[name] for name in table.column_names}
        return pa.table([columns[name] for name in KEPT.names], schema=KEPT)

    def _derived(self, derived: pa.Table) -> pa.Table:
        """Rows about a record that is decided on anew go, and so do those on who holds whom of a record whose proposals
        were made anew."""
        before = self.before.derived
        if before.num_rows:
            ids = self.given.record_id
            anew = pa.concat_arrays([ids.take(pa.array(self.part.records)), self.gone])
            holders = ids.take(pa.array(np.flatnonzero(self.holding.dirty)))
            holds = pc.equal(before["method"], CONTAINS)
            touched = pc.is_in(before["holder"], value_set=anew)
            held = pa.concat_arrays([holders, self.gone])
            moved = pc.or_(*(pc.is_in(before[name], value_set=held) for name in ("holder", "from_record_id")))
            before = before.filter(pc.invert(pc.if_else(holds, moved, touched)))
        return pa.concat_tables([before, derived]).combine_chunks().sort_by(ORDER)


def everything(given: Given, settings: Dedup) -> Change:
    """All records are new."""
    count = len(given.record_id)
    part = Part.of(given, np.arange(count), settings)
    stands = np.zeros(count, np.bool_)
    stands[part.stands] = True
    nothing = Kept(KEPT.empty_table(), KEPT_DERIVED.empty_table())
    holding = hold_all(given, stands, part.work.corpus.n_shingles)
    return Change(given, nothing, np.full(count, -1), pa.array([], pa.string()), part, holding)


def change_of(given: Given, kept: Kept, settings: Dedup) -> Change:
    """What changed since, and what that touches.

    Raises FloodError where so many texts look alike that this can't be told, or where it is most of the corpus;
    KeyError where the signature of a record that is gone is forgotten.
    """
    count = len(given.record_id)
    old = pc.fill_null(pc.index_in(pa.array(given.fact), value_set=kept.records["fact"]), -1)
    old = np.asarray(old.to_numpy(zero_copy_only=False), np.int64)
    stays = np.zeros(kept.records.num_rows, np.bool_)
    stays[old[old >= 0]] = True
    component, new = kept.numbers("component"), np.flatnonzero(old < 0)
    touched = ~stays
    if len(new):
        touched |= tied_to(_ties(kept), _new_ties(given, new, settings), settings)
    touched = _whole(component, touched)
    if kept.flags("crowded")[touched].any():
        raise FloodError
    there = np.where(old >= 0, old, 0)
    records = np.flatnonzero((old < 0) | touched[there])
    if len(records) > MOST * count:
        raise FloodError
    part = Part.of(given, records, settings)
    holding = _holding(given, kept, old, stays, part)
    ends = np.unique(np.concatenate(holding.pairs))
    others = np.zeros(len(stays), np.bool_)
    others[old[ends[old[ends] >= 0]]] = True
    others = _whole(component, others) & ~touched
    if others.any():
        if kept.flags("crowded")[others].any():
            raise FloodError
        records = np.flatnonzero((old < 0) | touched[there] | others[there])
        part = Part.of(given, records, settings)
    rows = old.copy()
    rows[part.records] = -1
    gone = kept.records["record_id"].filter(pa.array(~stays))
    return Change(given, kept, rows, pa.concat_arrays([pa.array([], pa.string()), *gone.chunks]), part, holding)


def _whole(component: Ints, some: Flags) -> Flags:
    """All rows of the components of some."""
    label = np.zeros(len(component), np.bool_)
    label[component[some]] = True
    return np.asarray(label[component], np.bool_)


def _ties(kept: Kept) -> Ties:
    links, sketch = kept.matrix("links", np.uint64), kept.matrix("sketch", np.uint8)
    return Ties(links, sketch, kept.flags("leads"))


def _new_ties(given: Given, new: Ints, settings: Dedup) -> Ties:
    keys, signatures = given.keys(new), given.signatures(new)
    sketch = MinHashes.read(signatures["minhash"], np.arange(len(new)), settings.permutations).sketch()
    leads = np.asarray(pc.greater(signatures["n_shingles"], 0).to_numpy(), np.bool_)
    return Ties(links_of(keys, signatures, sketch), sketch, leads)


def _holding(given: Given, kept: Kept, old: Ints, stays: Flags, part: Part) -> Holding:
    """Who may hold whom, of those that are touched and of those whose proposals change with them."""
    stood = kept.numbers("root") == np.arange(len(stays))
    known, shingles, uncommon = old >= 0, kept.numbers("n_shingles"), kept.numbers("uncommon")
    there = np.where(known, old, 0)
    length = np.where(known, shingles[there], 0)
    length[part.records] = part.work.corpus.n_shingles
    before = known & stood[there] & (length > 0)
    now, anew = before.copy(), np.zeros(len(old), np.bool_)
    now[part.records], anew[part.records] = False, True
    now[part.stands] = length[part.stands] > 0
    gone = np.flatnonzero(~stays & stood & (shingles > 0))
    measured = kept.records["measured"].take(pa.array(gone))
    return hold_changed(
        given,
        Stood(before, now, length, np.where(known, uncommon[there], 0), one_array(measured), shingles[gone]),
        anew,
    )
