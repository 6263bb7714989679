"""What holds for every corpus: order does not matter, and every record ends in exactly one place."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.columns import DERIVATION_KINDS
from corpus.dedup import STEPS, fold
from corpus.sections import Dedup
from corpus.working import DERIVED, FOLDS, KEYS, SIGNATURES
from tests.dedup.articles import Article, edited, folded, prose

STORIES = [prose(seed) for seed in range(4)]
VARIANTS = [
    lambda text: text,
    lambda text: text.upper(),
    lambda text: edited(text, 50),
    lambda text: edited(text, 20, 70, 71),
    lambda text: text[: len(text) // 2],
    lambda text: f"{prose(90)} {text} {prose(91, 60)}",
    lambda text: f"{text} {prose(92, 10)}",
]


@st.composite
def corpora(draw) -> list[Article]:
    count = draw(st.integers(1, 12))
    hosts, days = st.sampled_from(["a.example", "b.example", None]), st.sampled_from([None, 0, 1, 2, 40])
    return [
        Article(
            f"r{number}",
            draw(st.sampled_from(VARIANTS))(draw(st.sampled_from([*STORIES, "Too short", ""]))),
            day=draw(days),
            retrieved=draw(days),
            source=draw(st.sampled_from(["one", "two"])),
            own_id=draw(st.sampled_from([None, None, "x", "y"])),
            payload=draw(st.sampled_from([None, None, "same bytes"])),
            canonical=draw(st.sampled_from([None, "https://a.example/1", "https://b.example/2"])),
            counts=draw(st.booleans()),
            url=draw(st.sampled_from([None, "https://a.example/1"])),
            host=draw(hosts),
            title=draw(st.sampled_from([None, "A headline of note", "Another one"])),
            truncated=draw(st.booleans()),
            policy=draw(st.sampled_from(["fold", "fold", "mark", "keep"])),
            section=draw(st.sampled_from([None, "World"])),
        )
        for number in range(count)
    ]


@given(corpora(), st.randoms(use_true_random=False), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_results_depend_on_neither_order_nor_batches(corpus: list[Article], rng, batch: int) -> None:
    first = folded(corpus)
    order = rng.sample(range(len(corpus)), len(corpus))
    again = folded([corpus[i] for i in order], batch=batch, seed=rng.randrange(99))
    assert again.rows == first.rows
    assert again.folded.derived.equals(first.folded.derived)
    assert again.folded.folds["record_id"].to_pylist() == [corpus[i].record for i in order], "rows in input order"


@given(corpora())
@settings(max_examples=100, deadline=None)
def test_every_record_ends_in_one_place(corpus: list[Article]) -> None:
    made = folded(corpus)
    rows = list(made.rows.values())
    assert made.folded.folds.schema == FOLDS
    assert made.folded.derived.schema == DERIVED
    assert len(rows) == len(corpus)
    articles = [row["article_id"] for row in rows if row["fate"] == "published"]
    assert len(set(articles)) == len(articles)
    assert all(len(name) == 34 and name.startswith("a_") for name in articles)
    for row in rows:
        assert row["fate"] in ("published", "duplicate")
        if row["fate"] == "published":
            assert row["kept_article_id"] is None
            inside = [other for other in rows if other["kept_article_id"] == row["article_id"]]
            assert row["n_duplicates"] == len(inside)
        else:
            assert row["article_id"] is row["n_duplicates"] is row["taken_over"] is None
            assert row["kept_article_id"] in articles
            assert row["reasons"]
            assert row["detail"]


@given(corpora())
@settings(max_examples=100, deadline=None)
def test_derivations_name_what_is_there(corpus: list[Article]) -> None:
    made = folded(corpus)
    given_by = {article.record: article for article in corpus}
    articles = {row["article_id"]: row["record_id"] for row in made.rows.values() if row["article_id"]}
    for row in made.derived:
        assert row["article_id"] in articles
        assert row["from_article_id"] in {*articles, None}
        assert row["from_article_id"] != row["article_id"]
        assert row["kind"] in DERIVATION_KINDS
        assert row["similarity"] is None or 0 <= row["similarity"] <= 1
        if row["from_article_id"] and row["kind"] != "syndicates":
            assert articles[row["from_article_id"]] == row["from_record_id"]
        if row["kind"] == "contains" and row["start_char"] is not None:
            longer, shorter = given_by[articles[row["article_id"]]].text, given_by[row["from_record_id"]].text
            assert 0 <= row["start_char"] < row["end_char"] <= len(longer)
            assert 0 <= row["from_start_char"] < row["from_end_char"] <= len(shorter)
    sources = [row["from_record_id"] for row in made.derived if row["from_article_id"] is None]
    folded_away = {name for name, row in made.rows.items() if row["fate"] == "duplicate"}
    assert {name for name in sources if name} >= folded_away


@given(corpora())
@settings(max_examples=60, deadline=None)
def test_the_same_bytes_are_published_once(corpus: list[Article]) -> None:
    made = folded(corpus)
    payloads = [article.sha256 for article in corpus if made.rows[article.record]["fate"] == "published"]
    assert len(set(payloads)) == len(payloads)


def test_a_new_unrelated_article_changes_nothing_else() -> None:
    corpus = [Article("a", STORIES[0]), Article("b", edited(STORIES[0], 60)), Article("c", STORIES[1])]
    before, after = folded(corpus), folded([*corpus, Article("0", STORIES[2])])
    assert {name: row for name, row in after.rows.items() if name != "0"} == before.rows
    assert after.derived == before.derived


def test_no_documents_make_no_rows() -> None:
    narrow = SIGNATURES.remove(SIGNATURES.get_field_index("shingles")).empty_table()
    made = fold(KEYS.empty_table(), narrow, lambda ids, columns: pa.table({}), Dedup())
    assert (made.folds.schema, made.folds.num_rows) == (FOLDS, 0)
    assert (made.derived.schema, made.derived.num_rows) == (DERIVED, 0)


def test_a_record_without_signature_is_refused() -> None:
    corpus = [Article("a", STORIES[0])]
    narrow = SIGNATURES.remove(SIGNATURES.get_field_index("shingles")).empty_table()
    from tests.dedup.articles import keys_of

    with pytest.raises(KeyError, match="1 of 1 records have no signature"):
        fold(keys_of(corpus), narrow, lambda ids, columns: pa.table({}), Dedup())


def test_steps_declare_the_verbs() -> None:
    assert [(step.name, step.local) for step in STEPS] == [
        ("dedup.sign", True),
        ("dedup.match", True),
        ("dedup.repeat", False),
        ("dedup.fold", False),
        ("dedup.point", False),
    ]
