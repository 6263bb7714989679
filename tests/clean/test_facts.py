"""Dates, names, titles, addresses: values as written to values as published."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.addresses import absolute, canonical, host_of
from corpus.clean.authors import is_byline, split_authors
from corpus.clean.dates import day_line, parse_time
from corpus.clean.json_ld import LinkedData
from corpus.clean.language import code_of, identify
from corpus.clean.page import Heading, Page, parse, read_page
from corpus.clean.publication import publication
from corpus.clean.rights import rights_of, spdx
from corpus.clean.titles import choose_title


@pytest.mark.parametrize(
    ("written", "at", "precision"),
    [
        ("2021-04-13T08:30:00+01:00", "2021-04-13 07:30:00", "second"),
        ("2021-04-13T08:30Z", "2021-04-13 08:30:00", "minute"),
        ("2021-04-13", "2021-04-13 00:00:00", "day"),
        ("2021-04-13T00:00:00-05:00", "2021-04-13 00:00:00", "day"),
        ("Tue, 13 Apr 2021 08:30:05 -0500", "2021-04-13 13:30:05", "second"),
        ("20210413", "2021-04-13 00:00:00", "day"),
        ("April 13, 2021 3:05 pm EDT", "2021-04-13 19:05:00", "minute"),
        ("13. April 2021", "2021-04-13 00:00:00", "day"),
        ("13 de abril de 2021", "2021-04-13 00:00:00", "day"),
        ("13.04.2021, 08:30 Uhr", "2021-04-13 06:30:00", "minute"),
        ("1618299000", "2021-04-13 07:30:00", "second"),
        ("1618299000123", "2021-04-13 07:30:00", "second"),
        ("2021-04", "2021-04-01 00:00:00", "month"),
        ("2021", "2021-01-01 00:00:00", "year"),
        ("2021-04-13 08:30:00.123456", "2021-04-13 06:30:00", "second"),
    ],
)
def test_written_times_are_read_with_their_precision(written, at, precision):
    found = parse_time(written, "meta", "Europe/Berlin")
    assert (found.at.strftime("%Y-%m-%d %H:%M:%S"), found.precision) == (at, precision)


@pytest.mark.parametrize(
    "written", ["03/04/2021", "yesterday", "2 hours ago", "13 April", "2021-13-45", "", "9999-01-01", None]
)
def test_what_means_no_one_day_is_not_read(written):
    assert parse_time(written, "meta") is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_dates(text):
    parse_time(text, "meta", "Nowhere/At-All")
    day_line(text)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("By A. Lee and Bo Ek", ["A. Lee", "Bo Ek"]),
        ("Von Jörg Müller und Ann Lee", ["Jörg Müller", "Ann Lee"]),
        ("Written by: Ann Lee, MD, and Bo Ek, political editor", ["Ann Lee", "Bo Ek"]),
        ("Ann Lee (@annlee)", ["Ann Lee"]),
        ("Ann Lee, Chief Technology Officer and Head of Labs", ["Ann Lee"]),
        ("admin", []),
        ("ann.lee@a.example", []),
        ("ANN-MARIE LEE", ["Ann-Marie Lee"]),
        ("Martin King, Jr.", ["Martin King Jr"]),
        ("Ann Lee; ann lee", ["Ann Lee"]),
        ("박준석 기자", ["박준석"]),
        ("Genevieve Carlton, Ph.D.", ["Genevieve Carlton"]),
    ],
)
def test_bylines_become_names(written, names):
    assert list(split_authors([written])) == names


def test_the_site_is_an_author_only_where_nobody_else_is():
    assert split_authors(["Ann Lee", "The Courier"], not_names=["The Courier"]) == ("Ann Lee",)
    assert split_authors(["The Courier"], not_names=["The Courier"]) == ("The Courier",)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["Ann Lee", "Reuters"], ("Ann Lee", "Reuters")),  # in a list by itself
        (["Ann Lee und Bo Ek, dpa"], ("Ann Lee", "Bo Ek", "dpa")),
        (["Ann Lee, Associated Press"], ("Ann Lee",)),  # behind one name it is whom that person works for
        (["Ann Lee", "Courier Staff"], ("Ann Lee",)),
        (["Reuters"], ("Reuters",)),
    ],
)
def test_an_agency_is_an_author_where_it_stands_by_itself(values, names):
    assert split_authors(values) == names


@pytest.mark.parametrize(
    "line", ["By Ann Lee", "Von Jörg Müller", "By Ann van der Lee and Bo Ek", "Por Ana Ruiz", "By J. R. Lee"]
)
def test_bylines_are_told(line):
    assert is_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "By the time we came it had rained.",
        "By Monday the water had gone, said Lunn.",
        "From here on, it rains",
        "By",
        "Byron Lee wrote it",
    ],
)
def test_prose_that_begins_like_a_byline_is_none(line):
    assert not is_byline(line)


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("Roof mended - The Citizen", "Roof mended"),
        ("Roof mended | citizen.example", "Roof mended"),
        ("The Citizen: Roof mended", "Roof mended"),
        ("Roof - and walls - mended", "Roof - and walls - mended"),
        ("Roof mended | News | The Citizen", "Roof mended | News"),
        ("The Citizen", "The Citizen"),
    ],
)
def test_the_sites_name_is_cut_from_titles(title, cut):
    assert publication(["The Citizen"], "citizen.example").without(title) == cut


def page(title=None, og=None, headings=()):
    metas = {"og:title": (og,)} if og else {}
    return Page(None, metas, {}, LinkedData(), title, tuple(map(Heading, headings)), (), None)


@pytest.mark.parametrize(
    ("made", "title"),
    [
        (page("Roof mended | Town", "Roof mended", ["Town", "Roof mended!"]), "Roof mended!"),
        (
            page("Short roof story", "Short roof story", ["The roof of the library is mended"]),
            "The roof of the library is mended",
        ),
        (page("Roof is mended | Town", None, ["News Roof is mended"]), "Roof is mended"),
        (page("Roof is mended", None, ["ROOF IS MENDED"]), "Roof is mended"),
        (page("Roof is mended at last | District", None), "Roof is mended at last"),
        (page(None, None), None),
    ],
)
def test_the_heading_goes_before_the_head(made, title):
    assert choose_title(made, publication(["Town"], "town.example")) == title


@pytest.mark.parametrize(
    ("url", "canon"),
    [
        ("HTTPS://User:pw@Www.A.example:443/Path/?utm_source=x&b=2&fbclid=3#frag", "https://www.a.example/Path/?b=2"),
        ("http://a.example", "http://a.example/"),
        ("//a.example/x", "https://a.example/x"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        ("mailto:a@b.example", None),
        ("javascript:void(0)", None),
        ("https://a", None),
        ("/relative", None),
        ("http://[::1", None),
        ("https://a.example%2Fx/y", None),
        ("http://a.example:99999/", None),
    ],
)
def test_addresses_are_normalised(url, canon):
    assert canonical(url) == canon


@given(st.text(max_size=80))
def test_normalising_an_address_is_idempotent_and_leaves_no_credentials(text):
    found = canonical(f"https://{text}")
    if found is not None:
        assert canonical(found) == found
        assert "@" not in found.split("/")[2]
    absolute(text, "https://a.example/b")
    host_of(text)


def test_hosts_are_lower_case_and_without_www():
    assert host_of("https://WWW.A.Example/x") == "a.example"


def test_licence_addresses_become_spdx_ids():
    assert spdx("http://creativecommons.org/licenses/by-nc-nd/3.0/de/") == "CC-BY-NC-ND-3.0"
    assert spdx("https://creativecommons.org/publicdomain/zero/1.0/") == "CC0-1.0"
    assert spdx("https://a.example/terms") is None


def test_the_language_is_the_texts_and_the_records_word_only_a_hint():
    german = identify(
        "Der Rat der Stadt hat am Montag beschlossen, das Dach der Bücherei zu reparieren.", None, "en-GB"
    )
    assert (german.code, german.score == round(german.score, 4)) == ("de", True)
    assert identify("12 34", None, "pt-BR").code == "pt"
    assert code_of("en_US") == "en"


RIGHTS_HEAD = (
    '<meta name="robots" content="index, noai, noimageai"><meta name="GPTBot" content="noindex">'
    '<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="https://a.example/tdm.json">'
    '<link rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/">'
    '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false, "copyrightYear": 2021,'
    '"copyrightHolder": {"@type": "Organization", "name": "Selwick Courier"}}</script>'
)


def test_rights_are_listed_with_where_they_were_seen():
    tree = parse(f"<html><head>{RIGHTS_HEAD}</head><body><p>x</p></body></html>", max_nodes=1000, max_chars=10_000)
    rights, spdx_id = rights_of(read_page(tree))
    assert spdx_id == "CC-BY-SA-4.0"
    assert {(right.signal, right.value, right.where) for right in rights} == {
        ("robots", "index, noai, noimageai", "meta robots"),
        ("noai", "true", "meta robots"),
        ("noimageai", "true", "meta robots"),
        ("robots", "noindex", "meta gptbot"),
        ("tdm-reservation", "1", "meta tdm-reservation"),
        ("tdm-policy", "https://a.example/tdm.json", "meta tdm-policy"),
        ("isAccessibleForFree", "false", "json_ld"),
        ("copyrightYear", "2021", "json_ld"),
        ("copyrightHolder", "Selwick Courier", "json_ld"),
        ("license", "https://creativecommons.org/licenses/by-sa/4.0/", "link license"),
    }


def test_a_long_text_is_told_by_its_start_and_middle_and_a_mixed_one_by_more():
    german = "Der Rat der Stadt hat am Montag beschlossen, das Dach der Bücherei zu reparieren. " * 30
    assert identify(german, None, "en").code == "de"
    assert identify("“The roof!” " + german, None, None) == identify("“The roof!” " + german, None, None)
    quoted = "The council of Selwick voted on Monday to mend the roof. " + german
    assert identify(quoted, None, None).code == "de"


@settings(deadline=None)  # the first text loads the models
@given(st.text(max_size=1500), st.none() | st.text(max_size=20), st.none() | st.text(max_size=10))
def test_any_text_has_a_language_between_0_and_1_or_none(text, title, said):
    found = identify(text, title, said)
    assert found == identify(text, title, said)
    assert found.score is None or 0 <= found.score <= 1
