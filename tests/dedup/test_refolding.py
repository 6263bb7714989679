"""What is kept of a fold serves the next one: whatever came and went, the result is that of a fresh one."""

import hashlib
import random
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dedup import change, recounting
from corpus.dedup.folding import Folded, refold
from corpus.dedup.given import MEASURED, Tables, samples_in
from corpus.dedup.kept import Kept
from corpus.sections import Dedup
from tests.dedup.articles import Article, documents_of, edited, fetched, keys_of, prose, signed
from tests.dedup.test_folding import corpora

SETTINGS = Dedup()


class Remembering(Tables):
    """A corpus in memory that knows which of its records it had before, and the samples of all that ever were."""

    ever: dict[bytes, bytes] = {}  # noqa: RUF012 - shared on purpose: what was once remembered stays so

    @property
    def fact(self) -> np.ndarray:
        digests = [hashlib.sha256(repr(row).encode()).digest()[:8] for row in self._rows()]
        return np.frombuffer(b"".join(digests), np.uint64)

    def _rows(self) -> list[tuple[object, ...]]:
        keys = self.keys(np.arange(self.table.num_rows)).to_pylist()
        shingles = self.signed.take(pa.array(self._signature))["shingles"].to_pylist()
        return list(zip(keys, shingles, strict=True))

    @property
    def measured(self) -> pa.Array:
        samples = self.signed.take(pa.array(self._signature))["samples"].to_pylist()
        keys = [hashlib.sha256(value).digest()[:16] for value in samples]
        self.ever.update(zip(keys, samples, strict=True))
        return pa.array(keys, MEASURED)

    def samples_of(self, measured: pa.Array):
        column = pa.chunked_array([pa.array([self.ever[key] for key in measured.to_pylist()], pa.binary())])
        yield from samples_in(column, np.arange(len(measured)))


def remembered(articles: list[Article]) -> Remembering:
    documents = documents_of(articles)
    signatures = signed(documents, SETTINGS)
    return Remembering(keys_of(articles), signatures, fetched(documents, signatures, random.Random(1)))


@pytest.fixture(autouse=True)
def _however_much_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else most changes to a small corpus would be reason enough to decide on all of it."""
    monkeypatch.setattr(change, "MOST", 2.0)
    monkeypatch.setattr(recounting, "MOST", 2.0)


def same(one: Folded, other: Folded) -> None:
    assert one.folds.to_pylist() == other.folds.to_pylist()
    assert one.derived.to_pylist() == other.derived.to_pylist()
    assert one.clusters.tolist() == other.clusters.tolist()
    for name in ("component", "root", "n_shingles", "uncommon", "leads", "crowded"):
        assert one.kept.records[name].to_pylist() == other.kept.records[name].to_pylist(), f"{name}, for the next time"


def follows(steps: list[list[Article]]) -> list[Folded]:
    """Fold each corpus with what was kept of the one before; each result is that of a fresh fold."""
    kept: Kept | None = None
    found = []
    for articles in steps:
        if not articles:
            continue
        one = refold(remembered(articles), kept, SETTINGS)
        same(one, refold(remembered(articles), None, SETTINGS))
        kept = one.kept
        found.append(one)
    return found


@st.composite
def histories(draw) -> list[list[Article]]:
    """Corpora one after the other: each has some of the same articles, a few of them edited."""
    pool = draw(corpora())
    steps = draw(
        st.lists(
            st.lists(st.sampled_from([0, 1, 1, 2]), min_size=len(pool), max_size=len(pool)), min_size=2, max_size=5
        )
    )
    edits = [None, *(replace(article, text=edited(article.text, 3, 40)) for article in pool)]
    return [
        [edits[1 + at] if how == 2 else pool[at] for at, how in enumerate(step) if how]  # type: ignore[misc]
        for step in steps
    ]


@given(histories())
@settings(max_examples=40, deadline=None)
def test_articles_come_and_go_and_the_result_is_that_of_a_fresh_fold(steps: list[list[Article]]) -> None:
    follows(steps)


PASSAGE = prose(500, 60)
FAMILIES = [prose(600 + number, 90) for number in range(12)]


def article_of(number: int) -> Article:
    """Many share a passage, which is common from 65 on; some are that passage, copies, or hold another."""
    rng = random.Random(number)
    own = prose(1000 + number, 70)
    text = rng.choice([
        f"{own} {PASSAGE}", f"{PASSAGE} {own}", f"{own} {PASSAGE}", FAMILIES[number % 12],
        f"{own} {FAMILIES[number % 12]}", edited(FAMILIES[number % 12], 4), f"{PASSAGE} {prose(7, 5)}",
        PASSAGE if number % 3 else edited(PASSAGE, 30),
    ])  # fmt: skip
    return Article(
        f"r{number:03}", text, day=number % 9, source=f"s{number % 7}", title=rng.choice([None, "One", "Two"])
    )


@given(st.integers(0, 10**9))
@settings(max_examples=6, deadline=None)
def test_a_passage_becomes_common_and_uncommon_again(seed: int) -> None:
    rng = random.Random(seed)
    here = set(rng.sample(range(150), 110))
    steps = []
    for _ in range(5):
        steps.append([article_of(number) for number in sorted(here)])
        here ^= set(rng.sample(range(150), rng.choice([1, 3, 12])))
    follows(steps)


def test_a_syndicated_article_is_looked_at_again_when_the_one_it_names_goes() -> None:
    named = Article("named", prose(1), url="https://a.example/1", host="a.example")
    names = Article("names", prose(2), canonical="https://a.example/1", host="b.example")
    both, left, again = follows([[named, names], [names], [named, names]])
    assert [one.derived["from_record_id"].to_pylist() for one in (both, left, again)] == [["named"], [None], ["named"]]


def test_an_unrelated_article_decides_on_itself_alone() -> None:
    some = [Article(f"r{number}", prose(number), title=f"Title {number}") for number in range(30)]
    first, second, third = follows([some, [*some, Article("new", prose(99))], some[1:]])
    assert [len(one.anew) for one in (first, second, third)] == [30, 1, 0]
    copy = Article("copy", edited(some[4].text, 7))
    assert [len(one.anew) for one in follows([some, [*some, copy], [*some[:9], *some[10:]]])] == [30, 2, 1]
