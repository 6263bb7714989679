"""A host's repeated lines: flagged where they are furniture, left alone where they are prose."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dedup import Lines, places_of, sign, sign_without
from corpus.dedup.links import HEADLINE, hashed
from corpus.dedup.recurring import line_keys, recurring
from corpus.sections import Boilerplate, Dedup

FEW = Boilerplate(min_clusters=3)
WORDS = "roof library winter ferry market engine garden teacher river station glacier orchard quarry tunnel".split()


def prose(seed):
    return f"The {WORDS[seed % 14]} of {seed} stood near the {WORDS[(seed * 3 + 1) % 14]} in the year {seed}."


def flagged(texts, hosts=None, clusters=None, settings=FEW):
    """The repeated lines of each text, a list of paragraphs."""
    batch = pa.record_batch({"record_id": [str(n) for n in range(len(texts))], "text": ["\n\n".join(t) for t in texts]})
    signatures = pa.Table.from_batches([sign(batch, Dedup())])
    sentence = pa.chunked_array([pa.array([[p.endswith((".", "!")) for p in t] for t in texts], pa.list_(pa.bool_()))])
    host = hashed(pa.chunked_array([pa.array(hosts or ["a.example"] * len(texts), pa.string())]), HEADLINE)
    clusters = np.arange(len(texts)) if clusters is None else np.array(clusters)
    lines = Lines.of(signatures, sentence)
    known = (host[lines.record] != 0) & (lines.hashes != 0)
    keys = line_keys(host[lines.record], lines.hashes)
    often = recurring(keys[known], lines.record[known], clusters, settings.min_clusters)
    found = places_of(lines, lines.recur(host, often), settings)
    return [[text[place] for place in places] for text, places in zip(texts, found, strict=True)]


def test_lines_around_the_prose_that_recur_are_flagged():
    texts = [["Selwick Courier", prose(n), prose(n + 50), "Follow us.", "All rights reserved."] for n in range(3)]
    assert flagged(texts) == [["Selwick Courier", "Follow us.", "All rights reserved."]] * 3


def test_short_furniture_is_flagged_anywhere_and_carries_the_box_that_it_opens():
    box = ["Our newsletter", "Have the news of the harbour in your inbox every morning of the week."]
    texts = [[prose(n), *box, prose(n + 50), "ADVERTISEMENT", prose(n + 70)] for n in range(3)]
    assert flagged(texts) == [[*box, "ADVERTISEMENT"]] * 3


@pytest.mark.parametrize(
    "line",
    [
        "And still the river runs.",
        "The Selwick Harbour and Ferry Company of 1884, its heirs and assigns, denies it",
        "The war began in May, when the ferry was taken, and has cost nine lives so far.",
    ],
)
def test_a_repeated_line_inside_prose_is_not_flagged(line):
    assert flagged([[prose(n), line, prose(n + 50)] for n in range(9)]) == [[]] * 9


def test_a_name_in_running_prose_is_not_a_line():
    name = "Selwick Harbour and Ferry Company"
    assert flagged([[f"{prose(n)} {name}.", f"{name}: {prose(n + 50)}"] for n in range(9)]) == [[]] * 9


def test_a_line_counts_once_an_article_and_for_its_host_alone():
    texts = [[prose(n), "Follow us."] for n in range(6)]
    assert flagged(texts, clusters=[0, 0, 0, 1, 1, 1]) == [[]] * 6
    assert flagged(texts, clusters=[0, 0, 0, 1, 1, 2]) == [["Follow us."]] * 6
    assert flagged(texts, hosts=["a", "a", "b", "b", "c", "c"]) == [[]] * 6
    assert flagged(texts, hosts=[None] * 6) == [[]] * 6
    assert flagged(texts, hosts=["a", "a", "a", "b", "b", None]) == [["Follow us."]] * 3 + [[]] * 3
    assert flagged([["Follow us.", prose(n), "Follow us."] for n in range(2)]) == [[]] * 2


def test_nothing_is_found_among_nothing():
    assert flagged([["1"]]) == [[]]


@settings(deadline=None)
@given(st.permutations(range(8)))
def test_order_does_not_matter(order):
    texts = [["Selwick Courier" if n % 2 else prose(n + 90), prose(n), "Follow us."] for n in range(8)]
    found = flagged([texts[n] for n in order])
    assert found == [flagged(texts)[n] for n in order]


def test_a_text_is_signed_as_if_the_lines_were_not_there():
    texts = [[prose(1), "Follow us.", prose(2)], [prose(1), prose(2)]]
    spans = []
    for text in texts:
        starts = np.cumsum([0, *(len(p) + 2 for p in text)])
        spans.append([{"start_char": int(a), "end_char": int(a) + len(p)} for a, p in zip(starts, text, strict=False)])
    batch = pa.record_batch(
        {"record_id": ["a", "b"], "text": ["\n\n".join(t) for t in texts], "paragraphs": pa.array(spans)}
    )
    first, second = sign_without(batch, [(1,), ()], Dedup()).to_pylist()
    assert {**first, "record_id": "b"} == second
