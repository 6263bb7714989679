import pyarrow as pa
import pytest

from corpus.clean import extract, judge
from corpus.sections import Clean
from corpus.working import READ
from tests.clean.making import MORE, PROSE, page, record

LINKS = "".join(f'<li><a href="/story-{i}">A headline about the council, number {i}</a></li>' for i in range(30))
LIST = f"<ul>{LINKS}</ul><p>{PROSE}</p>"
VIDEO = '<meta property="og:type" content="video.other">'
ARTICLE = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": FREE}</script>'


def canonical(path):
    return f'<link rel="canonical" href="https://courier.example{path}">'


def fate(html, settings=None):
    batch = pa.RecordBatch.from_pylist([record(html.encode(), "text/html")], schema=READ)
    (row,) = judge(extract(batch, settings or Clean(), {}), settings or Clean()).to_pylist()
    return row["fate"], [reason["rule"] for reason in row["reasons"]]


TEASERS = "".join(f'<h3><a href="/story-{i}">Number {i} wins</a></h3><p>{PROSE} {i}</p>' for i in range(9))
PAGES = {
    "front_page": page(LIST, head=canonical("/")),
    "tag_page": page(LIST, head=canonical("/tag/council")),
    "video_page": page(
        f"<video src='v.mp4'></video><p>{PROSE}</p>", head='<meta property="og:type" content="video.other">'
    ),
    "paywall_stub": page(f"<p>{PROSE}</p><p>Subscribe to continue reading.</p>", head=ARTICLE.replace("FREE", "false")),
    "soft_404": page(f"<p>{PROSE}</p>", title="Seite nicht gefunden | Kurier"),
    "consent_wall": page("<h1>We value your privacy</h1><p>We and our partners store data. Accept all cookies?</p>"),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_without_an_article_is_rejected_by_its_name(kind):
    fated, rules = fate(PAGES[kind])
    assert (fated, rules[0]) == ("rejected", kind)


@pytest.mark.parametrize("kind", PAGES)
def test_a_kind_that_is_not_listed_rejects_nothing(kind):
    _, rules = fate(PAGES[kind], Clean(page_kinds=()))
    assert kind not in rules


@pytest.mark.parametrize(
    "html",
    [
        page(f"<p>{PROSE}</p><p>{MORE}</p>", head=canonical("/tag/council")),
        page(f"<p>{PROSE}</p><p>{MORE}</p>", head=canonical("/")),
        page(f"<p>{PROSE}</p><p>{MORE}</p>" * 3, head=ARTICLE.replace("FREE", "false")),
        page(f"<p>{PROSE}</p><p>{MORE}</p>", head=VIDEO),
        page(f"<p>{PROSE}</p><p>{MORE}</p>", title="404: how a number became a joke"),
    ],
)
def test_an_article_is_never_taken_for_one(html):
    assert fate(html)[0] is None


@pytest.mark.parametrize(("path", "kind"), [("/", "front_page"), ("/topics/council", "tag_page")])
def test_long_teasers_make_a_list_all_the_same(path, kind):
    assert fate(page(TEASERS, head=canonical(path)))[1][:1] == [kind]


def test_an_article_with_linked_headings_is_no_list():
    assert fate(page(TEASERS, head=canonical("/2021/best-of-selwick")))[0] is None


GOODS = "".join(
    f'<li class="card"><a href="/kettle-{i}"><img src="{i}.jpg"><span>Kettle {i}</span></a><div class="price">£ {i}4.50'
    f'</div><div class="rating">{i} reviews</div><a class="buy" href="/cart?{i}">Add to basket</a></li>'
    for i in range(1, 40)
)


def test_a_shelf_of_goods_that_does_not_say_so_is_a_list_and_an_article_with_prices_is_none():
    menu = "".join(f'<div><a href="/{name}">{name}</a></div>' for name in ("kettles", "pots", "pans", "cups", "sale"))
    shelf = f'{menu}<h1>Kettles</h1><p>Free delivery from £ 30.</p><ul class="grid">{GOODS}</ul>{menu}'
    assert fate(page(shelf, head=canonical("/kettles"), title="Kettles | Lunn & Co"))[1][:1] == ["tag_page"]
    review = f"<h1>Ten kettles, tried</h1><p>{PROSE}</p><ul class='grid'>{GOODS}</ul><p>{MORE}</p><p>{PROSE} Done.</p>"
    assert fate(page(review, head=canonical("/2021/ten-kettles-that-we-tried")))[0] is None
