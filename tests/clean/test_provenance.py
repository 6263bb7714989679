import html
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.byte_map import ByteMap
from corpus.clean.decode import Decoded, decode
from corpus.clean.document import Block, Run
from corpus.clean.provenance import Stream, spelled
from tests.clean.making import MORE, PROSE, document, page, paragraphs

LINES = st.lists(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=60), min_size=1, max_size=8
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])


def back(doc, payload, media_type, declared=None):
    """Each paragraph whose bytes are known, with what those bytes give when they are read again."""
    for words, p in zip(paragraphs(doc), doc["paragraphs"], strict=True):
        if p["raw_start_byte"] is not None:
            yield words, payload[p["raw_start_byte"] : p["raw_end_byte"]]


@settings(max_examples=80, deadline=None)
@given(LINES, ENCODINGS, st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n"]))
def test_a_plain_paragraph_goes_back_to_its_bytes_and_forward_again(lines, encoding, gap):
    payload = ("Title of this\n\n" + PROSE + gap + gap.join(lines)).encode(encoding)
    doc = document(payload)
    found = decode(payload, None)
    assert all(p["raw_start_byte"] is not None for p in doc["paragraphs"])
    for words, raw in back(doc, payload, "text/plain"):
        again = raw.decode(found.encoding)
        reread = document(PROSE + "\n\n" + again.replace("\n", " "))
        assert re.sub(r"\s+", " ", words) in re.sub(r"\s+", " ", reread["text"])


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Ein größerer Bürgermeister, „schön“ – wirklich. " * 4),
        ("shift_jis", "市長は月曜日に発表した。費用は八千万円。" * 4),
        ("euc-kr", "시장은 월요일에 도서관 지붕을 수리한다고 발표했다. " * 4),
        ("gb18030", "市长星期一宣布修理图书馆的屋顶。" * 4),
    ],
)
def test_legacy_encodings_keep_the_way_back(encoding, text):
    payload = f"{text.strip()}\n\n{text.strip()}\n".encode(encoding)
    doc = document(payload, charset=encoding)
    for words, raw in back(doc, payload, "text/plain"):
        assert raw.decode(encoding) == words
    assert sum(p["raw_start_byte"] is not None for p in doc["paragraphs"]) == 2


@pytest.mark.parametrize(
    "text", ["市長は月曜日に発表した。費用は八千万円。", "市長は Selwick で発表した。Roof 八千万円です。"]
)
def test_paragraphs_of_iso_2022_jp_go_back_to_bytes_that_say_what_they_are(text):
    plain = f"{text * 4}\n\n{text * 3}終\n".encode("iso2022_jp")
    for payload, media_type in (
        (plain, "text/plain"),
        (page(f"<p>{text * 4}</p><p>{text * 3}終</p>").encode("iso2022_jp"), "text/html"),
    ):
        doc = document(payload, media_type)
        found = dict(back(doc, payload, media_type))
        assert list(found) == paragraphs(doc) == [text * 4, text * 3 + "終"]
        assert [raw.decode("iso2022_jp") for raw in found.values()] == list(found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-be", "cp1252", "gb18030", "cp932"])
def test_every_code_point_of_a_long_text_goes_back_to_its_bytes(encoding):
    signs = "aé" if encoding == "cp1252" else "a市 場" if encoding == "cp932" else "aé市😀"
    text = "".join(signs[(at * at) % len(signs)] for at in range(70_000))
    payload = text.encode(encoding)
    places = ByteMap(payload, Decoded(text, encoding, "http"))
    ends = [0, 1, 2, 30_000, 65_535, 65_536, 65_537, len(text) - 1, len(text)]
    for start, end in pairwise(ends):
        assert places.bytes_of(start, end) == tuple(len(text[:at].encode(encoding)) for at in (start, end))
    assert places.bytes_of(5, 9) is not None and places.bytes_of(0, len(text) + 1) is None


def test_bytes_behind_a_shift_that_stands_before_the_paragraph_are_no_place():
    text = "市長は月曜日に発表した。"
    decoded = decode(text.encode("iso2022_jp"), None)
    places = ByteMap(text.encode("iso2022_jp"), decoded)
    assert places.bytes_of(0, 3) == (0, 9)
    assert places.bytes_of(1, 3) is None


@pytest.mark.parametrize("broken", [b"\xe9", b"\x80", b"\xe2\x80", b"\xff"])
def test_a_broken_byte_shifts_nothing(broken):
    payload = ("é" * 150 + " war.\n\n").encode() + b"b" + broken + (" " + "é" * 150 + " fin").encode()
    found = decode(payload, None)
    places = ByteMap(payload, found)
    at = found.text.index("fin")
    assert payload[slice(*places.bytes_of(at, at + 3))] == b"fin"


@pytest.mark.parametrize("media_type", ["text/html"])
def test_a_page_paragraph_goes_back_through_entities_and_inline_markup(media_type):
    payload = page(
        f'<p>Caf&eacute; Ren&#233; &amp; <em>so</em>ns <a href="/x">re&shy;opened</a>. {PROSE}</p>\n<p>{MORE}</p>'
    ).encode()
    doc = document(payload, media_type)
    found = dict(back(doc, payload, media_type))
    assert len(found) == len(doc["paragraphs"]) == 2
    first = found[paragraphs(doc)[0]]
    assert first.startswith(b"Caf&eacute;") and first.endswith(b"June.")
    assert "Café René & sons reopened." in doc["text"]
    assert found[MORE].decode() == MORE


def test_of_equal_paragraphs_none_is_guessed_at():
    source = "<p>one two</p><p>same</p><p>same</p><p>three four</p>"
    blocks = [Block("paragraph", (Run(text),)) for text in ("one two", "same", "three four")]
    places = Stream(source).locate(blocks)
    assert [source[slice(*place)] if place else None for place in places] == ["one two", None, "three four"]


def test_a_repeated_line_is_placed_between_its_neighbours():
    source = "<p>same</p><p>one two</p><p>same</p><p>three four</p>"
    blocks = [Block("paragraph", (Run(text),)) for text in ("one two", "same", "three four")]
    assert Stream(source).locate(blocks)[1] == (28, 32)


def test_words_in_scripts_and_comments_are_not_places():
    source = "<script>one two</script><!-- one two --><p>x</p>"
    assert Stream(source).locate([Block("paragraph", (Run("one two"),))]) == [None]


@given(st.text(alphabet="<>&!-ab \"'/;#1script", max_size=80), st.text(alphabet="ab 1", min_size=1, max_size=6))
def test_whatever_the_markup_a_place_spells_the_paragraph(source, words):
    (place,) = Stream(source).locate([Block("paragraph", (Run(words),))])
    if place is not None:
        assert spelled(source[slice(*place)]) == "".join(words.split())


@given(
    st.lists(
        st.sampled_from(["a", "bc", " ", "\n", "&amp;", "&nbsp;", "&", "&#233;", "&copy", "&#0;", ";"]), max_size=12
    )
)
def test_each_character_of_a_text_node_stands_where_it_is_spelled(parts):
    source = "".join(parts)
    stream = Stream(source)
    spelt = [source[slice(*stream._place(at))] for at in range(len(stream.text))]
    assert all(char in html.unescape(piece) for char, piece in zip(stream.text, spelt, strict=True))
    assert not source.isalpha() or "".join(spelt) == source
