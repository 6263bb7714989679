"""The last matching [[source]] is a file's own."""

from __future__ import annotations

import pytest

from corpus.errors import SettingsError
from corpus.ingest import source_of
from corpus.sections import Source


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*.txt", "a.txt", True),
        ("*.txt", "a/b.txt", False),
        ("a/*", "a/b.txt", True),
        ("a/*", "a/b/c.txt", False),
        ("a/**", "a/b/c.txt", True),
        ("a/", "a/b/c.txt", True),
        ("a/**/c.txt", "a/c.txt", True),
        ("a/**/c.txt", "a/x/y/c.txt", True),
        ("a/**/c.txt", "ab/c.txt", False),
        ("**/*.html", "x.html", True),
        ("**/*.html", "a/b/x.html", True),
        ("**", "a/.hidden", True),
        ("a?c.txt", "abc.txt", True),
        ("a?c.txt", "a/c.txt", False),
        ("[ab].txt", "a.txt", True),
        ("[!ab].txt", "a.txt", False),
        ("[!ab].txt", "c.txt", True),
        ("[0-9]x", "1x", True),
        ("a.txt", "aXtxt", False),
        ("a+(b).txt", "a+(b).txt", True),
        ("./a/*.md", "a/x.md", True),
        ("*.zip", "news.zip!/a/b.html", True),
        ("*.zip!/a/*.html", "news.zip!/a/b.html", True),
        ("[z", "[z", True),
    ],
)
def test_a_glob_stops_at_slashes_but_for_two_stars(pattern: str, path: str, matches: bool) -> None:
    assert (source_of(path, (Source(path=pattern, name="it"),)).name == "it") is matches


def test_the_last_match_wins() -> None:
    sources = (Source(path="**", name="all"), Source(path="a/**", name="a"), Source(path="b/**", name="b"))
    assert [source_of(path, sources).name for path in ("a/x", "b/x", "c/x")] == ["a", "b", "all"]


def test_without_a_match_the_first_folder_or_the_file_gives_the_name() -> None:
    assert source_of("bbc/2024/x.txt", ()).name == "bbc"
    assert source_of("x.txt", ()).name == "x.txt"
    assert source_of("news.zip!/a/b.html", ()).name == "news.zip"
    assert source_of("bbc/x", ()).path == "bbc/**"


def test_a_pattern_that_is_none_is_an_error_of_the_settings() -> None:
    with pytest.raises(SettingsError, match=r"\[z-a\]"):
        source_of("x", (Source(path="[z-a]", name="it"),))
