from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.columns import FATES, REASONS
from corpus.errors import LedgerError
from corpus.report.funnel import Funnel, Step, deciding_rules, funnel_of, read_funnel

LEDGERS = st.lists(
    st.tuples(st.sampled_from(FATES), st.lists(st.sampled_from(["short", "binary", "near"]), max_size=3))
)


def ledger(rows: list[tuple[str, list[str]]]) -> pa.Table:
    reasons = [[{"rule": rule, "value": "1", "threshold": "2"} for rule in rules] for _, rules in rows]
    return pa.table({"fate": pa.array([fate for fate, _ in rows], pa.string()), "reasons": pa.array(reasons, REASONS)})


@settings(deadline=None)
@given(LEDGERS, st.integers(1, 5))
def test_the_steps_sum_exactly_however_the_ledger_is_split(rows, size):
    table = ledger(rows)
    funnel = funnel_of(table.to_batches(max_chunksize=size))
    assert funnel == funnel_of([table])
    assert funnel.inputs == len(rows)
    assert funnel.inputs - sum(step.records for step in funnel.steps) == funnel.published
    assert {fate: funnel.of(fate) for fate in FATES} == {fate: [f for f, _ in rows].count(fate) for fate in FATES}


@settings(deadline=None)
@given(LEDGERS, st.integers(0, 4))
def test_the_first_reason_decides_also_in_a_slice(rows, skip):
    rules = deciding_rules(ledger(rows)["reasons"].combine_chunks()[skip:])
    assert rules.to_pylist() == [rules[0] if rules else None for _, rules in rows[skip:]]


def test_a_record_with_two_reasons_is_counted_once():
    funnel = funnel_of([ledger([("rejected", ["short", "binary"]), ("rejected", ["short"]), ("published", [])])])
    assert funnel.steps == (Step("rejected", "short", 2),)
    assert [row["left"] for row in funnel.rows()] == [3, 1, 1]


def test_a_funnel_that_loses_a_record_is_refused():
    with pytest.raises(LedgerError, match="does"):
        Funnel(3, 1, (Step("rejected", "short", 1),))


def test_an_unknown_fate_is_refused():
    with pytest.raises(LedgerError, match="'lost'"):
        funnel_of([ledger([("lost", [])])])


def test_no_records_make_an_empty_funnel():
    assert funnel_of([]) == Funnel(0, 0, ())


def test_a_release_is_read_file_by_file(tmp_path: Path):
    (tmp_path / "records").mkdir()
    for n, fate in enumerate(("published", "duplicate")):
        pq.write_table(ledger([(fate, ["near"])]), tmp_path / "records" / f"train-{n:05}.parquet")
    assert read_funnel(tmp_path) == Funnel(2, 1, (Step("duplicate", "near", 1),))
