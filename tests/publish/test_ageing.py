"""Files of old rows are large and few, those of young rows small, and what lies in them stays there."""

from itertools import accumulate, pairwise

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from corpus.publish.ageing import LEAST, PART, Coming, allowed, file_sizes, merged_files
from corpus.publish.places import Places


@given(st.integers(0, 200_000), st.integers(500, 20_000))
def test_the_files_of_new_rows_hold_them_all_and_none_is_larger_than_its_age_allows(count, most):
    sizes = file_sizes(count, most)
    assert sum(sizes) == count and all(sizes)
    after = [count - end for end in accumulate(sizes)]
    assert all(size <= allowed(rows, most) for size, rows in list(zip(sizes, after, strict=True))[1:])
    assert all(size <= most for size in sizes)


def test_a_million_rows_lie_in_few_files_and_the_newest_hundreds_in_a_file_of_their_own():
    sizes = file_sizes(1_000_000, 10_000)
    assert len(sizes) < 140 and sizes[1] == 10_000 and sizes[-1] == LEAST
    assert file_sizes(100, 10_000) == [100] and file_sizes(0, 10_000) == []


@given(st.integers(0, 50_000), st.integers(0, 400))
def test_files_that_were_just_cut_are_not_merged_when_a_little_comes(count, new):
    assert set(merged_files(file_sizes(count, 10_000), new, 10_000)) <= {1}


@given(st.lists(st.integers(1, 400), min_size=1, max_size=80))
def test_after_many_releases_there_are_few_files_none_too_large_and_most_rows_were_left_alone(comings):
    sizes, rewritten = [], 0
    for new in comings:
        ends = [sum(merged_files(sizes, new, 1000)[: n + 1]) for n in range(len(merged_files(sizes, new, 1000)))]
        now = [sum(sizes[a:b]) for a, b in pairwise([0, *ends])]
        rewritten += sum(sum(sizes[a:b]) for a, b in pairwise([0, *ends]) if b - a > 1)
        sizes = now + file_sizes(new, 1000)
    total = sum(comings)
    assert sum(sizes) == total
    assert max(sizes) <= max(1000, LEAST)
    assert len(sizes) <= 8 * PART + 4 * total / 1000 + total / LEAST / 2
    assert rewritten <= 12 * total + LEAST * len(comings)


def test_each_new_id_has_the_number_of_its_file_and_old_ones_have_none():
    ids = pa.chunked_array([[f"a{n}" for n in range(300)]])
    coming = Coming.of(ids, Places(ids.slice(0, 40)), 10_000)
    assert len(coming.old) == 40 and coming.ends.tolist() == [135, 260]
    assert coming.file(pa.array(["a40", "a174", "a175", "a299", "a3"])).tolist() == [0, 0, 1, 1, 0]
