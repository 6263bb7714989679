import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.publish.multiset import WIDTH, SortedDigests


@settings(deadline=None)
@given(st.lists(st.integers(0, 20), max_size=60), st.integers(1, 10), st.integers(1, 7))
def test_gives_all_back_in_order_whether_or_not_they_went_to_disk(numbers, limit, at_once):
    digests = [hashlib.sha256(bytes([number])).digest()[:WIDTH] for number in numbers]
    digests += [bytes(WIDTH), b"\xff" * WIDTH, b"a" + bytes(WIDTH - 1)]  # zeros at the end are digits like others
    held, spilled = SortedDigests(), SortedDigests(limit)
    for start in range(0, len(digests), at_once):
        held.add(b"".join(digests[start : start + at_once]))
        spilled.add(b"".join(digests[start : start + at_once]))
    assert b"".join(held) == b"".join(spilled) == b"".join(sorted(digests))
    assert held.count == spilled.count == len(digests)


def test_nothing_gives_nothing():
    assert b"".join(SortedDigests()) == b""
