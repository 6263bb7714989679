import csv
import html
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.inside import inside
from tests.clean.making import MORE, PROSE, documents, paragraphs
from tests.ingest.conftest import read_bytes

TEXT = st.text(st.characters(exclude_categories=("Cs", "Co", "Cn")), min_size=1, max_size=60)
FEED = (
    '<?xml version="1.0" encoding="{}"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    "<channel><title>Selwick Courier</title>{}</channel></rss>"
)
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Selwick Courier</title>{}</feed>'


@pytest.fixture
def articles(tmp_path):
    """What becomes of a file: each article's document, with its payload."""

    def of(name, data):
        rows = read_bytes(tmp_path / "raw", name, data if isinstance(data, bytes) else data.encode())
        assert [row["reasons"] for row in rows] == [[]] * len(rows)
        return [(doc, row["payload"]) for doc, row in zip(documents(*rows), rows, strict=True)]

    return of


def spelled(doc, payload):
    """What each paragraph's bytes are, None where they are not known."""
    return [
        payload[p["raw_start_byte"] : p["raw_end_byte"]] if p["raw_start_byte"] is not None else None
        for p in doc["paragraphs"]
    ]


def words(text):
    return "".join(text.split())


@settings(max_examples=60, deadline=None)
@given(TEXT, st.booleans(), st.sampled_from(["utf-8", "utf-8", "cp1252"]))
def test_a_content_is_found_in_a_row_of_json_however_it_is_escaped(text, ascii_only, encoding):
    row = {"id": "7", "title": "Roof", "text": text, "tags": ["a\\", '"', "\u2028"]}
    payload = json.dumps(row, ensure_ascii=ascii_only or encoding == "cp1252")
    way = inside(payload, text)
    if way is None:
        assert text in ("7", "Roof", "id", "title", "text", "tags", "a\\", '"', "\u2028")
        return
    for start in range(len(text)):
        one = way.span(start, start + 1)
        assert json.loads(f'"{payload[slice(*one)]}"', strict=False) == text[start]


@pytest.mark.parametrize("ascii_only", [True, False])
def test_paragraphs_of_json_lines_go_back_through_escapes(articles, ascii_only):
    text = f'Café “Größe” 🚲\t{PROSE}\n\n{MORE}\n\nEnde \\ Schluss "so" 😀.'
    ((doc, payload),) = articles(
        "a.jsonl", json.dumps({"id": "1", "title": "Roof", "text": text}, ensure_ascii=ascii_only)
    )
    raw = spelled(doc, payload)
    assert len(raw) == 3 and all(raw)
    for written, given_ in zip(raw, paragraphs(doc), strict=True):
        assert words(json.loads(b'"' + written + b'"')) == words(given_)


def test_a_text_that_is_a_list_of_strings_goes_back_to_each(articles):
    row = {"title": "Roof", "text": [PROSE, 'He said "no".\n\nTwice.', MORE, MORE]}
    ((doc, payload),) = articles("a.jsonl", json.dumps(row))
    raw = spelled(doc, payload)
    assert [part and json.loads(b'"' + part + b'"') for part in raw[:3]] == [PROSE, 'He said "no".', "Twice."]
    assert raw[3:] == [None, None]  # the same words twice: which of them, nothing says


def test_two_fields_with_the_same_text_leave_it_without_a_place(articles):
    ((doc, payload),) = articles("a.jsonl", json.dumps({"text": PROSE, "summary": PROSE}))
    assert spelled(doc, payload) == [None]


def test_html_in_json_goes_back_through_both(articles):
    row = {"title": "Roof", "text": f'<p>Caf&eacute; "Luna" {PROSE}</p>\n<p>Same</p><h2>Same</h2><p>{MORE}</p>'}
    ((doc, payload),) = articles("a.jsonl", json.dumps(row))
    raw = [json.loads(b'"' + part + b'"') for part in spelled(doc, payload)]
    assert [html.unescape(part) for part in raw] == paragraphs(doc)
    assert raw[0].startswith('Caf&eacute; "Luna"')


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_row_of_a_table_goes_back_to_its_canonical_json(articles, tmp_path, name):
    with (tmp_path / "made").open("w", newline="") as sink:
        table = csv.writer(sink, delimiter="\t" if name.endswith("tsv") else ",")
        table.writerows([["id", "title", "text"], ["1", "Roof", f'He said "no". {PROSE}\n\n{MORE}']])
    ((doc, payload),) = articles(name, (tmp_path / "made").read_bytes())
    assert [json.loads(b'"' + part + b'"') for part in spelled(doc, payload)] == paragraphs(doc)


MARKUP = f"<p>Caf&eacute; &amp; bar. {PROSE}</p>\r\n<p>{MORE}</p>"
ENTRY = "<item><title>Roof</title><guid>1</guid><description>Short.</description>{}</item>"


@pytest.mark.parametrize(
    "element",
    [
        f"<content:encoded><![CDATA[{MARKUP}]]></content:encoded>",
        f"<content:encoded>\n  {html.escape(MARKUP, quote=False)}\n</content:encoded>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_a_feeds_entry_goes_back_through_cdata_and_entities(articles, element, encoding):
    data = FEED.format(encoding, ENTRY.format(element.replace("bar", "bär"))).encode(encoding)
    ((doc, payload),) = articles("a.xml", data)
    raw = [part.decode(encoding) for part in spelled(doc, payload)]
    assert len(raw) == 2
    twice = [html.unescape(html.unescape(part)) for part in raw]
    assert twice == paragraphs(doc)


def test_a_plain_description_goes_back_to_its_element(articles):
    item = f"<item><title>Roof</title><description>Bread &amp; butter. {PROSE}</description></item>"
    ((doc, payload),) = articles("a.rss", FEED.format("utf-8", item))
    (raw,) = spelled(doc, payload)
    assert raw.startswith(b"Bread &amp; butter") and html.unescape(raw.decode()) == doc["text"]


def test_atoms_own_markup_is_found_as_a_pages_is(articles):
    xhtml = (
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{PROSE}</p><p>{MORE}</p></div></content>'
    )
    entry = f"<entry><title>Roof</title><id>tag:1</id><updated>2024-05-01T00:00:00Z</updated>{xhtml}</entry>"
    ((doc, payload),) = articles("a.atom", ATOM.format(entry))
    assert [part.decode() for part in spelled(doc, payload)] == [PROSE, MORE] == paragraphs(doc)


@given(st.text("<>&;amp[]CDAT!-/p \r\n", max_size=60), st.text("amp <>&;", min_size=1, max_size=5))
def test_whatever_the_payload_a_place_spells_the_content(payload, content):
    way = inside("<x>" + payload, content)
    if way is not None and (place := way.span(0, len(content))) is not None:
        written = ("<x>" + payload)[slice(*place)].replace("\r\n", "\n").replace("\r", "\n")
        assert content in (written, html.unescape(written))
