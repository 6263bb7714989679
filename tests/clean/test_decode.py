import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.decode import _controls, decode
from corpus.clean.document import Quarantined

LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1)
GERMAN = "Der Bürgermeister von Müllheim äußerte sich am Freitag über die größere Brücke. " * 3


@given(LETTERS)
def test_utf8_is_read_whatever_is_declared(text):
    found = decode(b'<meta charset="windows-1251">' + text.encode(), "koi8-r")
    assert (found.text.endswith(text), found.encoding, found.evidence) == (True, "utf-8", "utf8")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_not_text(mark, encoding):
    found = decode(mark + GERMAN.encode(encoding), "latin-1")
    assert (found.text, found.encoding, found.evidence, found.offset) == (GERMAN, encoding, "bom", len(mark))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_without_a_mark_are_told_by_their_zero_bytes(encoding):
    assert decode(GERMAN.encode(encoding), None).text == GERMAN


def test_the_transport_goes_before_the_page():
    payload = b'<meta charset="iso-8859-2">' + GERMAN.encode("cp1252")
    assert decode(payload, "windows-1252").evidence == "http"
    assert decode(payload, None).evidence == "meta"


def test_latin1_means_windows_1252_as_on_the_web():
    assert decode("“größer” – sagte er".encode("cp1252"), "ISO-8859-1").text == "“größer” – sagte er"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Министерство сообщило, что мост откроют в субботу утром после ремонта."),
        ("shift_jis", "市長は月曜日に図書館の屋根を修理すると発表した。費用は八千万円になる見込みだ。"),
        ("cp1252", GERMAN),
    ],
)
def test_what_nobody_declares_is_detected(encoding, text):
    found = decode(text.encode(encoding), None)
    assert (found.text, found.evidence) == (text, "detected")


def test_slightly_broken_utf8_stays_utf8_and_says_where_it_is_broken():
    payload = ("é" * 200).encode() + b"\xe9 fin" + ("é" * 200).encode()
    found = decode(payload, None)
    assert found.encoding == "utf-8"
    assert found.text.count("\ufffd") == 1
    assert found.broken == ((400, 401),)


@pytest.mark.parametrize("payload", [bytes(range(256)) * 40, bytes(i * 7919 % 256 for i in range(9000))])
def test_what_is_no_text_is_of_unknown_encoding(payload):
    with pytest.raises(Quarantined) as stop:
        decode(payload, None)
    assert stop.value.rule == "unknown_encoding"


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "utf-16", "big5", "no-such", "utf-7", "hex", "idna"]))
def test_any_bytes_give_a_text_or_a_reason(payload, charset):
    try:
        assert isinstance(decode(payload, charset).text, str)
    except Quarantined as stop:
        assert stop.rule == "unknown_encoding"


def test_a_currency_sign_before_a_figure_is_not_taken_for_a_letter():
    text = (
        "Harbour dues for small boats will rise to £412 a year, said one of them in “the loudest meeting since”. " * 2
    )
    found = decode(text.encode("cp1252"), None)
    assert (found.text, found.encoding) == (text, "cp1252")


def test_polish_in_windows_1250_stays_polish():
    text = "Łódź zapłaciła w ubiegłym roku 412 złotych za każdą łódkę, powiedział Łukasz w środę wieczorem. " * 3
    assert decode(text.encode("cp1250"), None).text == text


@given(st.text(max_size=40) | st.text(alphabet=[chr(code) for code in range(0x20, 0x180)], max_size=40))
def test_control_characters_are_counted_but_for_white_space_and_escapes(text):
    controls = [char for char in text if unicodedata.category(char) == "Cc" and char not in "\t\n\v\f\r\x1b"]
    assert _controls(text.encode()) == len(controls)
