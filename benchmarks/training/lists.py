"""Learn what tells lists from articles: `list_words.tsv` and `page_lists.npz` of `src/corpus/clean/data`.

    python -m benchmarks.training.lists PAGES.parquet OUT

PAGES is what benchmarks/training/collect.py writes: lists are the sets that training/kinds.py names so, the sets
of articles the others; pages that are neither are left out (those of not_articles.toml too), and pages that call
themselves articles and have sentences, which are never asked about, are not learnt from. Prints what cross-validation
over hosts says, and which articles are taken for a list. LightGBM must be installed beside the project.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import lightgbm  # type: ignore[import-not-found]
import numpy as np
import pyarrow.parquet as pq

from benchmarks.training.body import fold_of
from benchmarks.training.kinds import LISTS
from benchmarks.training.pages import LIMIT
from benchmarks.training.trees import save_forest
from corpus.clean.body.choose import choose
from corpus.clean.decode import decode
from corpus.clean.document import Quarantined
from corpus.clean.kinds import said_of
from corpus.clean.list_words import MEASURES as WORDS
from corpus.clean.list_words import word_measures, words_of
from corpus.clean.listing import list_measures, plainly_article
from corpus.clean.page import parse, prepared, read_page

HEADER = """# Log-odds that a page with such words in its short lines is a list, learnt from the pages that
# benchmarks/training/README.md names. Made by benchmarks/training/lists.py.
"""
NEITHER = frozenset({"wcxb_other"})
NOT_ARTICLES = Path(__file__).parent / "not_articles.toml"
FOLDS, INNER, ROUNDS = 5, 4, 200
HOSTS, LEAST = 8, 0.7  # hosts that must have a word, log-odds that it must tell at least
THRESHOLDS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95)
SHOWN = 12  # articles that are named
SETTINGS = {
    "objective": "binary", "learning_rate": 0.05, "num_leaves": 8, "min_data_in_leaf": 15, "feature_fraction": 0.4,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 4, "max_bin": 127, "verbose": -1, "num_threads": 1,
    "seed": 7, "deterministic": True, "force_row_wise": True,
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """A page: its measures without what its words say, its words, and whether it is a list."""

    collection: str
    name: str
    host: str
    row: np.ndarray
    words: frozenset[str]
    plain: bool  # plainly an article

    @property
    def listed(self) -> bool:
        """Whether it is a list."""
        return self.collection in LISTS


def measured(path: Path) -> Iterator[Measured]:
    """The pages of a Parquet file (see README.md), in its order."""
    left_out = {
        (name, page) for name, pages in tomllib.loads(NOT_ARTICLES.read_text("utf-8")).items() for page in pages
    }
    for batch in pq.ParquetFile(path).iter_batches(batch_size=64, columns=["set", "name", "host", "html"]):
        for row in batch.to_pylist():
            if row["set"] in NEITHER or (row["set"], row["name"]) in left_out:
                continue
            try:
                page = read_page(parse(prepared(decode(row["html"], None).text), max_nodes=LIMIT, max_chars=LIMIT))
            except Quarantined:
                continue
            choice, says = choose(page), said_of(page)
            yield Measured(
                collection=row["set"],
                name=row["name"],
                host=row["host"],
                row=list_measures(page, choice, says, {}),
                words=words_of(segment.text for segment in choice.page.segments),
                plain=plainly_article(choice, says),
            )


def word_scores(pages: Sequence[Measured]) -> dict[str, float]:
    """Log-odds that a page with a word is a list, over hosts."""
    hosts: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    every: tuple[set[str], set[str]] = (set(), set())
    for page in pages:
        every[page.listed].add(page.host)
        for word in page.words:
            hosts[word][page.listed].add(page.host)
    found: dict[str, float] = {}
    for word, (articles, lists) in hosts.items():
        if len(articles) + len(lists) >= HOSTS:
            of_lists = log((len(lists) + 0.5) / (len(every[True]) + 1))
            score = round(of_lists - log((len(articles) + 0.5) / (len(every[False]) + 1)), 1)
            if abs(score) >= LEAST:
                found[word] = score
    return found


def rows_with(pages: Sequence[Measured], scores: dict[str, float]) -> np.ndarray:
    """The rows of pages with what their words say by these scores."""
    said = [list(word_measures(page.words, scores).values()) for page in pages]
    return np.hstack([np.array([page.row[: -len(WORDS)] for page in pages]), np.array(said, np.float32)])


def held_out_rows(pages: Sequence[Measured]) -> np.ndarray:
    """The rows of pages, what their words say learnt from other hosts than theirs."""
    folds = np.array([fold_of(f"words {page.host}", INNER) for page in pages])
    rows = np.zeros((len(pages), len(pages[0].row)), np.float32)
    for fold in range(INNER):
        own = [page for page, number in zip(pages, folds, strict=True) if number == fold]
        rest = [page for page, number in zip(pages, folds, strict=True) if number != fold]
        rows[folds == fold] = rows_with(own, word_scores(rest))
    return rows


def grown(pages: Sequence[Measured]) -> object:
    """The forest."""
    labels = np.array([page.listed for page in pages], np.int8)
    return lightgbm.train(SETTINGS, lightgbm.Dataset(held_out_rows(pages), labels), ROUNDS)


def held_out(pages: Sequence[Measured]) -> np.ndarray:
    """How likely each page is a list, by what was learnt from other hosts than its own; 0 for plain articles."""
    folds = np.array([fold_of(page.host, FOLDS) for page in pages])
    said = np.zeros(len(pages))
    for fold in range(FOLDS):
        rest = [page for page, number in zip(pages, folds, strict=True) if number != fold and not page.plain]
        at = np.flatnonzero((folds == fold) & ~np.array([page.plain for page in pages]))
        forest = grown(rest)
        said[at] = np.round(forest.predict(rows_with([pages[int(i)] for i in at], word_scores(rest))), 4)  # type: ignore[attr-defined]
    return said


def report(pages: Sequence[Measured], said: np.ndarray) -> None:
    """Print the lists that are told and the articles that are taken for one."""
    lists = np.array([page.listed for page in pages])
    sizes = Counter(page.collection for page in pages if page.listed)
    for threshold in THRESHOLDS:
        told = Counter(page.collection for page, share in zip(pages, said, strict=True) if share >= threshold)
        print(
            f"from {threshold}: {int((lists & (said >= threshold)).sum())} of {int(lists.sum())} lists, "
            f"{int((~lists & (said >= threshold)).sum())} of {int((~lists).sum())} articles;",
            ", ".join(f"{name} {told[name]} of {size}" for name, size in sorted(sizes.items())),
        )
    for i in np.argsort(np.where(lists, 0, -said))[:SHOWN]:
        print(said[i], pages[i].collection, pages[i].name, pages[i].host)


def main() -> None:
    """Learn, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    pages = list(measured(options.pages))
    report(pages, held_out(pages))
    learnt = [page for page in pages if not page.plain]
    options.out.mkdir(parents=True, exist_ok=True)
    lines = [f"{word}\t{score}\n" for word, score in sorted(word_scores(learnt).items())]
    (options.out / "list_words.tsv").write_text(HEADER + "".join(lines), encoding="utf-8")
    save_forest(grown(learnt), options.out / "page_lists.npz")


if __name__ == "__main__":
    main()
