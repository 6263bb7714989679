"""Which blocks of a page are its article: one walk over the tree, measures of each line, two forests of decision trees.

The forests and word scores in `clean/data/` were learnt by `benchmarks/training`, from pages of other hosts than those
they are judged on.
"""

from __future__ import annotations

DATA_FILES = tuple(
    f"clean/data/{name}"
    for name in (
        "body_first.npz",
        "body_second.npz",
        "class_words.toml",
        "class_scores.tsv",
        "line_scores.tsv",
        "page_kinds.toml",
        "list_words.tsv",
        "page_lists.npz",
    )
)
"""Package data that decides results, relative to the package's folder."""
