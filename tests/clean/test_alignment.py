from hypothesis import given
from hypothesis import strategies as st

from corpus.clean.alignment import Alignment
from tests.clean.making import MORE, PROSE, document, page, paragraphs

PIECES = st.lists(st.tuples(st.sampled_from(["a", "b", "ab", "aa", "ba", "c"]), st.booleans()), max_size=14)


@given(PIECES)
def test_a_line_is_where_it_is_or_nowhere_however_often_it_occurs(pieces):
    begins, at = [], 0
    for words, _ in pieces:
        begins.append(at)
        at += len(words)
    kept = [(words, begin) for (words, is_line), begin in zip(pieces, begins, strict=True) if is_line]
    found = Alignment("".join(words for words, _ in pieces), begins).places([words for words, _ in kept])
    for (words, begin), place in zip(kept, found, strict=True):
        assert place in (None, (begin, begin + len(words)))


@given(st.lists(st.sampled_from(["aaaa", "aaaab", "b", "baaaa", "aa"]), max_size=12), st.data())
def test_the_first_and_the_last_place_of_a_line_are_those_of_a_plain_search(pieces, data):
    begins = [sum(map(len, pieces[:at])) for at in range(len(pieces))]
    text = "".join(pieces)
    line = "".join(data.draw(st.lists(st.sampled_from(["aaaa", "aaaab", "b"]), min_size=1, max_size=3)))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    borders = {*begins, len(text)}
    places = [at for at in borders if start <= at <= end - len(line) and text.startswith(line, at)]
    places = [at for at in places if at + len(line) in borders]
    found = Alignment(text, begins)
    assert found._next(line, start, end) == min(places, default=-1)
    assert found._last(line, start, end) == max(places, default=-1)


def test_with_all_lines_each_has_its_place():
    assert Alignment("aabaab", [0, 2, 3, 5]).places(["aa", "b", "aa", "b"]) == [(0, 2), (2, 3), (3, 5), (5, 6)]


def test_headings_that_stand_in_a_table_of_contents_too_go_back_to_the_article():
    contents = '<nav><a href="#a">The roof</a><a href="#b">The buckets</a></nav>'
    text = f"<h2>The roof</h2><p>{PROSE}</p><h2>The buckets</h2><p>{MORE}</p>"
    payload = page(contents + text).encode()
    doc = document(payload, "text/html")
    places = [(p["raw_start_byte"], p["raw_end_byte"]) for p in doc["paragraphs"]]
    assert [payload[start:end].decode() for start, end in places] == paragraphs(doc)
    start = payload.index(b"<h2>The roof")
    assert paragraphs(doc)[0] == "The roof" and all(begin > start for begin, _ in places)


def test_a_page_that_holds_its_article_twice_keeps_them_apart():
    text = f"<h2>The roof</h2><p>{PROSE}</p><p>{MORE}</p>"
    payload = page(text + text).encode()
    doc = document(payload, "text/html")
    places = [(p["raw_start_byte"], p["raw_end_byte"]) for p in doc["paragraphs"]]
    assert all(start is not None for start, _ in places) and places == sorted(set(places))
    assert [payload[start:end].decode() for start, end in places] == paragraphs(doc)
