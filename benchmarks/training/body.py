"""Learn the forests and word scores of `src/corpus/clean/data` from labelled pages.

    python -m benchmarks.training.body PAGES.parquet OUT

Writes body_first.npz, body_second.npz, class_scores.tsv and line_scores.tsv into OUT, and prints precision and recall,
cross-validated over hosts. README.md says what PAGES holds. LightGBM must be installed beside the project.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm  # type: ignore[import-not-found]
import numpy as np
import numpy.typing as npt

from benchmarks.training.pages import Labelled, labelled_pages
from benchmarks.training.scores import class_scores, line_scores
from benchmarks.training.trees import save_forest
from corpus.clean.body.agreement import AGREEMENT, agree
from corpus.clean.body.characters import characters
from corpus.clean.body.context import fill
from corpus.clean.body.wording import Scores, scored, table_of

FOLDS = 3
ARTICLES = frozenset({"scrapinghub", "wcxb_article", "magic_html", "readability"})  # sets that are reported on
THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6)
ROUNDS = (200, 140)  # trees of the first and the second forest
SETTINGS = {
    "objective": "binary", "learning_rate": 0.1, "num_leaves": 31, "min_data_in_leaf": 60, "feature_fraction": 0.5,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 2, "max_bin": 127, "verbose": -1, "num_threads": 1,
    "seed": 7, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
HEADER = """# Log-odds that the text of such {what} is article text, learnt from the pages that
# benchmarks/training/README.md names. Made by benchmarks/training/body.py.
"""
Rows = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Words:
    """Scores of words, of classes and of lines, the latter as a table too."""

    classes: dict[str, float]
    lines: dict[str, float]
    table: Scores


def fold_of(host: str, folds: int) -> int:
    """The fold of a host: always the same."""
    return int(hashlib.sha256(host.encode()).hexdigest(), 16) % folds


def words_of(pages: Sequence[Labelled]) -> Words:
    """Both tables of scores."""
    lines = line_scores(pages)
    return Words(class_scores(pages), lines, table_of(lines))


def first_rows(page: Labelled, words: Words) -> Rows:
    """What the first forest sees, with these scores."""
    scores = [[words.classes.get(word, 0.0) for word in found] for found in page.words]
    score = np.array([min(0.0, *s, 0.0) + max(0.0, *s, 0.0) for s in scores], np.float32)
    said = scored(characters(page.texts), words.table)
    around = fill(page.parent, page.tag, score, page.flags, page.held_by, page.local, page.signature, said)
    return np.hstack([page.local, around, said])


def second_rows(page: Labelled, rows: Rows, first: npt.NDArray[np.float64]) -> Rows:
    """What the second forest sees: the same, what the first says around each line, and whose labels they are."""
    around = np.zeros((len(rows), AGREEMENT + 1), np.float32)
    agree(page.parent, page.held_by, np.ascontiguousarray(rows[:, 0]), page.signature, np.round(first, 4), around)
    around[:, AGREEMENT] = page.origin
    return np.hstack([rows, around])


def grown(pages: Sequence[Labelled], rows: Sequence[Rows], rounds: int) -> Any:
    """A boosted forest."""
    labels = np.concatenate([page.labels for page in pages])
    weights = np.concatenate([page.weights for page in pages])
    return lightgbm.train(SETTINGS, lightgbm.Dataset(np.vstack(rows), labels, weight=weights), rounds)


def held_out_rows(pages: Sequence[Labelled]) -> list[Rows]:
    """Rows whose word scores come from other hosts than the page's own."""
    halves = [fold_of(page.host + "x", 2) for page in pages]
    words = [words_of([page for page, other in zip(pages, halves, strict=True) if other != half]) for half in (0, 1)]
    return [first_rows(page, words[half]) for page, half in zip(pages, halves, strict=True)]


def cross_validated(pages: Sequence[Labelled]) -> tuple[list[Rows], list[npt.NDArray[np.float64]]]:
    """Each page's rows for the second forest and the second forest's word, both learnt from other hosts only."""
    folds = [fold_of(page.host, FOLDS) for page in pages]
    rows: list[Rows] = [np.zeros((0, 0), np.float32)] * len(pages)
    said = [np.zeros(0)] * len(pages)
    for fold in range(FOLDS):
        rest = [page for page, other in zip(pages, folds, strict=True) if other != fold]
        words, forest = words_of(rest), grown(rest, held_out_rows(rest), ROUNDS[0])
        for i, page in enumerate(pages):
            if folds[i] == fold:
                seen = first_rows(page, words)
                rows[i] = second_rows(page, seen, forest.predict(seen))
    for fold in range(FOLDS):
        rest_at = [i for i in range(len(pages)) if folds[i] != fold]
        forest = grown([pages[i] for i in rest_at], [rows[i] for i in rest_at], ROUNDS[1])
        for i in range(len(pages)):
            if folds[i] == fold:
                said[i] = forest.predict(rows[i])
    return rows, said


def report(pages: Sequence[Labelled], said: Sequence[npt.NDArray[np.float64]], threshold: float) -> str:
    """Mean precision and recall over the pages that were labelled as articles by hand, in units of text."""
    marks = []
    for page, probability in zip(pages, said, strict=True):
        if page.collection not in ARTICLES:
            continue
        units, kept = page.local[:, 0], probability >= threshold
        both = float(units[kept & (page.labels == 1)].sum())
        if page.labels.any():
            marks.append(
                (both / max(float(units[kept].sum()), 1.0), both / float(units[page.labels == 1].sum() + 1e-9))
            )
    precision, recall = np.mean(marks, axis=0)
    f1 = 2 * precision * recall / (precision + recall)
    return f"from {threshold}: {len(marks)} pages, F1 {f1:.4f}, precision {precision:.4f}, recall {recall:.4f}"


def write_scores(path: Path, scores: dict[str, float], what: str) -> None:
    """A table of words and scores."""
    lines = [f"{word}\t{score}\n" for word, score in sorted(scores.items())]
    path.write_text(HEADER.format(what=what) + "".join(lines), encoding="utf-8")


def main() -> None:
    """Learn, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    pages = list(labelled_pages(options.pages))
    rows, said = cross_validated(pages)
    for threshold in THRESHOLDS:
        print(report(pages, said, threshold))
    words = words_of(pages)
    options.out.mkdir(parents=True, exist_ok=True)
    save_forest(grown(pages, held_out_rows(pages), ROUNDS[0]), options.out / "body_first.npz")
    save_forest(grown(pages, rows, ROUNDS[1]), options.out / "body_second.npz")
    write_scores(options.out / "class_scores.tsv", words.classes, "elements' classes and ids")
    write_scores(options.out / "line_scores.tsv", words.lines, "lines")


if __name__ == "__main__":
    main()
