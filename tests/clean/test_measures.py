"""Words, signals, truncation."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.assemble import assemble, nowhere
from corpus.clean.document import Block, Run
from corpus.clean.lines import count_sentences
from corpus.clean.signals import Source, measure
from corpus.clean.truncation import breaks_off
from corpus.clean.words import BOUNDARY, LETTER_OR_NUMBER, words
from corpus.signals import OF_CORPUS, QUALITY
from tests.clean.making import MORE, PROSE


def body(*texts, role="paragraph"):
    return assemble([Block(role, (Run(text),)) for text in texts], nowhere, mojibake=True)


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("can't stop 3.5m U.S. e-mail", 6),
        ("l’été d'hier", 2),
        ("東京タワーに行く", 6),
        ("한국어 문장", 2),
        ("— … 100 %", 1),
        ("", 0),
        ("a_b __", 1),
    ],
)
def test_words_are_those_of_uax_29(text, n):
    assert len(words(text)) == n


@given(
    st.text(
        st.one_of(
            st.characters(max_codepoint=0x24F, exclude_characters="\r"), st.sampled_from("’‘–—“”…€→ '.,:;_19aZé")
        ),
        max_size=60,
    )
)
def test_the_short_way_counts_as_the_standards_does(text):
    assert len(words(text)) == sum(1 for part in BOUNDARY.split(text) if LETTER_OR_NUMBER.search(part))


def signals(*texts, role="paragraph", **source):
    return measure(body(*texts, role=role), Source(**source))[0]


@given(st.text(alphabet="ab .!?…\"'”’»)]。！ \n", max_size=40))
def test_sentences_end_at_runs_of_marks_before_white_space(text):
    ends = re.findall(r"(?<![.!?…])[.!?…]+[\"'”’»)\]]*(?=\s|\Z)|[。！]+", text)
    assert count_sentences(text) == max(len(ends), 1 if "a" in text or "b" in text else 0)


def test_signals_are_what_their_columns_say():
    whole = body("One # two...", "One # two...", "THREE and the four.")
    found, n_words = measure(whole, Source(payload_bytes=100, encoding="utf-8", evidence="utf8"))
    assert n_words == 8
    assert (found["duplicate_line_ratio"], found["ellipsis_line_ratio"], found["stop_words"]) == (0.3333, 0.6667, 2)
    assert found["symbol_to_word_ratio"] == 0.25
    assert found["text_to_payload_ratio"] == 0.47
    assert found["n_sentences"] == 3


def test_every_column_of_quality_is_measured_and_an_empty_body_has_them_too():
    found, n_words = measure(body(), Source())
    filled = [column.name for column in QUALITY.columns if column.name not in {"article_id", *OF_CORPUS}]
    assert sorted(found) == sorted(filled)
    assert (n_words, found["n_sentences"], found["mean_word_length"]) == (0, 0, 0.0)


@pytest.mark.parametrize(
    ("last", "cut"),
    [
        (f"{MORE} If you want better reasoning, better grounding, and fewer", True),
        (f"{MORE} The mayor said that...", True),
        ("The mayor said that [...]", True),
        (f"{MORE} It rained on Monday, on Tuesday, and then,", True),
        (MORE, False),
        (f"{MORE} (AP)", False),
        (f"{MORE} Gil Farrow in Selwick", False),
        ("Contact the newsdesk", False),
        (f"{MORE} Write to the desk of the paper at news@selwick.example", False),
        ("図書館の屋根は来月修理されることになった", False),
    ],
)
def test_texts_that_break_off_are_told(last, cut):
    whole = body(PROSE, last)
    assert breaks_off(whole.text, whole.paragraphs) is cut


def test_a_list_or_a_link_at_the_end_is_no_break():
    lines = body(PROSE, f"{MORE} and then some more of this without an end", role="list_item")
    assert not breaks_off(lines.text, lines.paragraphs)
    linked = assemble(
        [Block("paragraph", (Run(f"{PROSE} {MORE} For the minutes of the meeting see "), Run("this page", "/x")))],
        nowhere,
        mojibake=True,
    )
    assert not breaks_off(linked.text, linked.paragraphs, linked.anchors)


@given(
    st.lists(
        st.lists(st.tuples(st.text(max_size=12), st.none() | st.just("https://a.example/x")), max_size=4), max_size=6
    )
)
def test_offsets_hold_whatever_the_runs(rows):
    found = assemble([Block("paragraph", tuple(Run(*run) for run in runs)) for runs in rows], nowhere, mojibake=True)
    pieces = [found.text[p.start_char : p.end_char] for p in found.paragraphs]
    assert found.text == "\n\n".join(pieces)
    assert all(piece.strip() == piece != "" and "\n\n" not in piece for piece in pieces)
    for anchor in found.anchors:
        assert anchor.start_char is None or found.text[anchor.start_char : anchor.end_char] == anchor.anchor_text != ""
