"""Dates that a page shows or has in its address, and which of several is that of publication."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.datelines import only_date, place_of, shown_dates, worded_date
from corpus.clean.dates import Reading, parse_time, reading_of, without_day
from corpus.clean.metadata import page_facts
from corpus.clean.page import parse, prepared, read_page
from corpus.clean.times import address_date

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
        # a year of two digits, a machine value on any element, a date inside the heading
        ("<h1>Roof</h1><span>19.5.26</span>", (None, None, "2026-05-19")),
        ('<h1>Roof</h1><abbr title="2026-05-19T08:00:00Z">gestern</abbr>', (None, None, "2026-05-19")),
        ("<h1><span>19.05.2026</span>Roof</h1><p>Bis 31.12.2020</p>", (None, None, "2026-05-19")),
        # beside the title, not beside the page's first heading
        ("<h1>Courier</h1><p>1 May 2020</p><div><h2>Roof</h2><p>19 May 2026</p></div>", (None, None, "2026-05-19")),
        # a box that holds the heading is the article, whatever it is called
        ('<div class="newsitem listing"><h1>Roof</h1><p>19 May 2026</p></div>', (None, None, "2026-05-19")),
        ('<h1>Roof</h1><div class="related"><span>May 1, 2020</span></div>', (None, None, None)),
        ("<h1>Roof</h1><h2>The best roofs that we saw in the whole of Selwick since May 19, 2020</h2>",
         (None, None, None)),
        (f"<h1>Roof</h1>{PROSE * 3}<span>May 19, 2020</span>", (None, None, None)),
    ],
)  # fmt: skip
def test_dates_near_the_heading_are_told_by_what_stands_beside_them(body, kinds):
    shown = shown_dates(place_of(tree(body), "Roof"), Reading("UTC", day_first=True))
    assert (day(shown.published), day(shown.updated), day(shown.bare)) == kinds


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/2021/04/13/roof", "2021-04-13"),
        ("https://a.example/news/2021-04-13-roof", "2021-04-13"),
        ("https://a.example/2021/apr/13/roof", "2021-04-13"),
        ("https://a.example/roof-20210413.html", "2021-04-13"),
        ("https://a.example/news/13-04-2021", "2021-04-13"),
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
        ("", "", (None, None, None)),
    ],
)  # fmt: skip
def test_the_time_of_publication_is_the_strongest_evidence_that_the_page_has(body, head, expected):
    assert published(body, head) == expected


def test_lines_of_several_days_far_from_the_heading_say_nothing():
    assert only_date(place_of(tree("<p>13 April 2021</p><p>14 April 2021</p>"), None), Reading()) is None
    assert day(only_date(place_of(tree("<p>13 April 2021</p><b>2021-04-13</b>"), None), Reading())) == "2021-04-13"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Dieser Beitrag wurde am Dienstag, 13. April 2021 um 23:03 Uhr veröffentlicht.</p>", "2021-04-13"),
        (PROSE.replace("The council", "13.4.2021 – The council", 1), "2021-04-13"),
        (PROSE.replace("The council", "Selwick, (13.4.2021). The council", 1), "2021-04-13"),
        (PROSE.replace("The council", "April 13, 2021 was the day when the council", 1), None),
        (PROSE.replace("The council", "On April 13, 2021: the council", 1), None),
        (PROSE, None),
    ],
)
def test_a_date_in_running_words_counts_where_they_say_what_it_is(body, expected):
    assert day(worded_date(place_of(tree(body), None), reading_of("de", "UTC"))) == expected


@pytest.mark.parametrize(
    ("language", "first"),
    [("de-DE", True), ("en-GB", True), ("en_GB", True), ("en", False), ("en-US", False), ("es-US", False),
     ("ja", False), ("", False), (None, False)],
)  # fmt: skip
def test_years_of_two_digits_are_read_where_the_language_writes_the_day_first(language, first):
    when = parse_time("13.4.21", "text", day_first=reading_of(language, "UTC").day_first)
    assert day(when) == ("2021-04-13" if first else None)


@given(st.text(max_size=120))
def test_no_markup_breaks_the_reading_of_dates(text):
    place = place_of(tree(f"<h1>x</h1><p>{text} 2021</p><time datetime='2021'>{text}</time>"), text)
    shown_dates(place, Reading())
    worded_date(place, Reading())
    address_date(f"https://a.example/{text}")
    without_day(text)


@given(st.dates().filter(lambda d: 1700 <= d.year < 2100))
def test_every_whole_day_is_read_back(d):
    assert day(parse_time(f"{d.year:04}年{d.month}月{d.day}日", "text")) == d.isoformat()


def test_of_two_days_called_publication_the_one_shown_holds_unless_it_is_the_change():
    head = linked(datePublished="2024-02-01") + '<meta property="article:published_time" content="2024-02-06">'
    shown = f'<article><h1>Roof is mended</h1><p class="meta">6 February 2024</p>{PROSE}</article>'
    assert published(shown, head) == ("2024-02-06", "day", "meta")
    assert published(f"<article><h1>Roof is mended</h1>{PROSE}</article>", head) == ("2024-02-01", "day", "json_ld")
    changed = head + '<meta property="article:modified_time" content="2024-02-06T08:00:00Z">'
    assert published(shown, changed) == ("2024-02-01", "day", "json_ld")


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        (
            '<h1>Roof is mended</h1><p class="date">Written: 2024-02-01 15:03 Updated: 2024-02-09 15:30</p>',
            "2024-02-01",
        ),
        ("<p>2024-02-01 10:16 - Selwick</p><h1>Roof is mended</h1><small>2024-01-30 · Sports</small>", "2024-02-01"),
        ('<h1>Roof is mended</h1><p class="text__caption">2024-02-01 | Selwick</p>', "2024-02-01"),
    ],
)
def test_the_first_date_beside_the_heading_is_that_of_publication(around, expected):
    assert published(f"<article>{around}{PROSE}</article>")[0] == expected


def test_a_time_without_a_zone_is_in_the_one_offset_that_the_head_writes():
    def at(**fields: str) -> str:
        return f"{page_facts(read_page(tree('', linked(**fields))), zone='UTC', publisher=None).published.at:%d %H:%M}"

    written = "2024-02-01T20:05:00"
    assert at(datePublished=written) == "01 20:05"
    assert at(datePublished=written, dateModified="2024-02-02T09:00:00+02:00") == "01 18:05"
    assert at(datePublished=written, dateModified="2024-02-02T09:00:00-05:00") == "02 01:05"
    assert at(datePublished=written, dateModified="2024-02-02T09:00:00Z") == "01 20:05"
    assert at(datePublished=written + "+01:00", dateModified="2024-02-02T09:00:00+02:00") == "01 19:05"


@given(
    st.dates(min_value=parse_time("1990", "").at.date()),
    st.sampled_from(["UTC", "Asia/Tokyo", "America/Los_Angeles", "+14:00", "-11:00"]),
    st.sampled_from(["", "T00:00:00", "T00:00:00Z", "T00:00:00+09:00", " 00:00"]),
)
def test_a_day_never_shifts_whatever_the_zone(written, zone, midnight):
    when = parse_time(f"{written.isoformat()}{midnight}", "meta", zone)
    assert when is None or (when.at.date(), when.precision) == (written, "day")
    assert (when is None) == (written.year >= 2100)
