"""Addresses: normalised, cut, judged."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotate.addresses import normalised, read, same_place

BASE = "https://news.alpha.org/world/story"


def flags(url: str, base: str | None = BASE) -> set[str]:
    address = read(url, base)
    assert address is not None
    return set(address.flags)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://WWW.Alpha.ORG:443/A?b=1#part", "https://www.alpha.org/A?b=1"),
        ("http://alpha.org", "http://alpha.org/"),
        ("http://alpha.org:8080/", "http://alpha.org:8080/"),
        ("https://alpha.org/a/../b/./c", "https://alpha.org/b/c"),
        ("https://alpha.org/ü?q=ß", "https://alpha.org/%C3%BC?q=%C3%9F"),
        ("https://alpha.org/%c3%bc", "https://alpha.org/%C3%BC"),
        ("https://exämple-news.de/", "https://xn--exmple-news-m8a.de/"),
        ("www.alpha.org/a", "http://www.alpha.org/a"),
        ("../other", "https://news.alpha.org/other"),
        ("/x", "https://news.alpha.org/x"),
        ("//cdn.alpha.org/x", "https://cdn.alpha.org/x"),
        ("https://alpha.org/a b", "https://alpha.org/a%20b"),
        ("https://[2001:DB8::1]/x", "https://[2001:db8::1]/x"),
        ("https://192.0.2.7/x", "https://192.0.2.7/x"),
        ("https://alpha.org./x", "https://alpha.org/x"),
        ("https://alpha.org/?a=1&&b=2", "https://alpha.org/?a=1&&b=2"),
    ],
)
def test_an_address_is_made_absolute_and_normal(url: str, canonical: str) -> None:
    address = read(url, BASE)
    assert address is not None
    assert address.canonical_url == canonical
    assert address.url == url


def test_the_host_is_lower_case_without_www() -> None:
    address = read("https://WWW.Alpha.org/x")
    assert address is not None
    assert address.host == "alpha.org"


def test_tracking_parameters_go_and_say_so() -> None:
    address = read("https://alpha.org/a?utm_source=x&id=7&fbclid=abc&UTM_Medium=y")
    assert address is not None
    assert address.canonical_url == "https://alpha.org/a?id=7"
    assert "tracking_removed" in address.flags
    assert normalised("https://alpha.org/a?gclid=1") == "https://alpha.org/a"
    assert "tracking_removed" not in flags("https://alpha.org/a?id=7#utm_source=x")


@pytest.mark.parametrize("url", ["https://ana:secret@alpha.org/x", "//ana@alpha.org/x", "https://a:b@c:d@alpha.org/x"])
def test_user_names_and_passwords_are_cut(url: str) -> None:
    address = read(url, BASE)
    assert address is not None
    assert "credentials_removed" in address.flags
    assert address.canonical_url == "https://alpha.org/x"
    assert "@" not in address.url


def test_an_at_sign_in_a_path_is_no_credential() -> None:
    assert "credentials_removed" not in flags("https://alpha.org/@ana/post")


@pytest.mark.parametrize(
    "url",
    [
        "https://t.me/producthunt/123456",
        "https://t.me/angels/789012",
        "https://x.com/a/status/1234567890",
        "https://alpha.org/000000",
        "https://example.com/a",
        "http://sub.example.org",
        "https://localhost/a",
        "http://localhost:8000/a",
        "localhost:8000/a",
        "#",
        "",
        "https://alpha.org/your-link-here",
        "your-link-here",
        "https://alpha.org/{slug}",
        "https://alpha.org/{{ url }}",
        "https://alpha.org/%7Bid%7D",
        "javascript:void(0)",
        "https://alpha.org/article/xxxx",
        "https://yourdomain.com/",
        "[insert link]",
    ],
)
def test_placeholders_are_flagged(url: str) -> None:
    assert "placeholder" in flags(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://t.me/channel/4821",
        "https://x.com/a/status/1790386275541",
        "https://alpha.org/2024/01/02/a",
        "https://en.wikipedia.org/wiki/Your_Name",
        "https://alpha.org/news/12345",
        "https://alpha.org/story-135790",
        "https://examples.com/",
        "#part-2",
        "https://alpha.org/linkhere-story",
    ],
)
def test_real_addresses_are_no_placeholders(url: str) -> None:
    assert "placeholder" not in flags(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1",
        "https://exa mple",
        "https://exa mple.org/",
        "http://",
        "http:///path",
        "https://alpha",
        "https://alpha..org/",
        "https://-alpha.org/",
        "https://alpha.org:port/",
        "https://alpha.org:99999/",
        "http://999.1.1.1/",
        "http://https://alpha.org",
        "xyz:abc",
        "https://al_pha!.org",
        "https://alpha.org/" + "a" * 5000,
        "www.x",
        "https://" + "a" * 70 + ".org",
        "https://\u202e.org",
    ],
)
def test_malformed_addresses_are_flagged_and_have_no_canonical_form(url: str) -> None:
    address = read(url, BASE)
    assert address is not None
    assert "malformed" in address.flags
    assert address.canonical_url is None
    assert address.host is None


def test_shorteners_are_flagged() -> None:
    assert flags("https://bit.ly/3abc") == {"shortener"}


@pytest.mark.parametrize("url", ["mailto:ana@alpha.org", "tel:+123", "data:text/html,x", "MAILTO:x"])
def test_what_names_no_page_is_no_address(url: str) -> None:
    assert read(url, BASE) is None


def test_a_relative_address_without_a_base_is_not_malformed() -> None:
    address = read("/story", None)
    assert address is not None
    assert (address.canonical_url, set(address.flags)) == (None, set())


def test_one_page_is_one_place_whatever_its_scheme_www_and_final_slash() -> None:
    places = {same_place(u) for u in ("http://www.alpha.org/a/", "https://alpha.org/a")}
    assert len(places) == 1
    assert same_place("https://alpha.org/a?id=1") != same_place("https://alpha.org/a?id=2")


url_like = st.one_of(
    st.text(max_size=40),
    st.builds(
        lambda *parts: "".join(parts),
        st.sampled_from(["http://", "https://", "//", "HTTP:", "ftp://", "", "mailto:", "javascript:"]),
        st.text("ab.:@[]%-_/?#&= \u00e4\u2603\u202e{}\\\t\n0129", max_size=40),
    ),
)


@settings(deadline=None)
@given(url_like, st.sampled_from([None, BASE, "http://[", "not an address"]))
def test_nothing_raises_and_a_normal_address_stays_as_it_is(url: str, base: str | None) -> None:
    address = read(url, base)
    if address is not None and address.canonical_url is not None:
        assert normalised(address.canonical_url) == address.canonical_url
        assert "malformed" not in address.flags
        assert address.host
