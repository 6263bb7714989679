"""What the HTTP headers of a stored response add to what its page says."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.document import Facts, Right, When
from corpus.clean.transport import with_headers

BY = "https://creativecommons.org/licenses/by/4.0/"
DAY = datetime(2021, 4, 13, 8, 30, tzinfo=UTC)


def rights(*headers: str) -> set[tuple[str, str, str]]:
    return {(right.signal, right.value, right.where) for right in with_headers(Facts(), headers).rights}


def test_rights_of_the_headers_are_listed_with_where_they_were_seen():
    assert rights("tdm-reservation: 1", "tdm-policy: https://a.example/tdm.json", "server: x", "nonsense") == {
        ("tdm-reservation", "1", "http tdm-reservation"),
        ("tdm-policy", "https://a.example/tdm.json", "http tdm-policy"),
    }
    assert rights("x-robots-tag: noindex, NOAI", "x-robots-tag: googlebot: noimageai") == {
        ("robots", "noindex, NOAI", "http x-robots-tag"),
        ("noai", "true", "http x-robots-tag"),
        ("robots", "googlebot: noimageai", "http x-robots-tag"),
        ("noimageai", "true", "http x-robots-tag"),
    }


def test_rights_of_the_page_come_first_and_stay():
    own = Right("noai", "true", "meta robots")
    found = with_headers(Facts(rights=(own,)), ["x-robots-tag: noai"]).rights
    assert found[0] == own and len(found) == 3


@pytest.mark.parametrize(
    ("facts", "link", "license"),
    [
        (Facts(), f'<{BY}>; rel="license"', "CC-BY-4.0"),
        (Facts(), f"<https://a.example/s.css>; rel=preload, <{BY}>; rel=license", "CC-BY-4.0"),
        (Facts(), f"<{BY}>; rel=preload", None),
        (Facts(license="CC-BY-4.0"), f"<{BY}>; rel=license", "CC-BY-4.0"),
        (Facts(license="CC-BY-SA-4.0"), f"<{BY}>; rel=license", None),
        (Facts(license="CC-BY-SA-4.0"), "<https://a.example/>; rel=canonical", "CC-BY-SA-4.0"),
        (Facts(rights=(Right("license", "https://a.example/terms", "link license"),)), f"<{BY}>; rel=license", None),
    ],
)
def test_a_licence_is_claimed_only_where_page_and_headers_agree(facts, link, license):
    assert with_headers(facts, [f"link: {link}"]).license == license


@pytest.mark.parametrize(
    ("facts", "modified"),
    [
        (Facts(), When(DAY.replace(second=5), "second", "http")),
        (Facts(published=When(DAY, "minute", "meta")), When(DAY.replace(second=5), "second", "http")),
        # the page's own word goes first; a change before publication is none; a page made on request says nothing
        (Facts(modified=When(DAY, "minute", "meta")), When(DAY, "minute", "meta")),
        (Facts(published=When(DAY.replace(hour=9), "minute", "meta")), None),
        (Facts(retrieved_at=DAY.replace(second=30)), None),
        (Facts(retrieved_at=DAY.replace(month=5)), When(DAY.replace(second=5), "second", "http")),
    ],
)
def test_last_modified_is_the_last_candidate_for_the_time_of_change(facts, modified):
    assert with_headers(facts, ["last-modified: Tue, 13 Apr 2021 08:30:05 GMT"]).modified == modified


@given(st.lists(st.text(max_size=60), max_size=5))
def test_no_header_breaks_the_facts(lines):
    with_headers(Facts(), [*lines, *(f"{name}: {line}" for line in lines for name in ("link", "last-modified"))])
