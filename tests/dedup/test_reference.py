"""Other corpora: what matches one of their rows is told, by which measure, and with which row."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dedup import match, sign
from corpus.dedup.reference import Reference, describe
from corpus.sections import Against, Dedup
from corpus.working import MATCHES, REFERENCE
from tests.dedup import plain
from tests.dedup.articles import edited, prose

STORY = prose(1, 200)


def reference(rows: dict[str, str], name: str = "held out", **given) -> Reference:
    against = Against(name=name, path="x", **given)
    batch = pa.record_batch([list(rows), list(rows.values())], names=["row_id", "text"])
    parts = [describe(batch.slice(i, 2), Dedup(), against.ngram_words) for i in range(0, len(rows), 2)]
    return Reference(against, pa.Table.from_batches(parts, REFERENCE))


def matched(texts: list[str], *references: Reference) -> list[list[tuple]]:
    documents = pa.record_batch([[f"r{i}" for i in range(len(texts))], texts], names=["record_id", "text"])
    made = match(documents, sign(documents, Dedup()), references)
    assert made.schema == MATCHES
    return [[tuple(one.values()) for one in row] for row in made.column("matches").to_pylist()]


def test_a_near_copy_names_the_row_and_how_alike_they_are() -> None:
    copy = edited(STORY, 50)
    similarity = plain.jaccard(set(plain.shingles(STORY)), set(plain.shingles(copy))) / 10_000
    held = reference({"a": prose(2), "b": STORY, "c": prose(3)})
    assert matched([copy, prose(4), ""], held) == [[("held out", "b", "jaccard", similarity, 0.8)], [], []]


def test_a_short_row_inside_an_article_and_an_article_inside_a_long_row_are_contained() -> None:
    question = " ".join(STORY.split()[40:52])
    held = reference({"q": question, "long": f"{prose(5, 300)} {prose(6, 150)} {prose(7, 300)}"})
    assert matched([STORY, prose(6, 150)], held) == [
        [("held out", "q", "containment", 1.0, 0.9)],
        [("held out", "long", "containment", 1.0, 0.9)],
    ]


def test_a_shared_run_of_words_counts_only_where_it_is_asked_for() -> None:
    question = f"{prose(8, 30)} {' '.join(STORY.split()[60:73])} {prose(9, 30)}"
    assert matched([STORY], reference({"q": question})) == [[]]
    assert matched([STORY], reference({"q": question}, ngram_words=13)) == [[("held out", "q", "ngrams", 1.0, 1.0)]]
    assert matched([STORY], reference({"q": question}, ngram_words=14)) == [[]]


def test_each_reference_speaks_for_itself_and_the_first_of_equal_rows() -> None:
    first, second = reference({"a": STORY, "b": STORY}, "one"), reference({"c": STORY}, "two")
    assert matched([STORY], first, second) == [[("one", "a", "jaccard", 1.0, 0.8), ("two", "c", "jaccard", 1.0, 0.8)]]


def test_a_reference_without_rows_or_words_matches_nothing() -> None:
    assert matched([STORY, "", "word"], reference({}), reference({"a": "", "b": "..."})) == [[], [], []]


def test_many_equal_rows_cost_a_bounded_number_of_comparisons() -> None:
    held = reference({f"{i:05}": STORY for i in range(3000)})
    assert matched([STORY] * 20, held) == [[("held out", "00000", "jaccard", 1.0, 0.8)]] * 20


WORDS = st.lists(st.sampled_from("ab cd ef gh ij kl 漢 字".split()), max_size=40).map(" ".join)


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=4), st.integers(5, 9))
@settings(max_examples=80, deadline=None)
def test_matches_are_those_of_plain_python(texts: list[str], rows: list[str], width: int) -> None:
    held = reference({str(i): text for i, text in enumerate(rows)}, ngram_words=width)
    for text, found in zip(texts, matched(texts, held), strict=True):
        ours = set(plain.shingles(text))
        sets = [set(plain.shingles(row)) for row in rows]
        runs = lambda words: {tuple(words[i : i + width]) for i in range(len(words) - width + 1)}  # noqa: E731
        near = [plain.jaccard(ours, row) for row in sets]
        held_in = [plain.containment(ours, row) for row in sets]
        shared = [len(runs(plain.words(text)) & runs(plain.words(row))) for row in rows]
        for measure, values, least in (("jaccard", near, 8000), ("containment", held_in, 9000), ("ngrams", shared, 1)):
            best = max(values)
            if best >= least:
                ((_, row_id, told, value, _),) = found
                assert (told, row_id) == (measure, str(values.index(best)))
                assert value == (best if measure == "ngrams" else best / 10_000)
                break
        else:
            assert found == []
