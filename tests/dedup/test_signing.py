"""`sign`: one row per text, whatever batch it comes in."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dedup import sign
from corpus.dedup.signing import buffers
from corpus.dedup.wide import numbers_of
from corpus.sections import Dedup
from corpus.working import SIGNATURES
from tests.dedup.articles import prose


def batch(texts: list[str | None], kind: pa.DataType | None = None) -> pa.RecordBatch:
    return pa.record_batch(
        {"record_id": [f"r{i}" for i in range(len(texts))], "text": pa.array(texts, kind or pa.string())}
    )


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=40), st.integers(0, 9).map(prose)), max_size=8), st.integers(1, 8)
)
@settings(deadline=None)
def test_any_split_of_the_rows_gives_the_same_rows(texts: list[str | None], size: int) -> None:
    whole = batch(texts)
    parts = [sign(whole.slice(start, size), Dedup()) for start in range(0, len(texts), size)]
    assert pa.Table.from_batches(parts, SIGNATURES).equals(pa.Table.from_batches([sign(whole, Dedup())]))


def test_large_strings_are_read_like_strings() -> None:
    texts = ["one two three four five six", None, "漢字 mixed with words"]
    assert sign(batch(texts), Dedup()).equals(sign(batch(texts, pa.large_string()), Dedup()))


def test_a_batch_without_rows_gives_none() -> None:
    assert sign(batch([]), Dedup()).schema == SIGNATURES
    assert sign(batch([]), Dedup()).num_rows == 0


@pytest.mark.parametrize("text", ["", "...", None])
def test_a_text_without_words_has_no_shingles(text: str | None) -> None:
    row = sign(batch([text]), Dedup()).to_pylist()[0]
    assert row["n_shingles"] == 0
    assert row["shingles"] == row["samples"] == b""


@pytest.mark.parametrize("count", [64, 128, 256])
def test_a_signature_has_as_many_values_as_asked_for(count: int) -> None:
    row = sign(batch([prose(1)]), Dedup(permutations=count)).to_pylist()[0]
    assert len(row["minhash"]) == 4 * count


def test_kernels_see_one_type_of_array_whether_or_not_a_buffer_could_be_written() -> None:
    whole = pa.array([b"12345678", b"abcdefgh"], pa.binary())
    data = pa.allocate_buffer(16)
    np.frombuffer(data, np.uint8)[:] = np.frombuffer(b"12345678abcdefgh", np.uint8)
    read = pa.Array.from_buffers(pa.binary(), 2, [None, whole.buffers()[1], data])
    text = pa.Array.from_buffers(pa.string(), 2, [None, whole.buffers()[1], data])
    assert data.is_mutable and read.equals(whole)
    assert not any(numbers_of(column)[1].flags.writeable for column in (whole, read, whole.slice(0, 0)))
    assert not any(buffers(texts)[1].flags.writeable for texts in (text, pa.array(["a"]), pa.array([], pa.string())))
