"""What tells lists and pages of goods from articles: cards, words of short lines, what a page calls itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.body.choose import choose
from corpus.clean.cards import CARDS, Cards, cards_of
from corpus.clean.kinds import said_of
from corpus.clean.list_words import word_measures, words_of
from corpus.clean.listing import MEASURES, list_measures, list_probability
from corpus.clean.page import parse, read_page
from tests.clean.making import MORE, PROSE, page
from tests.clean.test_kinds import GOODS, canonical, fate

SAYS_ARTICLE = '<meta property="og:type" content="article">'
SHELF = f"<ul class='grid'>{GOODS}</ul>"
SHOWN = (
    '<div class="gallery"><img src="1.jpg"><img src="2.jpg"></div><div class="price">£ 34.50</div><form action="/cart">'
    '<select name="qty"><option>1</option></select><button>Add to basket</button></form><p>In stock. Free returns.</p>'
    "<h3>Product information</h3><ul><li>SKU: 4711</li><li>Manufacturer: Lunn</li><li>Material: steel</li></ul>"
    "<p>A kettle of brushed steel.</p><h3>Customers also bought</h3>"
)


def read(html):
    tree = parse(html, max_nodes=10**6, max_chars=10**8)
    return read_page(tree, html)


def cards(html):
    choice = choose(read(f"<html><body>{html}</body></html>"))
    segments = choice.page.segments
    return cards_of(
        choice.page.nodes,
        np.array([segment.node for segment in segments], np.int64),
        lengths=np.array([len(segment.text) for segment in segments], np.float64),
        linked=np.array([segment.linked for segment in segments], np.float64),
        prices=np.array(["£" in segment.text for segment in segments], bool),
        kept=np.zeros(len(segments), bool),
    )


@settings(deadline=None)  # the first page compiles kernels
@given(st.integers(CARDS, 12))
def test_cards_are_alike_side_by_side_with_a_link_each(number):
    card = "<div class='card'><p><a href='/a'>Kettle</a></p><p>£ 4</p></div>"
    found = cards(f"<p>Kettles of all kinds</p><section>{card * number}</section>")
    assert (found.number, found.lines, found.prices) == (number, 2, 1)
    assert 0 < found.share < 1


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>One</p>",
        "<p class='card'>No link</p>" * 9,
        "".join(f"<section><div class='card'><a href='/{n}'>Kettle</a></div></section>" for n in range(CARDS - 1)),
    ],
)
def test_what_has_no_links_or_is_not_repeated_is_no_card(html):
    assert cards(html) == Cards()


@given(
    st.permutations(["Add to basket", "Sort by", "Kettles", "Printed in full, a line that is longer than a label is"])
)
def test_words_of_short_lines_are_a_set_of_words_and_neighbours(lines):
    assert words_of(lines) == {"add", "to", "basket", "add to", "to basket", "sort", "by", "sort by", "kettles"}


@given(st.dictionaries(st.text(max_size=3), st.floats(-4, 4), max_size=20))
def test_words_without_a_score_say_nothing(scores):
    with_others = [*scores, "unknown word"]
    assert word_measures(with_others, scores) == word_measures(list(scores), scores)
    assert all(value == 0 for value in word_measures(["unknown word"], scores).values())


def test_every_measure_is_a_number_on_any_page():
    for html in ("<p></p>", page(SHELF), page(f"<p>{PROSE}</p>"), "<html><body><a href='/'>Home</a></body></html>"):
        shown = read(html)
        row = list_measures(shown, choose(shown), said_of(shown), {"kettle": 1.5})
        assert row.shape == (len(MEASURES),)
        assert np.isfinite(row).all()


def test_a_page_of_goods_is_no_article():
    html = page(f"{SHOWN}{SHELF}", head='<meta property="og:type" content="product">' + canonical("/kettles/lunn-4711"))
    assert fate(html)[1][:1] == ["tag_page"]


def test_what_calls_itself_an_article_and_has_sentences_is_one_however_many_goods_it_shows():
    html = page(f"<p>{PROSE}</p><p>{MORE}</p>{SHOWN}{SHELF}", head=SAYS_ARTICLE + canonical("/kettles"))
    shown = read(html)
    assert list_probability(shown, choose(shown), said_of(shown)) == 0.0
    assert fate(html)[0] is None


def test_what_calls_itself_an_article_without_a_sentence_may_be_a_list():
    html = page(SHELF, head=SAYS_ARTICLE + canonical("/kettles"))
    shown = read(html)
    assert list_probability(shown, choose(shown), said_of(shown)) > 0.0
