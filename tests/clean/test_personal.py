"""Personal data: found where it is, not in other figures, and masked without moving anything out of place."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.assemble import assemble
from corpus.clean.document import Block, Facts, Run
from corpus.clean.masking import mask_words, masked
from corpus.clean.personal import KINDS, find_personal
from corpus.sections import Privacy
from tests.clean.making import MORE, PROSE, document, holds, page, paragraphs

ALL = Privacy(mask=KINDS)


def found(text, language="en"):
    return [(find.kind, text[find.start : find.end]) for find in find_personal(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "kind", "piece"),
    [
        (
            "Write to odette.lunn+roof@library.selwick.example.",
            "en",
            "email",
            "odette.lunn+roof@library.selwick.example",
        ),
        ("(jörg_müller@straße.example)", "de", "email", "jörg_müller@straße.example"),
        ("odette [at] library [dot] example, please", "en", "email", "odette [at] library [dot] example"),
        ("Call (202) 555-0143 today.", "en", "phone", "(202) 555-0143"),
        ("1-800-555-0199 is free", "en", "phone", "1-800-555-0199"),
        ("The number is +44 1632 960123.", "en", "phone", "+44 1632 960123"),
        ("Phone: 01632 960123", "en", "phone", "01632 960123"),
        ("ring 555-0143 now", "en", "phone", "555-0143"),
        ("0044 20 7946 0958", "en", "phone", "0044 20 7946 0958"),
        ("Telefon 030 23125 123", "de", "phone", "030 23125 123"),
        ("au 06 12 34 56 78.", "fr", "phone", "06 12 34 56 78"),
        ("電話 03-1234-5678", "ja", "phone", "03-1234-5678"),
        ("from 192.168.10.7.", "en", "ip", "192.168.10.7"),
        ("at http://203.0.113.9:80/x", "en", "ip", "203.0.113.9"),
        ("seen at 2001:db8::8a2e:370:7334 twice", "en", "ip", "2001:db8::8a2e:370:7334"),
    ],
)
def test_personal_data_is_found_with_its_span(text, language, kind, piece):
    assert found(text, language) == [(kind, piece)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("It cost $1,234,567.89, or 12.345.678,00 €, of 8 336 817 in all.", "de"),
        ("On 2026-05-12 14:30:05, 12/05/2026, 01-02-2026 and from 1939-1945.", "en"),
        ("ISBN 978-3-16-148410-0 and 0-306-40615-2, ISSN 0317-8471", "en"),
        ("They won 6-4 3-6 7-6 (7-5), 21-15 21-18, after 102-98.", "en"),
        ("Version 96.0.46.110, iOS 17.1.2.1 and openresty/1.9.7.1", "en"),
        ("std::vector at 12:30:45, ratio 1:2:3, verse 3:16", "en"),
        ("@odette@social.example and @handle", "en"),
        ("51.5074, -0.1278 and 3.14159265358979", "en"),
        ("case 020-12345-67, doi 10.1016/j.cell.2020.01.001", "en"),
        ("IBAN DE89 3704 0044 0532 0130 00, card 4111 1111 1111 1111", "de"),
        ("+10 000 000 jobs, +3 456 789 and -5.2", "fr"),
        ("2,000-3,000 people, 100-200-3000, 35000 to 41000 ft", "en"),
        ("between 127.0.0.1 and 0.0.0.0", "en"),
    ],
)
def test_other_figures_are_no_personal_data(text, language):
    assert found(text, language) == []


def test_counts_are_signals_whether_masked_or_not():
    doc = document(f"{PROSE} Write to a@b.example or c@d.example, call (202) 555-0143.")
    names = [f"personal_data_{kind}s" for kind in KINDS]
    assert [doc["signals"][name] for name in names] == [2, 1, 0]
    assert "a@b.example" in doc["text"]


PIECES = ["x ", "roof, ", "a@b.example, ", "(202) 555-0143, ", "203.0.113.9, ", "ü ", "Call "]


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from(PIECES), st.booleans()), min_size=1, max_size=6), max_size=5))
def test_masking_moves_every_offset_along(rows):
    def run(words, linked):
        return Run(words, f"https://a.example/?q={words.strip(', ')}" if linked else None)

    blocks = [Block("paragraph", tuple(run(*piece) for piece in row)) for row in rows]
    plain = assemble(blocks, lambda found: [(n, n + 1) for n, _ in enumerate(found)], mojibake=False)
    now, _, _ = masked(plain, Facts(), find_personal(plain.text, "en"), ALL, "en")
    pieces = [now.text[p.start_char : p.end_char] for p in now.paragraphs]
    assert now.text == "\n\n".join(pieces)
    assert [(p.raw_start_byte, p.raw_end_byte) for p in now.paragraphs] == [
        (p.raw_start_byte, p.raw_end_byte) for p in plain.paragraphs
    ]
    assert len(now.anchors) == len(plain.anchors)
    for anchor in now.anchors:
        assert now.text[anchor.start_char : anchor.end_char] == anchor.anchor_text
    told = [now.text, *(anchor.url for anchor in now.anchors)]
    assert not any(secret in words for words in told for secret in ("a@b.example", "555-0143", "203.0.113.9"))
    assert re.sub(r"a@b\.example", "<EMAIL>", plain.text).count("<EMAIL>") == now.text.count("<EMAIL>")


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ((Run("a@b"), Run(".example", "/x"), Run(" ends")), "<EMAIL>"),
        ((Run("to a@b", "/x"), Run(".example ends")), "to <EMAIL>"),
        ((Run("see "), Run("it, a@b", "/x"), Run(".example")), "it, <EMAIL>"),
    ],
)
def test_a_link_that_begins_or_ends_inside_what_is_masked_takes_its_token(runs, told):
    plain = assemble([Block("paragraph", runs)], lambda found: [None] * len(found), mojibake=False)
    now, _, _ = masked(plain, Facts(), find_personal(plain.text, "en"), ALL, "en")
    (anchor,) = now.anchors
    assert now.text[anchor.start_char : anchor.end_char] == anchor.anchor_text == told


def test_a_record_says_nothing_of_what_is_masked():
    secrets = ("odette@library.example", "202) 555-0143", "2025550143", "203.0.113.9", "odette%40library.example")
    head = (
        '<meta name="author" content="odette@library.example"><meta name="description" content="Call (202) 555-0143">'
        '<link rel="canonical" href="http://203.0.113.9/roof">'
        '<meta name="keywords" content="odette@library.example, roof">'
    )
    body = (
        f"<p>{PROSE}</p><p>Write to <a href='mailto:odette@library.example'>odette@<b>library.example</b></a>, or to "
        "<a href='https://a.example/?m=odette%40library.example&p=2025550143'>her</a>, call <a href='tel:+12025550143'>"
        f"(202) 555-0143</a> from 203.0.113.9.</p><p>{MORE}</p>"
    )
    written = page(body, head, title="Ask odette@library.example about the roof")
    doc = document(written, "text/html", privacy=ALL)
    holds(doc)
    assert not [secret for secret in secrets if secret in repr(doc)]
    assert "Write to <EMAIL>, or to her, call <PHONE> from <IP>." in paragraphs(doc)
    assert doc["authors"] == []
    plain = document(written, "text/html")
    raw = [[(p["raw_start_byte"], p["raw_end_byte"]) for p in one["paragraphs"]] for one in (doc, plain)]
    assert raw[0] == raw[1]
    assert None not in raw[0][1]


def test_only_what_is_named_is_masked_and_tokens_are_settings():
    chosen = Privacy(mask=("email",), email_token="[address]")
    assert mask_words("a@b.example called (202) 555-0143", chosen, "en") == "[address] called (202) 555-0143"
    assert mask_words("mailto:a@b.example?x=1", chosen) == "mailto:[address]?x=1"


@pytest.mark.parametrize("piece", ["1", "1-", "a.", "a.@", "x@a.", "f:", "[at]a.", "+1 ("])
def test_figures_and_dots_without_end_are_read_in_linear_time(piece):
    assert find_personal(piece * 30_000, "en") == []


def test_spans_of_personal_data_lead_to_it_or_to_what_stands_for_it():
    text = f"{PROSE}\n\nWrite to a.b@selwick.example or call +44 20 7946 0958; from 203.0.113.9 it was seen."
    for privacy in (None, Privacy(mask=("email", "ip"))):
        doc = document(text, privacy=privacy)
        seen = [(p["kind"], doc["text"][p["start_char"] : p["end_char"]]) for p in doc["personal_data"]]
        assert seen == (
            [("email", "<EMAIL>"), ("phone", "+44 20 7946 0958"), ("ip", "<IP>")]
            if privacy
            else [("email", "a.b@selwick.example"), ("phone", "+44 20 7946 0958"), ("ip", "203.0.113.9")]
        )
