import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from corpus.clean.body.choose import choose
from corpus.clean.body.context import above, alike, beside, order, place
from corpus.clean.body.forest import Forest
from corpus.clean.body.names import naming, words_of
from corpus.clean.body.under import under
from corpus.clean.body.walk import outline
from corpus.clean.page import parse, prepared, read_page
from tests.clean.making import MORE, PROSE, document, documents, page, paragraphs, record

BYSTANDERS = """
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<div class="cookie-consent"><p>We use cookies. Accept all cookies to go on.</p></div>"""
BELOW = """
<div class="share-bar"><a href="#">Share</a> <a href="#">Tweet</a></div>
<div class="newsletter-signup"><p>Sign up for our newsletter and get the news every morning.</p></div>
<div class="related-posts"><h3>Read more</h3><ul><li><a href="/a">A bridge is closed</a></li>
<li><a href="/b">The market moves to the square</a></li></ul></div>
<section id="comments"><h3>Comments</h3><p class="comment">I never liked that roof, said nobody ever.</p></section>
<footer><p>Copyright 2021 Selwick Courier. All rights reserved.</p></footer>"""


def lines(body):
    seen = outline(document_fromstring(f"<body>{body}</body>"), naming)
    return [" ".join(segment.text.split()) for segment in seen.segments]


def test_what_stands_around_an_article_is_left_out():
    doc = document(page(f"{BYSTANDERS}<p>{PROSE}</p><p>{MORE}</p>{BELOW}"), "text/html")
    assert paragraphs(doc) == [PROSE, MORE]


def test_parts_of_an_article_keep_their_roles():
    body = (
        f"<article><p>{PROSE}</p><h2>What it costs</h2><p>{MORE}</p><ul><li>{PROSE} One.</li>"
        f"<li>{PROSE} Two.</li></ul><blockquote><p>{MORE} She said so.</p></blockquote><p>{PROSE} At last.</p>"
        "</article>"
    )
    doc = document(page(body), "text/html")
    roles = [paragraph["role"] for paragraph in doc["paragraphs"]]
    assert roles == ["paragraph", "heading", "paragraph", "list_item", "list_item", "quote", "paragraph"]


def test_block_elements_and_two_breaks_part_lines_and_inline_elements_do_not():
    assert lines("<p>One <b>two</b> <i>three</i></p>four<div>five</div>six<br>seven<br><br>eight") == [
        "One two three", "four", "five", "six seven", "eight",
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.recursive(st.sampled_from(["a", "b c", "<br>", "<a href='/x'>d</a>"]), lambda inner: st.builds(
    lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", st.sampled_from("div p ul span td b x-y".split()),
    st.lists(inner, max_size=4),
), max_leaves=20))  # fmt: skip
def test_the_walk_loses_and_adds_no_character(body):
    tree = document_fromstring(f"<body>.{body}</body>")
    seen = outline(tree, naming)
    assert "".join("".join(lines(body and f".{body}")).split()) == "".join(tree.text_content().split())
    assert all(parent < number for number, parent in enumerate(seen.nodes.parent))


@pytest.mark.parametrize(
    ("names", "words"),
    [("relatedPosts_list", {"related", "posts", "list"}), ("c-Article__BODY2", {"c", "article", "body"}), ("", set())],
)
def test_names_are_taken_apart(names, words):
    assert words_of(names, "") == words


def test_a_forest_goes_left_at_most_the_threshold_and_adds_up_its_leaves():
    stump = Forest(
        np.array([0], np.uint32), np.array([1, 0, 0], np.uint32), np.array([2.5, np.inf, np.inf], np.float32),
        np.array([1, 1, 2], np.uint32), np.array([0, -1, 3], np.float32),
    )  # fmt: skip
    rows = np.array([[9, 2.5], [9, 2.6], [9, 2.5], [9, 2.6], [9, 2.6]], np.float32)
    assert stump.probabilities(rows, np.array([1, 4])).tolist() == [0.5, 0.9526, 0.5, 0.5, 0.9526]
    for n in range(1, 6):
        assert stump.probabilities(rows[:n]).tolist() == [0.2689, 0.9526, 0.2689, 0.9526, 0.9526][:n]


def test_the_trees_of_a_forest_may_be_of_any_depth():
    leaf = np.inf
    trees = Forest(
        np.array([0, 5], np.uint32), np.array([0, 0, 1, 0, 0, 0], np.uint32),
        np.array([0, leaf, 0, leaf, leaf, leaf], np.float32), np.array([1, 1, 3, 3, 4, 5], np.uint32),
        np.array([0, 1, 0, 2, 4, 8], np.float32),
    )  # fmt: skip
    assert trees.steps.tolist() == [2, 0]
    said = trees.probabilities(np.array([[0, 0], [1, 0], [1, 1]], np.float32))
    assert said.tolist() == [round(1 / (1 + np.exp(-total)), 4) for total in (9, 10, 12)]


def test_a_page_is_chosen_alike_every_time():
    source = prepared(page(f"{BYSTANDERS}<p>{PROSE}</p><p>{MORE}</p>{BELOW}"))
    tree = parse(source, max_nodes=10_000, max_chars=1_000_000)
    first, second = choose(read_page(tree)), choose(read_page(tree))
    assert first.kept == second.kept


def test_a_body_that_is_only_stated_is_taken_where_the_page_shows_a_part():
    stated = "\\n".join([PROSE, MORE, PROSE + " And so on.", MORE + " In the end."])
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{stated}"}}</script>'
    doc = document(page(f"<p>{PROSE}</p>", head=head), "text/html")
    assert paragraphs(doc) == [PROSE, MORE, PROSE + " And so on.", MORE + " In the end."]
    assert all(p["raw_start_byte"] is None or p["raw_end_byte"] > p["raw_start_byte"] for p in doc["paragraphs"])


def test_the_order_of_records_changes_no_choice():
    rows = [
        record(page(f"<p>{PROSE}</p><p>{MORE} {i}</p>{BELOW}").encode(), "text/html", record_id=str(i))
        for i in range(4)
    ]
    assert [d["text"] for d in documents(*rows)] == [d["text"] for d in reversed(documents(*reversed(rows)))]


def test_pages_of_one_line_and_of_many_need_the_kernels_once():
    def seen(body):
        choose(read_page(parse(prepared(page(body)), max_nodes=10_000, max_chars=1_000_000)))
        return [len(function.signatures) for function in (above, place, order, alike, beside, under)]

    assert seen(f"<p>{PROSE}</p><p>{MORE}</p>") == seen(f"<p>{PROSE}</p>") == [1, 1, 1, 1, 1, 1]
