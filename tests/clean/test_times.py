"""When a page says that its article was published and changed: which of several days, and which moment."""

import pytest

from corpus.clean.metadata import page_facts
from corpus.clean.page import read_page
from tests.clean.dated import PROSE, day, linked, published, tree


@pytest.mark.parametrize(
    ("body", "head", "expected"),
    [
        ("", linked(datePublished="2021-04-13T08:30:00Z"), ("2021-04-13", "second", "json_ld")),
        ("", '<meta property="article:published_time" content="2021-04-13">', ("2021-04-13", "day", "meta")),
        ('<time pubdate datetime="2021-04-13">x</time>', "", ("2021-04-13", "day", "time_element")),
        ("<h1>Roof</h1><p>13 April 2021</p>", "", ("2021-04-13", "day", "text")),
        ("<h1>Roof</h1>", '<link rel="canonical" href="https://a.example/2021/04/13/roof">',
         ("2021-04-13", "day", "url")),
        (f"<h1>Roof</h1>{PROSE * 4}<p>13 April 2021</p>", "", ("2021-04-13", "day", "text")),
        # said to be published when it was last changed, and shown as older
        ("<h1>Roof</h1><p>Published April 13, 2021</p>",
         linked(datePublished="2022-05-01T08:00:00Z", dateModified="2022-05-01T08:00:00Z"),
         ("2021-04-13", "day", "text")),
        # shown as younger, or a day apart: zones differ
        ("<h1>Roof</h1><p>April 12, 2021</p>",
         linked(datePublished="2021-04-13T01:00:00Z", dateModified="2021-04-13T01:00:00Z"),
         ("2021-04-13", "second", "json_ld")),
        ("<h1>Roof</h1><p>Updated May 2, 2023</p>",
         linked(datePublished="2021-04-13", dateModified="2023-05-02"), ("2021-04-13", "day", "json_ld")),
        # the head's day is shown as that of a change, or is in the address: an older one beside it is another's
        ("<h1>Roof</h1><p>April 2, 2021</p><p>Updated April 13, 2021</p>",
         linked(datePublished="2021-04-13T08:00:00Z", dateModified="2021-04-13T09:00:00Z"),
         ("2021-04-13", "second", "json_ld")),
        # a month alone gives way to a day
        ("", '<meta name="citation_publication_date" content="2021/04"><meta name="dc.date" content="2021-04-13">',
         ("2021-04-13", "day", "meta")),
        ("", '<meta name="citation_publication_date" content="2021/04">', ("2021-04-01", "month", "meta")),
        # one clock time with two offsets: only its day is sure
        ("", linked(datePublished="2021-04-13T20:30:00-05:00")
         + '<meta property="article:published_time" content="2021-04-13T20:30:04Z">', ("2021-04-13", "day", "json_ld")),
        ("", linked(datePublished="2021-04-13T10:30:00-05:00")
         + '<meta property="article:published_time" content="2021-04-13T10:30:00Z">',
         ("2021-04-13", "second", "json_ld")),
        ("", linked(datePublished="2021-04-13T20:30:00-05:00")
         + '<meta property="article:published_time" content="2021-04-14T01:30:00Z">',
         ("2021-04-14", "second", "json_ld")),
        # what is marked as the date of publication goes before what stands beside the title
        ("<h1>Roof</h1><p>2 May 2020</p><p><time itemprop='datePublished' datetime='2021-04-13'>x</time></p>", "",
         ("2021-04-13", "day", "time_element")),
        # a meta for a date of any event gives way to the day that is shown, unless that is of the last change
        ("<h1>Roof</h1><p>15 April 2021</p>", '<meta name="dcterms.date" content="2021-04-01T08:00:00Z">',
         ("2021-04-15", "day", "text")),
        ("<h1>Roof</h1><p>15 April 2021</p>", '<meta name="article:published_time" content="2021-04-01T08:00:00Z">',
         ("2021-04-01", "second", "meta")),
        ("<h1>Roof</h1><p>15 April 2021</p>", '<meta name="date" content="2021-04-01T08:00:00Z">'
         '<meta name="last-modified" content="2021-04-15">', ("2021-04-01", "second", "meta")),
        ("<h1>Roof</h1><div class='teaser'><p>15 April 2021</p></div>", '<meta name="date" content="2021-04-01">',
         ("2021-04-15", "day", "text")),
        # no date of a comment; one called that of publication goes before a change, wherever it stands
        (f"<h1>Roof</h1><p>Updated 2 May 2021</p>{PROSE * 4}<p>Originally published: 13 April 2021</p>", "",
         ("2021-04-13", "day", "text")),
        ("<h1>Roof</h1><p>13 April 2021</p>"
         "<ol class='comment-list'><li><time itemprop='datePublished'>2021-05-02</time></ol>", "",
         ("2021-04-13", "day", "text")),
        ("<div class='has-comments'><h1>Roof</h1><time itemprop='datePublished'>2021-05-02</time></div>", "",
         ("2021-05-02", "day", "time_element")),
        # in the article's own box with a misleading name, where nothing else has a date, and all of one day
        ("<article><h1>Roof</h1><aside><b>13.4.2021</b></aside></article>", "", ("2021-04-13", "day", "text")),
        ("<h1>Roof</h1><aside><b>13.4.2021</b><b>14.4.2021</b></aside>", "", (None, None, None)),
        # where page and address differ, what is shown is another's
        ("<h1>Roof</h1><p>2 May 2020: more roofs</p>", '<link rel="canonical" href="https://a.example/2021/4/13/roof">',
         ("2021-04-13", "day", "url")),
        # filed under an older day than the head's; not so the day in a slug
        ("<h1>Roof</h1>", linked(datePublished="2023-05-02T08:00:00Z")
         + '<link rel="canonical" href="https://a.example/2021/4/13/roof">', ("2021-04-13", "day", "url")),
        ("<h1>Roof</h1>", linked(datePublished="2023-05-02T08:00:00Z")
         + '<link rel="canonical" href="https://a.example/roof-of-2021-04-13">', ("2023-05-02", "second", "json_ld")),
        # a date beside that of a change
        (f"<h1>Roof</h1>{PROSE * 4}<p>April 13, 2021. <i>Updated: May 2, 2021</i></p>", "",
         ("2021-04-13", "day", "text")),
        # one clock time of the head without a zone and with one
        ("", linked(datePublished="2021-04-13T00:30:14")
         + '<meta property="article:published_time" content="2021-04-12T22:30:14Z">',
         ("2021-04-12", "second", "json_ld")),
        ("", linked(datePublished="2021-04-13T00:30:14")
         + '<meta property="article:published_time" content="2021-04-12T22:37:02Z">',
         ("2021-04-13", "second", "json_ld")),
        ("<h1>Roof</h1><p>03/04/2021</p>", '<meta property="og:locale" content="de_DE">',
         ("2021-04-03", "day", "text")),
        # read in the page's order it is older than the head, in the other the same day
        ("<h1>Roof</h1><p>11/01/2021</p>", '<meta property="og:locale" content="de_DE">'
         + linked(datePublished="2021-11-01", dateModified="2021-11-01"), ("2021-11-01", "day", "json_ld")),
        ("", "", (None, None, None)),
    ],
)  # fmt: skip
def test_the_time_of_publication_is_the_strongest_evidence_that_the_page_has(body, head, expected):
    assert published(body, head) == expected


def test_of_two_days_called_publication_the_one_shown_holds_unless_it_is_the_change():
    head = linked(datePublished="2024-02-01") + '<meta property="article:published_time" content="2024-02-06">'
    shown = f'<article><h1>Roof is mended</h1><p class="meta">6 February 2024</p>{PROSE}</article>'
    assert published(shown, head) == ("2024-02-06", "day", "meta")
    assert published(f"<article><h1>Roof is mended</h1>{PROSE}</article>", head) == ("2024-02-01", "day", "json_ld")
    changed = head + '<meta property="article:modified_time" content="2024-02-06T08:00:00Z">'
    assert published(shown, changed) == ("2024-02-01", "day", "json_ld")


def test_a_time_without_a_zone_is_in_the_one_offset_that_the_head_writes():
    def at(**fields: str) -> str:
        return f"{page_facts(read_page(tree('', linked(**fields))), zone='UTC', publisher=None).published.at:%d %H:%M}"

    written = "2024-02-01T20:05:00"
    assert at(datePublished=written) == "01 20:05"
    assert at(datePublished=written, dateModified="2024-02-02T09:00:00+02:00") == "01 18:05"
    assert at(datePublished=written, dateModified="2024-02-02T09:00:00-05:00") == "02 01:05"
    assert at(datePublished=written, dateModified="2024-02-02T09:00:00Z") == "01 20:05"
    assert at(datePublished=written + "+01:00", dateModified="2024-02-02T09:00:00+02:00") == "01 19:05"


def test_a_comments_change_is_not_the_articles():
    def modified(body: str) -> str | None:
        return day(page_facts(read_page(tree(body)), zone="UTC", publisher=None).modified)

    changed = "<time itemprop='dateModified' datetime='2021-05-02'>x</time>"
    assert modified(f"<h1>Roof</h1>{changed}") == "2021-05-02"
    assert modified(f"<h1>Roof</h1><div id='comment-12'>{changed}</div>") is None
    assert modified(f"<h1>Roof</h1><div itemprop='suggestedAnswer'>{changed}</div>") == "2021-05-02"
    assert modified(f"<h1>Roof</h1><div class='answer' itemprop='suggestedAnswer'>{changed}</div>") is None
