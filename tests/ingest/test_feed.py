"""Feeds: each entry a record, its payload its own bytes, however broken the feed around it."""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from corpus.ingest import payload_of
from corpus.sections import Ingest
from tests.ingest.conftest import read_bytes, rule

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Aller Gazette</title><link>https://aller.example/</link><language>en-GB</language>
{items}
</channel></rss>
"""
ITEM = """<item><title>Bridge {n} closed</title><link>https://aller.example/{n}</link>
<guid isPermaLink="false">g-{n}</guid><pubDate>Mon, 05 May 2025 10:00:00 +0200</pubDate>
<dc:creator>Ann Onym</dc:creator><dc:creator>Bob Other</dc:creator><category>News</category><category>Roads</category>
<description>In short.</description>
<content:encoded><![CDATA[<p>The bridge <b>{n}</b> &amp; its road are closed &nbsp; now.</p>]]></content:encoded>
</item>"""
ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/"><title>B</title>
{items}</feed>"""
ENTRY = """<entry><title type="html">Two &amp;amp; &lt;i&gt;three&lt;/i&gt;</title><id>urn:1</id><link href="rel/x"/>
<published>2025-05</published><updated>2025-05-06T07:00:00Z</updated><author><name>Z</name></author>
<author><name>Y</name></author><category term="t1" label="L1"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>In <b>x</b></p></div></content></entry>"""


def rss(*items: str, encoding: str = "utf-8") -> bytes:
    return RSS.format(encoding=encoding, items="\n".join(items)).encode(encoding)


def item(n: int = 1) -> str:
    return ITEM.format(n=n)


def test_an_item_of_rss_says_what_is_what(raw: Path) -> None:
    (row,) = read_bytes(raw, "feed.xml", rss(item()))
    assert (row["own_id"], row["fate"], row["structured"], row["media_type"]) == (
        "g-1",
        None,
        "feed",
        "application/rss+xml",
    )
    assert row["payload"].decode() == item()
    assert row["content"] == "<p>The bridge <b>1</b> &amp; its road are closed &nbsp; now.</p>"
    assert row["content_type"] == "text/html"
    assert row["fields"] == {
        "url": "https://aller.example/1", "title": "Bridge 1 closed", "authors": ["Ann Onym", "Bob Other"],
        "published_at": "Mon, 05 May 2025 10:00:00 +0200", "modified_at": None, "retrieved_at": None,
        "site_name": "The Aller Gazette", "language": "en-GB", "section": None, "description": "In short.",
        "keywords": ["News", "Roads"], "headers": None,
    }  # fmt: skip


def test_an_entry_of_atom_says_what_is_what(raw: Path) -> None:
    (row,) = read_bytes(raw, "x", ATOM.format(items=ENTRY).encode())
    assert (row["own_id"], row["media_type"]) == ("urn:1", "application/atom+xml")
    assert (row["content"], row["content_type"]) == ("<p>In <b>x</b></p>", "text/html")
    fields = row["fields"]
    assert (fields["title"], fields["url"]) == ("Two & three", "https://b.example/rel/x")
    assert fields["published_at"] == "2025-05"  # as written: no day is invented
    assert fields["modified_at"] == "2025-05-06T07:00:00Z"
    assert (fields["authors"], fields["keywords"]) == (["Z", "Y"], ["L1"])


def test_an_atom_entry_that_was_only_updated_has_no_date_of_publication(raw: Path) -> None:
    (row,) = read_bytes(raw, "x", ATOM.format(items=ENTRY.replace("<published>2025-05</published>", "")).encode())
    assert (row["fields"]["published_at"], row["fields"]["modified_at"]) == (None, "2025-05-06T07:00:00Z")


def test_rdf_dates_an_item_by_dublin_core(raw: Path) -> None:
    data = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="u"><title>R</title></channel>
      <item rdf:about="https://r.example/1"><title>T</title><link>https://r.example/1</link>
      <description>A plain summary of it.</description><dc:date>2025-05-05</dc:date></item></rdf:RDF>"""
    (row,) = read_bytes(raw, "feed", data)
    assert (row["content"], row["content_type"]) == ("A plain summary of it.", "text/plain")
    assert (row["fields"]["published_at"], row["fields"]["site_name"]) == ("2025-05-05", "R")
    assert row["fields"]["description"] is None
    assert data[row["byte_start"] : row["byte_end"]].endswith(b"</item>")


def test_a_summary_with_markup_is_html(raw: Path) -> None:
    (row,) = read_bytes(raw, "f", rss("<item><description>One &lt;b&gt;two&lt;/b&gt;.</description></item>"))
    assert (row["content"], row["content_type"], row["own_id"]) == ("One <b>two</b>.", "text/html", None)


def test_a_title_keeps_what_follows_an_entity_that_nothing_declares(raw: Path) -> None:
    (row,) = read_bytes(raw, "f", rss(item().replace("Bridge 1 closed", "A &nbsp; caf&eacute; &amp;#8217;s")))
    assert row["fields"]["title"] == "A café ’s"
    assert row["detail"] is None


def test_an_item_without_text_is_rejected(raw: Path) -> None:
    bare, empty = read_bytes(
        raw,
        "f",
        rss("<item><title>T</title><guid>1</guid></item>", "<item><title>T</title><description> </description></item>"),
    )
    assert (bare["fate"], rule(bare), bare["own_id"]) == ("rejected", "no_text_field", "1")
    assert bare["reasons"][0]["threshold"] == "content or description"
    assert (empty["fate"], rule(empty)) == ("rejected", "empty_text")
    assert bare["payload"] is bare["content"] is None


def check_places(raw: Path, data: bytes, rows: list[dict]) -> None:
    for row in rows:
        payload = data[row["byte_start"] : row["byte_end"]]
        assert row["sha256"] == hashlib.sha256(payload).hexdigest()
        assert row["payload"] in (None, payload)
        assert payload_of(raw, row) == payload


@pytest.mark.parametrize("lead", [b"", b"\xef\xbb\xbf", b"\n  \n", b"\xef\xbb\xbf\r\n"])
def test_what_stands_before_the_feed_moves_no_payload(raw: Path, lead: bytes) -> None:
    data = lead + rss(item(1), "<!-- <item>no</item> -->", item(2))
    rows = read_bytes(raw, "f.xml", data)
    assert [row["payload"].decode() for row in rows] == [item(1), item(2)]
    check_places(raw, data, rows)


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "iso-8859-1",
        "windows-1252",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-be",
        "utf-8-sig",
        "windows-1251",
        "shift_jis",
        "gbk",
        "euc-kr",
    ],
)
def test_places_count_bytes_and_text_is_decoded_in_any_encoding(raw: Path, encoding: str) -> None:
    word = {"windows-1251": "мост", "shift_jis": "表ソ橋", "gbk": "桥梁", "euc-kr": "다리"}.get(encoding, "Brücke é")
    data = rss(item().replace("Bridge", word), item(2), encoding=encoding)
    rows = read_bytes(raw, "f.xml", data)
    assert [row["fields"]["title"] for row in rows] == [f"{word} 1 closed", "Bridge 2 closed"]
    assert [row["detail"] for row in rows] == [None, None]
    check_places(raw, data, rows)
    assert (
        rows[0]["payload"]
        .decode({"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, encoding))
        .startswith("<item>")
    )


def test_a_feed_that_lies_about_its_encoding_is_still_read(raw: Path) -> None:
    data = rss(item().replace("Bridge", "Brücke"), encoding="windows-1252").replace(b"windows-1252", b"utf-8")
    assert read_bytes(raw, "f.xml", data)[0]["fields"]["title"] == "Brücke 1 closed"
    data = rss(item().replace("Bridge", "Brücke")).replace(b"utf-8", b"windows-1252")
    assert read_bytes(raw, "f.xml", data)[0]["fields"]["title"] == "Brücke 1 closed"


@pytest.mark.parametrize(
    "broken",
    [
        item(2).replace("In short.", "A & B <br> C"),
        item(2).replace("In short.", "a \x0b b"),
        item(2).replace("<item>", "<item =>"),
    ],
)
def test_an_entry_of_broken_xml_is_read_by_its_tags_and_its_neighbours_too(raw: Path, broken: str) -> None:
    data = rss(item(1), broken, item(3))
    rows = read_bytes(raw, "f.xml", data)
    assert [row["own_id"] for row in rows] == ["g-1", "g-2", "g-3"]
    assert [row["payload"].decode() for row in rows] == [item(1), broken, item(3)]
    assert rows[0]["detail"] is None
    assert "not well-formed" in rows[1]["detail"] or "mismatched" in rows[1]["detail"]
    check_places(raw, data, rows)


def test_an_entry_that_never_ends_is_quarantined_up_to_the_next(raw: Path) -> None:
    data = rss(item(1), item(2).replace("</item>", ""), item(3))
    one, two, three = read_bytes(raw, "f.xml", data)
    assert (one["own_id"], three["own_id"]) == ("g-1", "g-3")
    assert (two["fate"], rule(two), two["payload"]) == ("quarantined", "malformed_feed", None)
    assert data[two["byte_start"] : two["byte_end"]].decode().rstrip() == item(2).removesuffix("\n</item>")
    check_places(raw, data, [one, two, three])


def test_a_feed_that_is_cut_off_keeps_its_whole_entries(raw: Path) -> None:
    data = rss(item(1), item(2), item(3))
    cut = data[: data.rindex(b"<content:encoded>")]
    rows = read_bytes(raw, "f.xml", cut)
    assert [row["own_id"] for row in rows] == ["g-1", "g-2", None]
    assert (rows[2]["fate"], rule(rows[2]), rows[2]["byte_end"]) == ("quarantined", "malformed_feed", len(cut))
    check_places(raw, cut, rows)


def test_a_truncated_compressed_feed_keeps_its_whole_entries(raw: Path) -> None:
    data = rss(*(item(n).replace("In short.", os.urandom(400).hex()) for n in range(300)))
    packed = gzip.compress(data)
    *whole, last = read_bytes(raw, "f.xml.gz", packed[: len(packed) // 2])
    assert len(whole) > 50
    assert all(row["fate"] is None and data[row["byte_start"] : row["byte_end"]] == row["payload"] for row in whole)
    assert (last["fate"], rule(last)) == ("quarantined", "truncated_compression")
    assert last["sha256"] == hashlib.sha256(data[last["byte_start"] : last["byte_end"]]).hexdigest()


def test_two_feeds_one_behind_the_other_are_both_read(raw: Path) -> None:
    data = rss(item(1)) + rss(item(2))
    assert [row["own_id"] for row in read_bytes(raw, "f.xml", data)] == ["g-1", "g-2"]


@pytest.mark.parametrize(
    ("data", "fate", "wanted"),
    [
        (rss(), "rejected", "empty_file"),
        (b"<rss><channel><title>x", "quarantined", "malformed_feed"),
        (b"<rss/>", "rejected", "empty_file"),
    ],
)
def test_a_feed_without_entries_still_makes_a_record(raw: Path, data: bytes, fate: str, wanted: str) -> None:
    (row,) = read_bytes(raw, "f.xml", data)
    assert (row["fate"], rule(row), row["byte_start"], row["byte_end"]) == (fate, wanted, 0, len(data))
    assert row["sha256"] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_a_wide_feed_that_breaks_is_read_by_its_tags(raw: Path, encoding: str) -> None:
    data = rss(item(1), item(2).replace("In short.", "A & B"), item(3), encoding=encoding)
    rows = read_bytes(raw, "f.xml", data)
    assert [row["own_id"] for row in rows] == ["g-1", "g-2", "g-3"]
    assert "not well-formed" in rows[1]["detail"]
    check_places(raw, data, rows)


def test_an_element_of_people_is_measured_in_a_wide_feed_too(raw: Path) -> None:
    data = rss(item(1).replace("</item>", f"<author>{'a@' * 9000}</author></item>"), encoding="utf-16")
    assert rule(read_bytes(raw, "f.xml", data)[0]) == "oversized_field"


@pytest.mark.parametrize("broken", [False, True])
def test_an_entry_over_the_limit_is_passed_over(raw: Path, broken: bool) -> None:
    long = item(2).replace("In short.", "long " * 700_000 + ("&" if broken else ""))
    data = rss(item(1), long, item(3))
    rows = read_bytes(raw, "f.xml", data, Ingest(max_record_bytes=5000))
    assert [rule(row) for row in rows] == [None, "oversized_record", None]
    assert [row["own_id"] for row in rows] == ["g-1", None, "g-3"]
    assert (rows[1]["fate"], rows[1]["payload"]) == ("quarantined", None)
    check_places(raw, data, rows)


def test_a_comment_without_end_is_not_held_in_memory(raw: Path) -> None:
    data = rss(item(1)).replace(b"</channel>", b"<!-- " + b"x" * 4_000_000)
    one, two = read_bytes(raw, "f.xml", data, Ingest(max_record_bytes=5000))
    assert one["own_id"] == "g-1"
    assert (two["fate"], rule(two), two["byte_end"]) == ("quarantined", "oversized_record", len(data))
    check_places(raw, data, [one, two])


def test_entities_that_expand_without_end_are_stopped(raw: Path) -> None:
    bomb = b'<!DOCTYPE rss [<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
    )
    data = rss(item(1).replace("In short.", "&a11;")).replace(b"<rss", bomb + b"]><rss", 1)
    (row,) = read_bytes(raw, "f.xml", data)
    assert "amplification" in row["detail"]


def test_a_local_file_named_in_a_feed_is_not_read(raw: Path) -> None:
    (raw.parent / "secret").write_text("the secret")
    doctype = f'<!DOCTYPE rss [<!ENTITY s SYSTEM "file://{raw.parent}/secret">]><rss'.encode()
    (row,) = read_bytes(raw, "f.xml", rss(item(1).replace("In short.", "&s;")).replace(b"<rss", doctype, 1))
    assert "secret" not in str(row["fields"]) + row["content"]


def test_deep_nesting_ends_no_run(raw: Path) -> None:
    deep = "<description>" + "<b>" * 50_000 + "x" + "</b>" * 50_000 + "</description>"
    rows = read_bytes(raw, "f.xml", rss(f"<item>{deep}</item>", item(2)))
    assert len(rows) == 2
    assert rows[1]["own_id"] == "g-2"
