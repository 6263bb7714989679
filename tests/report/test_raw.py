"""What `corpus why` shows of a record's bytes."""

import pytest

from corpus.report.raw import CHARS, pieces

SECRET = "odette@library.example"


def mask(words):
    return words.replace(SECRET, "<EMAIL>")


def placed(start, end):
    return {"raw_start_byte": start, "raw_end_byte": end}


@pytest.mark.parametrize(
    "written",
    [
        "write to odette@library.example now",
        "write to odette&#64;library.example now",
        "write to odette&#x40;library.example now",
        "write to odette\\u0040library.example now",
        "write to odette%40library.example now",
        "write to odette=40library.example now",
        "write to <b>odette</b>@library<i>.example</i> now",
        '<a href="mailto:odette@library.example">write</a>',
        "\\u006fdette@library.example",
    ],
)
def test_no_way_of_writing_shows_what_is_masked(written):
    (piece,) = pieces(written.encode(), [placed(0, len(written))], "", mask)
    assert "odette" not in piece.text or "library" not in piece.text
    (open_piece,) = pieces(written.encode(), [placed(0, len(written))], "", None)
    assert open_piece.text == written


def test_an_address_at_the_end_of_what_is_shown_is_not_shown_in_part():
    data = ("x" * (CHARS - 8) + " " + SECRET).encode()
    (piece,) = pieces(data, [placed(0, len(data))], "", mask)
    assert "odette" not in piece.text and len(piece.text) <= CHARS


def test_bytes_are_read_in_the_encoding_that_the_ledger_names():
    data = "Größe".encode("utf-16-le")
    (piece,) = pieces(data, [placed(0, len(data))], "decoded as utf-16-le: detected", None)
    assert piece.text == "Größe"
    assert pieces(b"caf\xe9", [], "decoded as nonsense: meta", None)[0].text == "caf\ufffd"


def test_of_a_record_without_places_the_beginning_is_shown():
    (piece,) = pieces(b"y" * 1000, [placed(None, None)], "", mask)
    assert (piece.paragraph, piece.start, piece.end, piece.text) == (None, 0, CHARS, "y" * CHARS)
    assert pieces(b"", [], "", mask) == []
