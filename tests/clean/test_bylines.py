"""Names in a page's byline and head."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.authors import is_organisation, split_authors
from corpus.clean.bylines import visible_authors
from corpus.clean.metadata import page_facts
from corpus.clean.page import parse, prepared, read_page

PROSE = "<p>" + "The council voted on Monday to mend the roof of the library. " * 4 + "</p>"


def tree(body: str, head: str = ""):
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return parse(prepared(page), max_nodes=100_000, max_chars=1_000_000)


def authors(body: str, head: str = "") -> tuple[str, ...]:
    return page_facts(read_page(tree(body, head)), zone="UTC", publisher="Selwick Courier").authors


def linked(*authors_: object, **more: object) -> str:
    node = {"@type": "NewsArticle", "author": list(authors_), **more}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ('<a href="/author/ann-lee">Ann Lee</a>', ("Ann Lee",)),
        ('<a rel="author" href="/x">annlee</a>', ("annlee",)),
        ('<p class="article__byline">By <span>Ann Lee</span> and <span>Bo Ek</span></p>', ("Ann Lee", "Bo Ek")),
        ('<ul class="authors"><li><a href="/people/a">Ann Lee</a></li><li><a href="/people/b">Bo Ek</a></li></ul>',
         ("Ann Lee", "Bo Ek")),
        ("<div>By: Ann Lee, Dec 17, 2025</div>", ("Ann Lee",)),
        ('<div class="publish-date-author">Dec. 19, 2025 · Ann Lee on behalf of the board</div>', ("Ann Lee",)),
        ('<span class="author-name">Courier Staff</span>', ("Courier Staff",)),
        ('<p class="byline">Von Jörg Müller und Ann Lee</p>', ("Jörg Müller", "Ann Lee")),
        ("<p>Von Jörg Müller, Korrespondent</p>", ("Jörg Müller",)),
        ("<p>Por Ana Ruiz y Eva Gil</p>", ("Ana Ruiz", "Eva Gil")),
        ("<p>Par Zoé Petit et Luc Brun</p>", ("Zoé Petit", "Luc Brun")),
        ("<p>Yazan: Ayşe Yılmaz</p>", ("Ayşe Yılmaz",)),
        ("<p>Автор: Анна Иванова</p>", ("Анна Иванова",)),
        ("<p>文：山田太郎</p>", ("山田太郎",)),
        ('<span class="author">박준석 기자</span>', ("박준석",)),
        ("<p>بقلم: ليلى حداد</p>", ("ليلى حداد",)),
        ("<p>लेखक: अनीता शर्मा</p>", ("अनीता शर्मा",)),
        ('<p class="byline">Reviewed by <a href="/author/x">Max Doe</a></p>', ()),
        ('<aside><a href="/author/x">Max Doe</a></aside>', ()),
        ('<div class="related-posts"><span class="author-name">Max Doe</span></div>', ()),
        ('<figure><figcaption class="byline">Max Doe</figcaption></figure>', ()),
        ('<a href="/author/x">Read more</a>', ()),
        # sections behind the name, names behind a label, the article's own foot
        ('<div class="byline">by <a href="/author/x">Ann Lee</a> in <a href="/g">Garden Tools</a></div>', ("Ann Lee",)),
        ("<ul><li><strong>Datum</strong> heute</li><li><strong>Autorin/Autor</strong> Ann Lee</li></ul>", ("Ann Lee",)),
        ("<dl><dt>Author:</dt><dd>Ann Lee</dd></dl>", ("Ann Lee",)),
        ('<footer><a rel="author" href="/a">Ann Lee</a></footer>', ("Ann Lee",)),
        ('<aside><strong>Author</strong> Max Doe</aside>', ()),
    ],
)  # fmt: skip
def test_the_byline_below_the_heading_names_the_authors(byline, names):
    assert visible_authors(tree(f"<article><h1>Roof mended</h1>{byline}{PROSE}</article>"), []) == names


def test_the_nearest_byline_goes_before_a_box_about_an_author_and_that_before_nothing():
    box = '<div class="author-box"><h4 class="author-box__name">Bo Ek</h4></div>'
    near = '<p class="byline">By Ann Lee</p>'
    assert visible_authors(tree(f"<h1>Roof</h1>{near}{PROSE}{box}"), []) == ("Ann Lee",)
    assert visible_authors(tree(f"<h1>Roof</h1>{PROSE}{box}"), []) == ("Bo Ek",)


@pytest.mark.parametrize(
    ("body", "head", "names"),
    [
        ("", linked({"name": "Ann Lee"}, {"name": "Bo Ek"}), ("Ann Lee", "Bo Ek")),
        ("", linked("By Ann Lee and Bo Ek"), ("Ann Lee", "Bo Ek")),
        ("", linked({"givenName": "Ann", "familyName": "Lee"}), ("Ann Lee",)),
        ("", linked({"name": "Ann Lee"}, {"@type": "Organization", "name": "The Associated Press"}), ("Ann Lee",)),
        # the publication's own account, where the page shows who wrote it
        ('<h1>Roof</h1><p class="byline">By Ann Lee</p>', linked({"name": "Selwick Courier"}), ("Ann Lee",)),
        ("<h1>Roof</h1>", linked({"name": "Selwick Courier"}), ("Selwick Courier",)),
        ("<h1>Roof</h1>", linked({"name": "courier.example"}), ("courier.example",)),
        # another organisation, whose article the publication took over
        ("<h1>Roof</h1>", linked({"name": "Selwick Courier"}) + '<meta name="byl" content="Anadolu Ajansı">',
         ("Anadolu Ajansı",)),
        # how the author is called, where another meta has the account's handle
        ("", '<meta name="author" content="annlee"><meta name="byl" content="Ann Lee">', ("Ann Lee",)),
        ("", '<meta name="author" content="annlee">', ("annlee",)),
        # teasers with authors of their own
        ('<h1>Roof</h1><ul class="related"><li itemprop="author">Max Doe</li></ul>', linked({"name": "Ann Lee"}),
         ("Ann Lee",)),
        ("", '<meta name="author" content="Ann Lee"><meta name="author" content="Bo Ek">', ("Ann Lee", "Bo Ek")),
        ("", '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Lee">',
         ("Ann Lee",)),
        ("", '<meta name="twitter:label1" content="Reading time"><meta name="twitter:data1" content="3 minutes">', ()),
    ],
)  # fmt: skip
def test_persons_go_before_organisations_wherever_they_are_named(body, head, names):
    assert authors(body, head) == names


def test_a_reference_to_a_node_of_the_graph_is_followed():
    graph = {"@graph": [
        {"@type": "Article", "headline": "Roof", "author": {"@id": "#ann"}},
        {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
    ]}  # fmt: skip
    assert authors("", f'<script type="application/ld+json">{json.dumps(graph)}</script>') == ("Ann Lee",)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ann Lee MS, RDN, LD", ["Ann Lee"]),
        ("Ann Lee The Associated Press", ["Ann Lee"]),
        ("The Worcester Telegram & Gazette", ["The Worcester Telegram & Gazette"]),
        ("Morgan & Morgan", ["Morgan & Morgan"]),
        ("Ann Lee & Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Marino - Brad Lynch", ["Marino - Brad Lynch"]),
        ("Ann Lee - Political Editor", ["Ann Lee"]),
        ("Paramita (Guha) Ghosh", ["Paramita (Guha) Ghosh"]),
        ("Ann Lee, Photo by Max Doe", ["Ann Lee"]),
        ("AFP, MANILA", ["AFP"]),
        ("牛镛、岳弘彬", ["牛镛", "岳弘彬"]),
        ("牛镛, 岳弘彬", ["牛镛", "岳弘彬"]),
        ("O'Neil, Anne-Marie", ["Anne-Marie O'Neil"]),
        ("Redaktion, Agenturen", ["Redaktion", "Agenturen"]),
        ("ssi, dan", ["ssi", "dan"]),
    ],
)
def test_lists_are_split_where_they_name_several(written, names):
    assert list(split_authors([written])) == names


def test_the_sites_name_is_one_whatever_words_it_has():
    assert split_authors(["Selwick en Red"], not_names=["Selwick en Red"]) == ("Selwick en Red",)
    assert split_authors(["Ann Lee and Bo Ek"], not_names=["Selwick"]) == ("Ann Lee", "Bo Ek")


def test_organisations_are_told_by_their_words():
    assert is_organisation("Selwick Press")
    assert is_organisation("ORF.at")
    assert not is_organisation("Emily Post")


@given(st.text(max_size=200))
def test_no_markup_breaks_the_reading_of_bylines(text):
    visible_authors(tree(f'<h1>x</h1><p class="byline">{text}</p>'), ["x"])
    split_authors([text])


@given(st.permutations(["class='byline'", "id='b'", "data-x='1'"]))
def test_the_order_of_attributes_does_not_matter(attributes):
    assert visible_authors(tree(f"<h1>x</h1><p {' '.join(attributes)}>By Ann Lee</p>"), []) == ("Ann Lee",)
