"""The links of one article."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotate.links import Anchor, Link, find_links
from corpus.columns import HOST_CLASSES, LINK_FLAGS, LINK_SECTIONS

OWN = ("https://news.alpha.org/story", None)


def found(text: str, *anchors: Anchor, own: tuple[str | None, ...] = OWN) -> list[Link]:
    return find_links(text, anchors, (), own)


def at(text: str, words: str, url: str, section: str = "inline") -> Anchor:
    start = text.index(words)
    return Anchor(start, start + len(words), words, url, section, "markup 1")


def test_a_bare_address_is_a_link_without_the_marks_around_it() -> None:
    text = "See (https://a.org/x_(y)), https://b.org/z... “https://c.org/q”! www.d.org/e; <https://f.org/g>."
    assert [text[link.start : link.end] for link in found(text)] == [
        "https://a.org/x_(y)", "https://b.org/z", "https://c.org/q", "www.d.org/e", "https://f.org/g",
    ]  # fmt: skip


def test_addresses_in_words_and_mail_are_no_links() -> None:
    assert found("ana@www.alpha.org foo.www.alpha.org") == []


def test_an_anchor_covers_the_address_in_its_words() -> None:
    text = "See https://a.org/x today"
    links = found(text, at(text, "https://a.org/x", "https://a.org/x?full=1"))
    assert [(link.url, link.method) for link in links] == [("https://a.org/x?full=1", "markup 1")]


def test_links_are_in_the_order_of_the_text_with_those_outside_it_last() -> None:
    text = "First https://a.org/1 then here."
    links = found(
        text, Anchor(None, None, None, "https://a.org/0", "metadata", "m"), at(text, "here", "https://a.org/2")
    )
    assert [link.url[-1] for link in links] == ["1", "2", "0"]


def test_an_anchor_beyond_the_text_has_no_place_in_it() -> None:
    (link,) = found("short", Anchor(2, 99, "words", "https://a.org/", "inline", "m"))
    assert (link.start, link.end, link.anchor_text) == (None, None, "words")


def test_the_words_of_an_anchor_are_those_of_the_text() -> None:
    (link,) = found("short text", Anchor(0, 5, "other", "https://a.org/", "inline", "m"))
    assert link.anchor_text == "short"


def test_the_same_address_again_is_a_duplicate() -> None:
    links = found("https://a.org/x?utm_source=q https://a.org/x#part https://a.org/y")
    assert [link.flags for link in links] == [("tracking_removed",), ("duplicate",), ()]


def test_the_articles_own_address_is_self() -> None:
    text = "here and there"
    links = found(text, at(text, "here", "#top"), at(text, "there", "http://www.news.alpha.org/story/"))
    assert [link.flags for link in links] == [("self",), ("self",)]


def test_relative_links_count_from_the_article() -> None:
    text = "here"
    (link,) = found(text, at(text, "here", "../other?x=1"))
    assert (link.canonical_url, link.host, link.url) == (
        "https://news.alpha.org/other?x=1",
        "news.alpha.org",
        "../other?x=1",
    )


def test_mail_and_telephone_links_are_left_out() -> None:
    text = "write or call"
    assert found(text, at(text, "write", "mailto:a@b.org"), at(text, "call", "tel:1")) == []


def test_links_below_a_heading_of_sources_are_in_the_list() -> None:
    text = "Read https://a.org/0 now.\n\nSources\n\n- https://a.org/1\n- Study of bridges"
    links = found(text, at(text, "Study of bridges", "https://a.org/2"))
    assert [link.section for link in links] == ["inline", "source_list", "source_list"]


def test_other_sections_stay_as_extraction_saw_them() -> None:
    text = "Sources\n\n- video"
    (link,) = found(text, at(text, "video", "https://a.org/v", "embed"))
    assert link.section == "embed"


def test_credentials_never_stand_in_an_address() -> None:
    text = "here"
    (link,) = found(text, at(text, "here", "https://ana:pw@a.org/x"))
    assert link.url == "https://a.org/x"
    assert link.flags == ("credentials_removed",)


def test_a_line_of_brackets_takes_no_quadratic_time() -> None:
    (link,) = found("http://a.org/" + ")" * 1_000_000)
    assert link.anchor_text == "http://a.org/"


def test_many_links_are_all_found() -> None:
    text = "\n".join(f"see https://site{i % 50}.org/{i}, and" for i in range(5000))
    assert len({link.canonical_url for link in found(text)}) == 5000


chunk = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["http://", "https://a.org/", "www.", "Sources\n", "- ", "\n\n", ")", "http://[::1", "@", "%"]),
)


@settings(deadline=None)
@given(st.lists(chunk, max_size=20).map("".join), st.data())
def test_spans_hold_their_words_and_vocabularies_are_closed(text: str, data: st.DataObject) -> None:
    anchors = [
        Anchor(data.draw(st.integers(-1, 30)), data.draw(st.integers(-1, 30)), "w", data.draw(chunk), "inline", "m")
        for _ in range(data.draw(st.integers(0, 3)))
    ]
    for link in find_links(text, anchors, (), OWN):
        assert (link.start is None) == (link.end is None)
        if link.start is not None and link.end is not None:
            assert 0 <= link.start < link.end <= len(text)
            assert text[link.start : link.end] == link.anchor_text
        assert link.host_class in HOST_CLASSES
        assert link.section in LINK_SECTIONS
        assert set(link.flags) <= set(LINK_FLAGS)
        assert ("malformed" not in link.flags) or link.canonical_url is None
