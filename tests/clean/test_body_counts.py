import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean.body.characters import (
    CLOSING,
    COMMA,
    END,
    IS_WIDE,
    LETTER,
    MARKS,
    OPENING,
    WIDE,
    characters,
    kinds,
)
from corpus.clean.body.counts import (
    BAR,
    CAPITALS,
    CLOSED,
    CODE,
    COLON,
    COMMAS,
    COUNTS,
    DIGITS,
    ELLIPSIS,
    ENDS,
    HEAD,
    QUESTION,
    SIGN,
    SPACES,
    STARTS,
    WIDTH,
    count,
)
from corpus.clean.body.measures import LOCAL, Hints, local_measures
from corpus.clean.body.walk import Segment
from corpus.clean.body.wording import EDGE, EDGE_CHARS, LINE_CHARS, WORD, line_words, scored, table_of

SCORES = {"newsletter": -1.5, "said": 0.4, "teilen": -2.0, "market": 0.7, "责任编辑": -3.0, "share": -0.9}
PIECES = st.sampled_from(
    [
        *SCORES, "Newsletter", "İstanbul", "ÀÉÎ", "x", "²", "4", "19:30", "#", "—", " ", "  ", ".", "…", "...", ",",
        "、", "。", ":", "？", "|", "» ", "©", "@", "{", ";}", "“", "q" * 30, "한국", "ไทย", "a_b", "3rd",
    ]
)  # fmt: skip
LINES = st.lists(PIECES, max_size=60).map(lambda pieces: "".join(pieces).strip())


def counted(line):
    """What the kernel counts, in plain Python."""
    head, words = line[:HEAD], line[:HEAD].split()
    first = line[1:2] if line[0] in MARKS[OPENING] else line[0]
    return {
        WIDTH: sum(any(low <= ord(c) <= high for low, high in WIDE) for c in line),
        SPACES: line.count(" "),
        ENDS: sum(c in MARKS[END] for c in line),
        COMMAS: sum(c in MARKS[COMMA] for c in line),
        CLOSED: line[-1] in MARKS[CLOSING],
        STARTS: first.isupper(),
        CAPITALS: sum(word[0].isupper() for word in words) / len(words),
        DIGITS: len(re.findall(r"\d", head)) / len(head),
        COLON: line[-1] in ":：",
        SIGN: "©" in line or "@" in head,
        BAR: "|" in head or "›" in head or "»" in head[-3:],
        ELLIPSIS: line[-1] == "…" or line.endswith("..."),
        QUESTION: line[-1] in "?？",
        CODE: "{" in line or ";}" in line,
    }


def worded(line):
    """What the kernel says of words, in plain Python."""

    def mean(words):
        return sum(SCORES.get(word, 0.0) for word in words) / len(words) if words else 0.0

    if len(line) > LINE_CHARS:
        ends = WORD.findall(line[:EDGE_CHARS].lower()), WORD.findall(line[-EDGE_CHARS:].lower())
        return 0.0, 0.0, 0.0, mean(ends[0][:EDGE]), mean(ends[1][-EDGE:])
    words = line_words(line)
    known = [SCORES[word] for word in words if word in SCORES]
    if not known:
        return (0.0,) * 5
    return min(known), max(known), sum(known) / len(known), mean(words[:EDGE]), mean(words[-EDGE:])


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES.filter(bool), min_size=1, max_size=4))
def test_the_kernel_counts_what_plain_python_counts(texts):
    said = characters(texts)
    rows = count(said.codes, said.starts, kinds())
    for line, row in zip(texts, rows, strict=True):
        assert row.tolist() == pytest.approx([float(counted(line)[column]) for column in range(COUNTS)])


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=4))
def test_the_kernel_scores_words_as_plain_python_does(texts):
    rows = scored(characters(texts), table_of(SCORES))
    assert rows.tolist() == [pytest.approx(worded(line), abs=1e-6) for line in texts]


def test_letters_are_what_the_expression_for_words_takes():
    table, letter = kinds(), re.compile(r"[^\W\d_]")
    assert [c for c in range(0xD800) if bool(table[c] & LETTER) != bool(letter.match(chr(c)))] == []
    assert table[ord("语")] & IS_WIDE


def test_a_line_that_is_the_title_or_stands_in_the_stated_body_is_marked():
    segments = [Segment(0, text=text) for text in ("A Roof  of Glass", "It rains on the market hall.", "Tel")]
    rows = local_measures(segments, Hints(frozenset({"aroofofglass"}), "", "x…itrainsonthemarkethall.y"))
    assert rows[:, LOCAL.index("is_title")].tolist() == [1, 0, 0]
    assert rows[:, LOCAL.index("in_body")].tolist() == [0, 1, 0]
    assert np.isfinite(rows).all()
