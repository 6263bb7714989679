"""Make a corpus many times as large as one whose near duplicates are known, in other words.

    python -m benchmarks.grown_duplicates CORPUS OUT --times 10

CORPUS is what `benchmarks.known_duplicates` wrote. OUT holds it and so many more of its kind, each with its letters
exchanged one for one, so that all similarities within it are those that were measured, and no text of one is like one
of another. What a growing corpus has ever more of stays as it is in all: the lines of furniture, and the words of the
reports that share a template, of which only the figures are exchanged.
"""

from __future__ import annotations

import argparse
import json
import random
import string
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.known_duplicates import FURNITURE

KEPT = frozenset(FURNITURE)


def exchanged(part: int) -> tuple[dict[int, int], dict[int, int]]:
    """The letters, and the figures, of another part of the corpus; part 0 keeps its own."""
    if part == 0:
        return {}, {}
    rng = random.Random(part)
    letters = "".join(rng.sample(string.ascii_lowercase, 26))
    figures = "".join(rng.sample(string.digits, 10))
    return (
        str.maketrans(string.ascii_letters, letters + letters.upper()),
        str.maketrans(string.digits, figures),
    )


def in_other_words(text: str, kind: str, letters: dict[int, int], figures: dict[int, int]) -> str:
    """A text of some kind with its letters exchanged, or its figures where it is one of a family of reports."""
    if kind == "template":
        return text.translate(figures)
    return "\n\n".join(part if part in KEPT else part.translate(letters) for part in text.split("\n\n"))


def grow(corpus: Path, out: Path, times: int) -> int:
    """Write the corpus, a file for each part; returns how many records it has."""
    truth = pq.read_table(corpus / "truth.parquet").sort_by("record")
    kinds, clusters = truth["kind"].to_pylist(), truth["cluster"].to_numpy()
    rows = [json.loads(line) for path in sorted((corpus / "raw").glob("*.jsonl")) for line in path.open()]
    (out / "raw").mkdir(parents=True, exist_ok=True)
    truths = []
    for part in range(times):
        letters, figures = exchanged(part)
        first = part * len(rows)
        with (out / "raw" / f"articles-{part:04}.jsonl").open("w", encoding="utf-8") as sink:
            for number, (row, kind) in enumerate(zip(rows, kinds, strict=True)):
                made = {name: in_other_words(row[name], kind, letters, figures) for name in ("title", "text")}
                url = f"https://www.host{number % 40}.example/{first + number}"
                line = {"url": url, **made, "published_at": row["published_at"]}
                sink.write(json.dumps(line, ensure_ascii=False) + "\n")
        truths.append(pa.table({"record": range(first, first + len(rows)), "cluster": clusters + first, "kind": kinds}))
    pq.write_table(pa.concat_tables(truths), out / "truth.parquet")
    return times * len(rows)


def main() -> None:
    """Write the corpus and its truth."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    print(f"{grow(given.corpus, given.out, given.times):,} records")


if __name__ == "__main__":
    main()
