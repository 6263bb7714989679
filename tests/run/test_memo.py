"""Remembered rows: what is written is found again, in any order, in bounded stretches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.run import memo as memo_module
from corpus.run.memo import KEY, Memo, prune, stretches
from corpus.shards import ARROW, PARQUET, read_rows, write_shard

SCHEMA = pa.schema([("value", pa.int64()), ("text", pa.list_(pa.string()))])


def key(number: int) -> bytes:
    return number.to_bytes(16, "big")


def shard(memo: Memo, numbers: list[int]) -> Path:
    table = pa.table(
        {
            "key": pa.array([key(n) for n in numbers], KEY),
            "value": pa.array(numbers, pa.int64()),
            "text": pa.array([[str(n)] * (n % 3) for n in numbers], pa.list_(pa.string())),
        }
    )
    path = memo.new_shard()
    write_shard(path, table)
    memo.refresh()
    return path


def keys(numbers: list[int]) -> pa.Array:
    return pa.array([key(n) for n in numbers], KEY)


@pytest.mark.parametrize("suffix", [PARQUET, ARROW])
@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 500), min_size=1, max_size=40, unique=True), min_size=1, max_size=4), st.randoms()
)
def test_rows_come_back_in_the_order_asked_for(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, shards, random
) -> None:
    memo = Memo(tmp_path_factory.mktemp("memo"), SCHEMA, suffix)
    for numbers in shards:
        shard(memo, numbers)
    wanted = sorted({n for numbers in shards for n in numbers})
    random.shuffle(wanted)
    places = memo.select(keys(wanted))
    assert memo.narrow(places, ["value"])["value"].to_pylist() == wanted


def test_a_stream_is_the_same_rows_whatever_the_stretches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memo = Memo(tmp_path / "memo", SCHEMA)
    shard(memo, list(range(0, 300, 2)))
    shard(memo, list(range(1, 300, 2)))
    wanted = list(np.random.default_rng(1).permutation(300))
    places = memo.select(keys([int(n) for n in wanted]))
    monkeypatch.setattr(memo_module, "ROWS_AT_ONCE", 37)
    parts = list(memo.stream(places, ["value", "text"], np.ones(300), tmp_path / "scratch"))
    assert max(part.num_rows for part in parts) == 37
    whole = pa.concat_tables(parts)
    assert whole["value"].to_pylist() == wanted
    assert whole["text"].to_pylist() == [[str(n)] * (n % 3) for n in wanted]
    assert not list((tmp_path / "scratch").iterdir())


def test_unknown_keys_are_told_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    memo = Memo(tmp_path, SCHEMA)
    shard(memo, [1, 2])
    assert memo.unknown(keys([2, 3, 1, 4])).tolist() == [1, 3]
    with pytest.raises(KeyError, match="1 of 2 keys"):
        memo.select(keys([1, 9]))


def test_a_broken_shard_is_forgotten_and_a_half_written_one_is_not_seen(tmp_path: Path) -> None:
    memo = Memo(tmp_path, SCHEMA)
    path = shard(memo, [1, 2])
    path.write_bytes(path.read_bytes()[:50])
    (tmp_path / ".half.parquet.1.tmp").write_bytes(b"PAR1")
    assert memo.unknown(keys([1])).tolist() == []
    again = Memo(tmp_path, SCHEMA)
    assert again.unknown(keys([1])).tolist() == [0]
    assert not path.exists()


def test_all_rows_counts_a_key_written_twice_once(tmp_path: Path) -> None:
    memo = Memo(tmp_path, SCHEMA)
    for _ in range(2):
        table = pa.table(
            {"key": pa.array([key(1), key(1), key(2)], KEY), "value": [10, 11, 20], "text": [[], [], []]},
            schema=memo.schema,
        )
        write_shard(memo.new_shard(), table)
        memo.refresh()
    assert sorted(memo.all_rows(keys([1]), ["value"])["value"].to_pylist()) == [10, 11]


def test_read_rows_reads_over_row_groups(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    write_shard(path, pa.table({"value": list(range(2000))}))
    rows = np.array([0, 511, 512, 1023, 1999])
    assert read_rows(path, rows, ["value"])["value"].to_pylist() == rows.tolist()


def test_stretches_are_bounded_by_weight_and_cover_all() -> None:
    weights = np.array([memo_module.BYTES_AT_ONCE, 1, 1, memo_module.BYTES_AT_ONCE])
    assert stretches(weights).tolist() == [0, 1, 3, 4]
    assert stretches(np.empty(0)).tolist() == [0]


def test_prune_keeps_the_present_fingerprint_and_the_last_few(tmp_path: Path) -> None:
    for n, name in enumerate("abcde"):
        (tmp_path / name).mkdir()
        import os

        os.utime(tmp_path / name, ns=(n, n))
    prune(tmp_path, keep="a")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "d", "e"]


@pytest.mark.parametrize("suffix", [PARQUET, ARROW])
def test_a_shard_that_is_not_whole_is_forgotten(tmp_path: Path, suffix: str) -> None:
    memo = Memo(tmp_path / "memo", SCHEMA, suffix)
    whole, torn = shard(memo, [1, 2, 3]), shard(memo, [4, 5])
    torn.write_bytes(torn.read_bytes()[:-20])
    again = Memo(tmp_path / "memo", SCHEMA, suffix)
    assert len(again) == 3
    assert whole.exists() and not torn.exists()
