"""Sorting, tying and looking up give what comparing everything with everything would."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dedup.forest import find_all
from corpus.dedup.link_kernels import tie_equals
from corpus.dedup.lookup import places_of
from corpus.dedup.sorting import by_label, least_of_equals
from corpus.dedup.word_kernels import paragraph_end
from tests.dedup import plain

ALIKE = st.sampled_from([0, 1, 2, 2**40, 2**63, 2**63 + 1, 2**63 + 2])
"""Hashes that are none, or differ in their last bits alone, as if made on purpose."""


@given(st.lists(st.integers(-1, 9), max_size=40))
@settings(deadline=None)
def test_labels_are_ordered_as_a_stable_sort_does(labels: list[int]) -> None:
    assert by_label(np.array(labels, np.int64), 10).tolist() == sorted(range(len(labels)), key=labels.__getitem__)


@given(st.lists(st.tuples(st.integers(-1, 5), st.integers(0, 2**40)), max_size=40, unique_by=lambda pair: pair[1]))
@settings(deadline=None)
def test_the_least_of_each_label_stands_for_it(pairs: list[tuple[int, int]]) -> None:
    labels, order = np.array(pairs, np.int64).reshape(-1, 2).T.copy()
    first = [min(range(len(pairs)), key=lambda k, x=x: (pairs[k][0] != x, pairs[k][1])) for x, _ in pairs]
    assert least_of_equals(labels, order).tolist() == first


@given(st.integers(1, 12), st.data())
@settings(deadline=None)
def test_records_of_equal_values_hang_together(count: int, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.one_of(ALIKE, st.integers(0, 2**64 - 1)), min_size=3 * count, max_size=3 * count))
    forest = np.arange(count)
    first = tie_equals(np.array(values, np.uint64), forest)
    equal = [(i % count, k % count) for k in range(len(values)) for i in range(k) if values[i] == values[k] != 0]
    find_all(forest)
    assert forest.tolist() == plain.components(count, equal)
    assert first.tolist() == [v != 0 and v not in values[:k] for k, v in enumerate(values)]


@given(*(st.lists(st.text("abé\0longerid", max_size=20), unique=True, max_size=20) for _ in range(2)), st.booleans())
@settings(deadline=None)
def test_ids_are_found_whatever_their_order(some: list[str], others: list[str], ascending: bool) -> None:
    among = [*others, *some[::2]] if not set(others) & set(some[::2]) else others
    if ascending:
        some, among = sorted(some, key=str.encode), sorted(among, key=str.encode)
    found = places_of(pa.array(some, pa.string()), pa.array(among, pa.string())).tolist()
    assert found == [among.index(one) if one in among else -1 for one in some]


@given(st.text("a\n", max_size=40), st.integers(0, 5))
@settings(deadline=None)
def test_a_paragraph_ends_at_two_line_feeds(text: str, start: int) -> None:
    data, begin = np.frombuffer(text.encode(), np.uint8), min(start, len(text))
    found = text.find("\n\n", begin)
    assert paragraph_end(data, begin, len(text)) == (found if found >= 0 else len(text))
