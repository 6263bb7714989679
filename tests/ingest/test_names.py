"""raw_path is printable, and the way back is exact."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.ingest.names import MEMBER, printable, system_path

NAMES = st.lists(
    st.binary(min_size=1, max_size=12).map(lambda name: name.replace(b"/", b"_").replace(b"\0", b"_"))
    | st.sampled_from([b"a!", b"\\xe9", b"\xe9", b"100% sure.txt", b"\\", b"\\x5cxe9", "ü.txt".encode(), b"\n"]),
    min_size=1,
    max_size=4,
).map(b"/".join)


@given(NAMES)
def test_the_way_back_is_exact_and_the_name_can_stand_in_arrow(name: bytes) -> None:
    shown = printable(os.fsdecode(name))
    assert os.fsencode(system_path(shown)) == name
    assert shown.encode("utf-8")
    assert MEMBER not in shown


@pytest.mark.parametrize("name", ["a/b.txt", "100% sure!.txt", "naïve/日本.md", "a b\\c", "%C3%A9.html"])
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert printable(name) == name


def test_a_member_is_no_part_of_its_archives_path() -> None:
    assert system_path("news.zip!/a/b.html") == "news.zip"
    assert printable("news!/a") == "news\\x21/a"
