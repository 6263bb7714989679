"""Dates that a page shows or has in its address, and which of several is that of publication."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.datelines import address_date, only_date, shown_dates
from corpus.clean.dates import parse_time, without_day
from corpus.clean.metadata import page_facts
from corpus.clean.page import parse, prepared, read_page

PROSE = "<p>" + "The council voted on Monday to mend the roof of the library, as it had in 2019. " * 4 + "</p>"


def tree(body: str, head: str = ""):
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return parse(prepared(page), max_nodes=100_000, max_chars=1_000_000)


def day(when) -> str | None:
    return when.at.date().isoformat() if when else None


def published(body: str, head: str = "") -> tuple[str | None, str | None, str | None]:
    when = page_facts(read_page(tree(body, head)), zone="UTC", publisher=None).published
    return (day(when), when.precision, when.source) if when else (None, None, None)


def linked(**fields: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("13. April 2021", "2021-04-13"),
        ("13 de abril de 2021", "2021-04-13"),
        ("13 avril 2021", "2021-04-13"),
        ("13 Nisan 2021", "2021-04-13"),
        ("13 апреля 2021, 08:30", "2021-04-13"),
        ("13 أبريل 2021", "2021-04-13"),
        ("١٣ أبريل ٢٠٢١", "2021-04-13"),
        ("13 अप्रैल 2021", "2021-04-13"),
        ("13 फ़रवरी 2021", "2021-02-13"),
        ("2021年4月13日 8時30分", "2021-04-13"),
        ("2021년 4월 13일", "2021-04-13"),
        ("2021. 4. 13.", "2021-04-13"),
        ("13 tháng 4, 2021", "2021-04-13"),
        ("13 kwietnia 2021", "2021-04-13"),
        ("Apr. 13, 2021", "2021-04-13"),
        ("4/13/2021 12:00:00 AM", "2021-04-13"),
        ("13/04/2021", "2021-04-13"),
        ("03/04/2021", None),
        ("13 Nonsense 2021", None),
    ],
)
def test_days_are_read_in_many_languages(written, expected):
    assert day(parse_time(written, "text")) == expected


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("By Ann Lee, May 19, 2026", "By Ann Lee"),
        ("May 19, 2026 · By Ann Lee", "By Ann Lee"),
        ("By Ann Lee on 19 May 2026", "By Ann Lee"),
        ("By Ann Lee | Published: 19.05.2026", "By Ann Lee"),
        ("By Ann Lee", "By Ann Lee"),
        ("Catch-22 by Ann Lee", "Catch-22 by Ann Lee"),
    ],
)
def test_a_date_is_taken_out_of_a_byline(line, rest):
    assert without_day(line) == rest


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("<h1>Roof</h1><span>May 19, 2026</span>", (None, None, "2026-05-19")),
        ("<span>May 19, 2026</span><h1>Roof</h1>", (None, None, "2026-05-19")),
        ("<h1>Roof</h1><p>Updated May 20, 2026</p><p>Published May 19, 2026</p>", ("2026-05-19", "2026-05-20", None)),
        ('<h1>Roof</h1><time datetime="2026-05-19T08:00Z">3 days ago</time>', (None, None, "2026-05-19")),
        ('<h1>Roof</h1><time datetime="2019-09-03">May 19, 2026</time>', (None, None, "2026-05-19")),
        ("<h1>Roof</h1><dl><dt>Veröffentlicht</dt><dd>19.05.2026</dd></dl>", ("2026-05-19", None, None)),
        ("<h1>屋根</h1><p>公開日：2026年5月19日</p>", ("2026-05-19", None, None)),
        ("<h1>지붕</h1><p>수정 2026.05.20 11:00</p><p>입력 2026.05.19 10:00</p>", ("2026-05-19", "2026-05-20", None)),
        ('<h1>Roof</h1><div class="related"><span>May 1, 2020</span></div>', (None, None, None)),
        ("<h1>Roof</h1><h2>The best roofs that we saw in the whole of Selwick since May 19, 2020</h2>",
         (None, None, None)),
        (f"<h1>Roof</h1>{PROSE * 3}<span>May 19, 2020</span>", (None, None, None)),
    ],
)  # fmt: skip
def test_dates_near_the_heading_are_told_by_what_stands_beside_them(body, kinds):
    shown = shown_dates(tree(body), "UTC")
    assert (day(shown.published), day(shown.updated), day(shown.bare)) == kinds


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/2021/04/13/roof", "2021-04-13"),
        ("https://a.example/news/2021-04-13-roof", "2021-04-13"),
        ("https://a.example/2021/apr/13/roof", "2021-04-13"),
        ("https://a.example/roof-20210413.html", "2021-04-13"),
        ("https://a.example/2021/99/13/roof", None),
        ("https://a.example/120210413999/roof", None),
        ("https://a.example/roof?d=2021-04-13", None),
        (None, None),
    ],
)
def test_an_address_may_hold_the_day(url, expected):
    assert day(address_date(url)) == expected


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
        ("", "", (None, None, None)),
    ],
)  # fmt: skip
def test_the_time_of_publication_is_the_strongest_evidence_that_the_page_has(body, head, expected):
    assert published(body, head) == expected


def test_lines_of_several_days_far_from_the_heading_say_nothing():
    assert only_date(tree("<p>13 April 2021</p><p>14 April 2021</p>"), "UTC") is None
    assert day(only_date(tree("<p>13 April 2021</p><b>2021-04-13</b>"), "UTC")) == "2021-04-13"


@given(st.text(max_size=120))
def test_no_markup_breaks_the_reading_of_dates(text):
    shown_dates(tree(f"<h1>x</h1><p>{text} 2021</p><time datetime='2021'>{text}</time>"), "UTC")
    address_date(f"https://a.example/{text}")
    without_day(text)


@given(st.dates().filter(lambda d: 1700 <= d.year < 2100))
def test_every_whole_day_is_read_back(d):
    assert day(parse_time(f"{d.year:04}年{d.month}月{d.day}日", "text")) == d.isoformat()
