"""The kernels on texts do what their plain twins do, for any Unicode text."""

import hashlib
import itertools
import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dedup import sign
from corpus.dedup.characters import characters
from corpus.dedup.passages import holds, index_of, span_of
from corpus.dedup.signing import buffers
from corpus.dedup.sorting import BUCKETS, distinct, in_order
from corpus.sections import Dedup
from tests.dedup import plain

LETTERS = st.sampled_from("aZ9 _-.'é ÉßΣσς İıЖжあア漢字ไทย한글🙂\u0301\u00a0\u2019ⱥȺ")
ASCII = st.sampled_from("aaaaazzAZ09_/:@[`{ ,\n\x7f")
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(LETTERS, max_size=80),
    st.text(ASCII, max_size=80),  # eight at a time, with the neighbours of letters and digits, and long words
    st.lists(st.sampled_from("the a of market rose fell 3.4 percent on Monday".split()), max_size=60).map(" ".join),
)


def signature(text: str | None, **given) -> dict:
    settings = Dedup(**given)
    batch = pa.record_batch({"record_id": ["r"], "text": pa.array([text], pa.string())})
    row = sign(batch, settings).to_pylist()[0]
    numbers = {"minhash": "<u4", "samples": "<u8", "shingles": "<u8"}
    return row | {name: np.frombuffer(row[name], kind).tolist() for name, kind in numbers.items()}


@given(TEXTS, st.sampled_from([1, 3, 16]))
@settings(max_examples=300, deadline=None)
def test_a_signature_is_that_of_the_plain_twin(text: str, window: int) -> None:
    made = signature(text, contained_window=window, permutations=64)
    normal = "".join(f"{word} " for word in plain.words(text))
    assert made["words_sha256"] == hashlib.sha256(normal.encode()).hexdigest()
    assert made["shingles"] == sorted(set(plain.shingles(text)))
    assert made["n_shingles"] == len(made["shingles"])
    assert made["samples"] == plain.samples(text, window)
    assert made["minhash"] == plain.minhash(text, 64)


@given(st.text(st.characters(max_codepoint=0x2FF, exclude_characters="İ"), max_size=80))
@settings(deadline=None)
def test_words_of_an_alphabet_are_those_of_a_regular_expression(text: str) -> None:
    assert plain.words(text) == re.findall(r"\w+", text.lower())


@given(TEXTS)
@settings(deadline=None)
def test_spans_of_words_count_code_points(text: str) -> None:
    offsets, data = buffers(pa.array([text], pa.string()))
    words = plain.tokens(text)
    for first, stop in itertools.combinations(range(len(words) + 1), 2):
        found = span_of(data, offsets[0], offsets[1], characters().kind, first, stop)
        assert found == (words[first][1], words[stop - 1][2])


@given(st.lists(st.integers(0, 2**64 - 1), max_size=60), st.lists(st.integers(0, 2**64 - 1), max_size=20))
@settings(deadline=None)
def test_an_index_finds_the_members_and_no_others(members: list[int], others: list[int]) -> None:
    kept = np.array(sorted({*members, *(m - 1 for m in members if m % 3)}), np.uint64)
    for room in (5, 1025):
        index = np.empty(room, np.int64)
        shift = index_of(kept, index)
        for value in (*kept.tolist(), *others, 0, 2**64 - 1):
            assert holds(kept, index, shift, np.uint64(value)) == (value in kept.tolist())


def test_bytes_that_are_no_utf8_stay_inside_their_text() -> None:
    whole = pa.array(["word \u6f22", "other words"], pa.string())
    _, offsets, data = whole.buffers()
    cut = np.frombuffer(offsets, np.int32)[:3].copy()
    cut[1] -= 1  # the first text ends inside a character
    broken = pa.Array.from_buffers(pa.string(), 2, [None, pa.py_buffer(cut), data])
    made = sign(pa.record_batch({"record_id": ["a", "b"], "text": broken}), Dedup())
    assert made["n_shingles"].to_pylist() == [1, 1]


@given(st.lists(st.integers(0, 2**64 - 1), max_size=300), st.integers(0, 63))
@settings(deadline=None)
def test_hashes_are_sorted_and_distinct_however_alike_they_are(values: list[int], shift: int) -> None:
    array = np.array(values, np.uint64) >> np.uint64(shift)
    wanted = np.unique(array)
    counts = np.zeros(BUCKETS, np.int64)
    count = distinct(array, np.empty(BUCKETS, np.uint64), counts)
    assert array[:count].tolist() == wanted.tolist()
    assert not counts.any()


def test_more_hashes_than_there_are_buckets_are_sorted_too() -> None:
    array = np.random.default_rng(1).integers(0, 2**64, 3 * BUCKETS, dtype=np.uint64)
    wanted = np.unique(array)
    assert distinct(array, np.empty(BUCKETS, np.uint64), np.zeros(BUCKETS, np.int64)) == len(wanted)
    assert np.array_equal(array[: len(wanted)], wanted)


@pytest.mark.parametrize("count", [0, 1, 5000, 40_000])
@pytest.mark.parametrize("alike", [0, 20, 50])
def test_many_hashes_are_sorted_part_by_part(count: int, alike: int) -> None:
    values = np.random.default_rng(count).integers(0, 2**64, count, dtype=np.uint64)
    values[: count // 2] >>= np.uint64(alike)  # half of them share their first bits
    out = np.empty_like(values)
    in_order(values, out)
    assert np.array_equal(out, np.sort(values))


def test_a_text_without_spaces_has_a_shingle_for_each_five_characters() -> None:
    text = "東京都は新しい計画を発表した"
    assert signature(text)["n_shingles"] == len(text) - 4
    assert signature("ประเทศไทย")["n_shingles"] >= 4


def test_case_punctuation_and_space_do_not_count() -> None:
    a, b = signature("Stocks ROSE, on Monday - again!"), signature("stocks rose on\n\nmonday again")
    assert a["words_sha256"] == b["words_sha256"]
    assert signature("stocks rose on monday")["words_sha256"] != a["words_sha256"]
