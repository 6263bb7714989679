"""Dates that a page shows or has in its address, and which of several is that of publication."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.datelines import only_date, place_of, shown_dates, worded_date
from corpus.clean.dates import Reading, parse_time, reading_of, without_day
from corpus.clean.times import address_date
from tests.clean.dated import PROSE, day, published, tree


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
        # what a part of the element says, or the line begins with; what the one before says of its own date is no label
        ("<h1>Roof</h1><p>May 19, 2026<br><b>First published</b></p>", ("2026-05-19", None, None)),
        ("<h1>Roof</h1><p>Published on May 19, 2026, 4 minutes to read, and 1,200 have read it so far</p>",
         ("2026-05-19", None, None)),
        ("<h1>Roof</h1><p><b>Updated:</b><br>May 20, 2026</p><p>May 19, 2026</p>", (None, "2026-05-20", "2026-05-19")),
        # the nearer of one above and one below
        ("<span>May 19, 2026</span><h1>Roof</h1>" + "<i>x</i>" * 30 + "<p>May 1, 2020</p>",
         (None, None, "2026-05-19")),
        ("<span>May 19, 2026</span>" + "<i>x</i>" * 10 + "<h1>Roof</h1>" + "<i>x</i>" * 10 + "<p>May 1, 2020</p>",
         (None, None, "2020-05-01")),
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
        ("https://a.example/2021/4/3/roof", "2021-04-03"),
        ("https://a.example/2021/4/3-roofs-that-leak", None),
        ("https://a.example/2021/99/13/roof", None),
        ("https://a.example/120210413999/roof", None),
        ("https://a.example/roof?d=2021-04-13", None),
        (None, None),
    ],
)
def test_an_address_may_hold_the_day(url, expected):
    assert day(address_date(url)) == expected


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
        (PROSE.replace("The council", "Dieser Beitrag wurde am 13. April 2021 veröffentlicht: the council", 1),
         "2021-04-13"),
        (PROSE.replace("The council", "Der Plan wurde am 13. April 2021 veröffentlicht: the council", 1), None),
        (PROSE, None),
    ],
)  # fmt: skip
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


@pytest.mark.parametrize(
    ("language", "locale", "expected"),
    [
        ("en", "en_US", "2021-03-04"), ("en-US", None, "2021-03-04"), (None, "en_US.UTF-8", "2021-03-04"),
        ("en", "en_GB", "2021-04-03"), ("fr", None, "2021-04-03"), ("de", "en_US", "2021-04-03"),
        ("en", None, None), ("es-US", None, None), ("ja", "ja_JP", None), (None, None, None),
    ],
)  # fmt: skip
def test_a_day_that_can_be_two_is_read_as_the_pages_country_writes_it(language, locale, expected):
    reading = reading_of(language, "UTC", locale)
    assert day(reading.time("03/04/2021", "text")) == day(reading.time("03-04-2021", "text")) == expected
    assert day(reading.time("13/04/2021", "text")) == day(reading.time("04/13/2021", "text")) == "2021-04-13"
    assert reading.time("03/04/2021", "meta") is None


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


@given(
    st.dates(min_value=parse_time("1990", "").at.date()),
    st.sampled_from(["UTC", "Asia/Tokyo", "America/Los_Angeles", "+14:00", "-11:00"]),
    st.sampled_from(["", "T00:00:00", "T00:00:00Z", "T00:00:00+09:00", " 00:00"]),
)
def test_a_day_never_shifts_whatever_the_zone(written, zone, midnight):
    when = parse_time(f"{written.isoformat()}{midnight}", "meta", zone)
    assert when is None or (when.at.date(), when.precision) == (written, "day")
    assert (when is None) == (written.year >= 2100)
