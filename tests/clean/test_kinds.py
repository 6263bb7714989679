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
