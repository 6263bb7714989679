import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from corpus.clean.body.alike import with_alike
from corpus.clean.body.amid import with_tables
from corpus.clean.body.names import naming
from corpus.clean.body.others import without_others
from corpus.clean.body.repeats import REPEATED, without_repeats
from corpus.clean.body.walk import outline
from corpus.clean.page import FORBIDDEN, STAND_IN, parse, prepared, read_page
from corpus.clean.scripted import scripted_blocks
from tests.clean.making import MORE, PROSE, document, page, paragraphs

ARTICLE = '<meta property="og:type" content="article">'
FRAGMENT = f'<p class="p">{PROSE}</p><h2>What it costs</h2><p>{MORE}</p><p>{PROSE} \u201cAnd so on\u201d, she said.</p>'
RICH = [
    {
        "type": "paragraph",
        "content": [{"type": "text", "value": PROSE}, {"type": "link", "content": [{"text": " Go"}]}],
    },
    {"type": "ad", "content": [{"type": "text", "value": "Buy this"}]},
    {"type": "heading", "level": 2, "content": [{"type": "text", "value": "What it costs"}]},
    {"type": "paragraph", "content": [{"type": "text", "value": MORE}]},
    {"type": "paragraph", "content": [{"type": "text", "value": PROSE + " In the end."}]},
]


def tree_of(body, head=""):
    return parse(prepared(page(body, head=head)), max_nodes=10_000, max_chars=1_000_000)


def scripted(script):
    return [(block.role, block.runs[0].text) for block in scripted_blocks(read_page(tree_of(script)))]


def test_an_article_that_stands_twice_is_kept_once():
    twice = f'<div class="desktop"><p>{PROSE}</p><p>{MORE}</p></div>'
    assert paragraphs(document(page(twice + twice.replace("desktop", "mobile")), "text/html")) == [PROSE, MORE]


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.booleans())))
def test_no_line_is_lost_to_repeats_and_none_comes_back(lines):
    texts, kept = [letter * REPEATED for letter, _ in lines], [keep for _, keep in lines]
    once = without_repeats(texts, kept)
    assert {text for text, keep in zip(texts, once, strict=True) if keep} == {
        text for text, keep in zip(texts, kept, strict=True) if keep
    }
    assert all(before or not after for before, after in zip(kept, once, strict=True))
    assert without_repeats(texts, once) == once


def test_a_short_refrain_stays_and_a_long_run_of_short_lines_goes():
    refrain = ["And the rain came down", "Verse one", "And the rain came down", "Verse two"]
    assert without_repeats(refrain, [True] * 4) == [True] * 4
    run = [f"Line {number} of the list" for number in range(20)]
    assert without_repeats([*run, *run], [True] * 40) == [True] * 20 + [False] * 20


@pytest.mark.parametrize(("title", "own"), [("First", 0), ("Second", 1)])
def test_a_second_article_with_a_headline_of_its_own_is_left_out(title, own):
    tree = parse(
        "<body><article><article><h1>First</h1><p>One.</p></article><article><h1>Second</h1><p>Two.</p></article></article><p>Three.</p></body>",
        max_nodes=100, max_chars=1000,
    )  # fmt: skip
    seen = outline(tree, naming)
    kept = without_others(seen, [True] * 5, [segment.text == title for segment in seen.segments])
    assert kept == [own == 0, own == 0, own == 1, own == 1, True]


def test_article_elements_without_headlines_are_parts_of_one():
    tree = parse(
        "<body><h1>T</h1><article><p>1</p></article><article><p>2</p></article></body>", max_nodes=99, max_chars=999
    )
    assert without_others(outline(tree, naming), [True] * 3, [True, False, False]) == [True] * 3


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ([0.9, 0.9, 0.2, 0.9], [True, True, True, True]),  # the others of its kind are
        ([0.9, 0.9, 0.05, 0.9], [True, True, False, True]),  # beyond doubt
        ([0.9, 0.2, 0.2, 0.9], [True, False, False, True]),  # too few of them are
    ],
)
def test_a_doubtful_paragraph_goes_with_its_kind(said, kept):
    units, links, kinds = np.full(4, 200, np.float32), np.zeros(4, np.float32), np.array([0, 0, 0, 0])
    found = with_alike(units, links, kinds, np.array(said), np.array(said) > 0.5)
    assert found.tolist() == kept


def test_a_list_of_links_or_of_short_lines_has_no_kind():
    said, kinds = np.array([0.9, 0.9, 0.9, 0.2]), np.zeros(4, np.int64)
    for units, links in ((200, 0.5), (50, 0.0)):
        found = with_alike(np.full(4, units, np.float32), np.full(4, links, np.float32), kinds, said, said > 0.5)
        assert found.tolist() == [True, True, True, False]


@pytest.mark.parametrize(("likely", "around", "kept"), [(0.1, True, True), (0.01, True, False), (0.1, False, False)])
def test_a_doubtful_table_between_kept_lines_is_kept_whole(likely, around, kept):
    cells = "<table><tr><td>May</td><td>84</td></tr><tr><td>June</td><td>90</td></tr></table>"
    seen = outline(document_fromstring(f"<body><p>{PROSE}</p>{cells}<p>{MORE}</p></body>"), naming)
    said = np.array([0.9, *[likely] * 4, 0.9])
    before = np.array([True, *[False] * 4, around])
    found = with_tables(seen, np.full(6, 10, np.float32), said, before)
    assert found.tolist() == [True, *[kept] * 4, around]


@pytest.mark.parametrize("menu", ["<nav><ul><li>Home</ul>", "<header><button>Menu</header>", "<dialog><p>Hello</p>"])
def test_a_page_within_a_menu_that_is_never_closed_is_still_read(menu):
    article = f"<h1>Roof</h1><div><p>{PROSE}</p><p>{MORE}</p><p>{PROSE} So.</p></div>"
    html = f"<html><body>{menu}{article}</body>"
    assert PROSE in paragraphs(document(html, "text/html"))


def test_what_follows_on_the_end_of_a_body_is_still_the_body():
    html = page(f"<nav><a href='/'>Home</a></nav></body></html>{'<div></div>' * 300}<p>{PROSE}</p><p>{MORE}</p>")
    assert paragraphs(document(html, "text/html")) == [PROSE, MORE]


@pytest.mark.parametrize(
    "script",
    [
        f"<script>self.__next_f.push([1,{json.dumps(FRAGMENT)}])</script>",
        f"<script>self.__next_f.push([1,{json.dumps(FRAGMENT).replace('<', chr(92) + 'u003c')}])</script>",
        f"<script>window.state = {{id: 7, data: {json.dumps(json.dumps({'body': FRAGMENT}))}}};</script>",
    ],
)
def test_html_in_a_script_s_strings_is_read(script):
    assert [role for role, _ in scripted(script)] == ["paragraph", "heading", "paragraph", "paragraph"]


def test_a_tree_of_rich_text_in_a_page_s_state_is_read():
    state = json.dumps({"props": {"story": {"body": {"type": "document", "content": RICH}}}})
    assert scripted(f'<script type="application/json">{state}</script>') == [
        ("paragraph", PROSE + " Go"), ("heading", "What it costs"), ("paragraph", MORE),
        ("paragraph", PROSE + " In the end."),
    ]  # fmt: skip


@pytest.mark.parametrize("script", ["", '"<p>' + "\\" * 9000, "[" * 100_000, '{"a": "<p><p><p>' + "x" * 900, "[[]]"])
def test_a_script_that_holds_none_gives_none(script):
    assert scripted(f'<script type="application/json">{script}</script>') == []


def test_an_article_that_only_scripts_hold_is_taken_where_the_page_says_that_it_is_one():
    script = f"<script>push([1,{json.dumps(FRAGMENT)}])</script>"
    head = "<title>Library roof of Selwick</title>{}"
    html = f"<html><head>{head}</head><body><div id='root'></div>{script}</body></html>"
    assert MORE in paragraphs(document(html.format(ARTICLE), "text/html"))
    assert paragraphs(document(html.format(""), "text/html")) == []


def test_other_words_in_scripts_are_not_taken_for_the_article():
    rules = "".join(
        f"<p>Treat others kindly, and be brief. This is rule {i} of our forum for readers.</p>" for i in range(9)
    )
    script = f"<script>push([1,{json.dumps(rules)}])</script>"
    for shown in (f"<p>{PROSE}</p>", ""):
        html = (
            f"<html><head><title>Library roof</title>{ARTICLE}</head><body><main>{shown}</main>{script}</body></html>"
        )
        assert "forum" not in document(html, "text/html")["text"]


@given(st.text(st.sampled_from("a \t\n\ré한\uff21\U0001ffff\ufffd\ufffe\uffff\x00\x0b\x1f\ud800"), max_size=8))
def test_what_xml_forbids_is_replaced_one_for_one_and_nothing_else(text):
    assert prepared(text) == FORBIDDEN.sub(STAND_IN, text)
    if not any("\ud800" <= char <= "\udfff" for char in text):
        assert prepared(text, text.encode()) == prepared(text)
