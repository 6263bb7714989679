"""Learn the forest that tells lists from articles, `src/corpus/clean/data/page_lists.npz`.

    python -m benchmarks.training.lists PAGES.parquet OUT

PAGES is what benchmarks/training/collect.py writes: its set `wcxb_list` has the lists (collections and listings of
WCXB), the sets of articles the others; pages that are neither are left out. Prints what cross-validation over hosts
says. LightGBM must be installed beside the project.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import lightgbm  # type: ignore[import-not-found]
import numpy as np
import pyarrow.parquet as pq

from benchmarks.training.body import fold_of
from benchmarks.training.pages import LIMIT
from benchmarks.training.trees import save_forest
from corpus.clean.body.choose import choose
from corpus.clean.decode import decode
from corpus.clean.document import Quarantined
from corpus.clean.kinds import said_of
from corpus.clean.listing import list_measures
from corpus.clean.page import parse, prepared, read_page

LISTS, NEITHER = frozenset({"wcxb_list"}), frozenset({"wcxb_other"})
FOLDS, ROUNDS = 5, 100
THRESHOLDS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.95)
SETTINGS = {
    "objective": "binary", "learning_rate": 0.08, "num_leaves": 8, "min_data_in_leaf": 15, "feature_fraction": 0.5,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 2, "max_bin": 127, "verbose": -1, "num_threads": 1,
    "seed": 7, "deterministic": True, "force_row_wise": True,
}  # fmt: skip


def measured(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The measures of each page, whether it is a list, and its fold."""
    rows, labels, folds = [], [], []
    for batch in pq.ParquetFile(path).iter_batches(batch_size=64, columns=["set", "host", "html"]):
        for row in batch.to_pylist():
            if row["set"] in NEITHER:
                continue
            try:
                page = read_page(parse(prepared(decode(row["html"], None).text), max_nodes=LIMIT, max_chars=LIMIT))
            except Quarantined:
                continue
            rows.append(list_measures(page, choose(page), said_of(page)))
            labels.append(row["set"] in LISTS)
            folds.append(fold_of(row["host"], FOLDS))
    return np.array(rows), np.array(labels, np.int8), np.array(folds)


def main() -> None:
    """Learn, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    rows, labels, folds = measured(options.pages)
    said = np.zeros(len(labels))
    for fold in range(FOLDS):
        rest = folds != fold
        forest = lightgbm.train(SETTINGS, lightgbm.Dataset(rows[rest], labels[rest]), ROUNDS)
        said[~rest] = forest.predict(rows[~rest])
    for threshold in THRESHOLDS:
        told = said >= threshold
        print(
            f"from {threshold}: {int((told & (labels == 1)).sum())} of {int(labels.sum())} lists, "
            f"{int((told & (labels == 0)).sum())} of {int((labels == 0).sum())} articles"
        )
    options.out.mkdir(parents=True, exist_ok=True)
    save_forest(lightgbm.train(SETTINGS, lightgbm.Dataset(rows, labels), ROUNDS), options.out / "page_lists.npz")


if __name__ == "__main__":
    main()
