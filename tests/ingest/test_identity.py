"""Ids come from what a record is, never from where it stands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.ingest import identify
from corpus.working import INPUTS
from tests.ingest.conftest import read_bytes

LINES = st.lists(
    st.fixed_dictionaries(
        {"text": st.sampled_from(["one", "two", ""])}, optional={"id": st.sampled_from(["a", "b", 7, None])}
    ).map(json.dumps)
    | st.sampled_from(["broken", "[]", ""]),
    min_size=1,
    max_size=12,
)


def pairs(rows: list[dict]) -> list[tuple[str, str]]:
    return sorted((row["record_id"], row["sha256"]) for row in rows)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=LINES, data=st.data())
def test_permuting_the_lines_permutes_the_ids_with_them(raw: Path, lines: list[str], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(lines))
    before = read_bytes(raw, "a.jsonl", "\n".join(lines).encode())
    after = read_bytes(raw, "a.jsonl", ("\r\n".join(shuffled) + "\n").encode())
    if any(line.strip() for line in lines):
        assert pairs(before) == pairs(after)
    ids = [row["record_id"] for row in before]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("r_[0-9a-f]{32}", found) for found in ids)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=LINES, new=st.integers())
def test_a_new_line_renames_nobody_but_who_has_its_id(raw: Path, lines: list[str], new: int) -> None:
    before = read_bytes(raw, "a.jsonl", "\n".join(lines).encode())
    line = json.dumps({"id": f"new {new}", "text": "another"})
    after = read_bytes(raw, "a.jsonl", "\n".join([line, *lines]).encode())
    if any(map(str.strip, lines)):
        assert {row["record_id"] for row in before} <= {row["record_id"] for row in after}


def ids_of(*rows: dict) -> list[str]:
    filled = [dict.fromkeys(INPUTS.names) | {"raw_path": "a", "entry": n} | row for n, row in enumerate(rows)]
    return identify(pa.Table.from_pylist(filled, INPUTS)).to_pylist()


def test_an_own_id_outlives_a_change_of_its_payload_while_it_is_the_only_one() -> None:
    (one,), (two,) = ids_of({"own_id": "k", "sha256": "1"}), ids_of({"own_id": "k", "sha256": "2"})
    assert one == two
    three, four = ids_of({"own_id": "k", "sha256": "1"}, {"own_id": "k", "sha256": "2"})
    assert len({one, three, four}) == 3


def test_ids_differ_by_path_member_key_payload_and_rule() -> None:
    reason = [{"rule": "unreadable", "value": "", "threshold": ""}]
    rows = [
        {"sha256": "1"}, {"raw_path": "b", "sha256": "1"}, {"raw_path": "a!/m", "sha256": "1"}, {"sha256": "2"},
        {"own_id": "1", "sha256": "1"}, {"reasons": reason}, {"reasons": [reason[0] | {"rule": "oversized_file"}]},
    ]  # fmt: skip
    assert len({ids_of(row)[0] for row in rows}) == len(rows)


def test_equals_are_told_apart_in_the_files_order_whatever_the_tables() -> None:
    first, second = ids_of({"sha256": "1", "entry": 0}, {"sha256": "1", "entry": 1})
    assert ids_of({"sha256": "1", "entry": 1}, {"sha256": "1", "entry": 0}) == [second, first]


def test_an_id_is_what_it_was() -> None:
    """A change here renames every record of every release: it needs a new schema version."""
    assert ids_of({"raw_path": "news/a.txt", "sha256": "ab" * 32}) == ["r_06b577ef217989c33bb4336b0a47d80a"]


def test_no_rows_have_no_ids() -> None:
    assert identify(INPUTS.empty_table()).to_pylist() == []
