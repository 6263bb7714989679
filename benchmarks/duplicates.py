"""Duplicates: how right and how fast, alone, on corpora whose duplicates are known.

    python -m benchmarks.duplicates CORPUS [CORPUS ...] [--json OUT.json]

CORPUS is a folder that make_corpus.py wrote with `--shape jsonl`: raw/*.jsonl and truth.parquet. For each one, in a
process of its own: pairwise precision, recall and F1 of the clusters against the components of all pairs with a true
Jaccard similarity of at least 0.8; documents per CPU-second of `sign`, of `fold` and of both on one thread, compiled
kernels at hand; and peak memory. With several corpora also the growth of time from the first to the last.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj
import pyarrow.parquet as pq

from corpus.dedup import Folded, fold, sign
from corpus.run.figures import peak, reset_peak
from corpus.sections import Dedup
from corpus.working import KEYS, SIGNATURES, TAKEN_OVER

BATCH = 512
COLUMNS = ("documents", "precision", "recall", "F1", "sign/s", "fold/s", "both/s", "peak MB")


@dataclass(frozen=True)
class Figures:
    """One corpus: documents, CPU-seconds of either verb, peak memory in bytes, and the scores of all pairs."""

    documents: int
    sign_seconds: float
    fold_seconds: float
    peak_bytes: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def documents_of(corpus: Path) -> pa.Table:
    """The records of raw/*.jsonl, in the order of the truth's `record`, with an id made from their number."""
    tables = [pj.read_json(path) for path in sorted((corpus / "raw").glob("*.jsonl"))]
    table = pa.concat_tables(tables).combine_chunks()
    numbers = [f"r_{number:032x}" for number in range(table.num_rows)]
    return table.append_column("record_id", pa.array(numbers))


def keys_of(documents: pa.Table) -> pa.Table:
    """KEYS as ingest and clean would make them from such records."""
    count = documents.num_rows
    hosts = pc.extract_regex(documents["url"], r"https://www\.(?P<host>[^/]+)/")
    given = {
        "record_id": documents["record_id"],
        "source": pa.array(["benchmark"] * count),
        "sha256": pa.array([hashlib.sha256(url.encode()).hexdigest() for url in documents["url"].to_pylist()]),
        "url": documents["url"],
        "host": pc.struct_field(hosts, "host"),
        "title": documents["title"],
        "published_at": documents["published_at"].cast(KEYS.field("published_at").type),
        "n_words": pc.count_substring_regex(documents["text"], r"\w+").cast(pa.int64()),
        "on_duplicate": pa.array(["fold"] * count),
    }
    return pa.table({field.name: given.get(field.name, pa.nulls(count, field.type)) for field in KEYS}).cast(KEYS)


class Fetch:
    """Wide columns by record id, from memory."""

    def __init__(self, documents: pa.Table, signatures: pa.Table) -> None:
        nothing = [field for field in TAKEN_OVER if field.name not in documents.column_names]
        for field in nothing:
            documents = documents.append_column(field, pa.nulls(documents.num_rows, field.type))
        self._documents, self._signatures = documents, signatures

    def __call__(self, record_ids: pa.Array, columns: list[str]) -> pa.Table:
        """Those columns of those records, in the order asked for."""
        at = pc.index_in(record_ids, value_set=self._documents["record_id"])
        tables = {name: self._signatures if name == "shingles" else self._documents for name in columns}
        rows = at.to_numpy(zero_copy_only=False).astype(np.int64)
        return pa.table({name: taken(table[name], rows) for name, table in tables.items()})


def taken(column: pa.ChunkedArray, rows: npt.NDArray[np.int64]) -> pa.Array:
    """Some rows of a column, chunk by chunk: Arrow's own `take` first copies the whole column into one piece."""
    if column.num_chunks < 2 or not len(rows):
        return column.take(pa.array(rows))
    ends = np.cumsum([len(chunk) for chunk in column.chunks])
    order = np.argsort(rows, kind="stable")
    which, first = np.unique(np.searchsorted(ends, rows[order], side="right"), return_index=True)
    parts = [
        column.chunk(chunk).take(pa.array(part - ends[chunk] + len(column.chunk(chunk))))
        for chunk, part in zip(which.tolist(), np.split(rows[order], first[1:]), strict=True)
    ]
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return pa.concat_arrays(parts).take(pa.array(back))


def signed(documents: pa.Table, settings: Dedup) -> pa.Table:
    """The signatures of all documents, a batch at a time, as `run` asks for them."""
    batches = documents.select(["record_id", "text"]).to_batches(max_chunksize=BATCH)
    return pa.Table.from_batches([sign(batch, settings) for batch in batches], SIGNATURES)


def folded(documents: pa.Table, keys: pa.Table, signatures: pa.Table, settings: Dedup) -> Folded:
    """The fates of all documents."""
    return fold(keys, signatures.drop_columns(["shingles"]), Fetch(documents, signatures), settings)


def pairs(*labels: npt.NDArray[np.int64]) -> float:
    """How many pairs have all these labels in common."""
    counts = np.unique(np.stack(labels), axis=1, return_counts=True)[1].astype(np.float64)
    return float((counts * (counts - 1) / 2).sum())


def clusters_of(folds: pa.Table) -> npt.NDArray[np.int64]:
    """For each record a number for the article that it was published as or folded into."""
    article = pc.coalesce(folds["article_id"], folds["kept_article_id"]).combine_chunks().dictionary_encode()
    return np.asarray(article.indices.to_numpy(), np.int64)


def measure(corpus: Path) -> Figures:
    """Run and score one corpus."""
    settings = Dedup(safe_jaccard=0.0)  # the truth is whole components; by default a chain's far end stands by itself
    documents = documents_of(corpus)
    first = documents.slice(0, 1000)
    folded(first, keys_of(first), signed(first, settings), settings)  # compiles, or reads what was compiled
    keys = keys_of(documents)
    reset_peak()
    start = time.process_time()
    signatures = signed(documents, settings)
    middle = time.process_time()
    made = folded(documents, keys, signatures, settings)
    end = time.process_time()
    true = (
        pq.read_table(corpus / "truth.parquet", columns=["record", "cluster"]).sort_by("record")["cluster"].to_numpy()
    )
    ours = clusters_of(made.folds)
    both = pairs(true, ours)
    return Figures(
        documents=documents.num_rows,
        sign_seconds=middle - start,
        fold_seconds=end - middle,
        peak_bytes=peak(),
        precision=both / max(1.0, pairs(ours)),
        recall=both / max(1.0, pairs(true)),
    )


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--json", type=Path, help="keep the figures here, for benchmarks.duplicate_charts")
    given = parser.parse_args()
    corpora = given.corpus
    print("".join(f"{name:>11}" for name in COLUMNS))
    found = []
    for corpus in corpora:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            f = pool.apply(measure, (corpus,))
        found.append(f)
        rates = [f.documents / seconds for seconds in (f.sign_seconds, f.fold_seconds, f.sign_seconds + f.fold_seconds)]
        rights = "".join(f"{share:>11.4f}" for share in (f.precision, f.recall, f.f1))
        print(f"{f.documents:>11,}{rights}{''.join(f'{rate:>11,.0f}' for rate in rates)}{f.peak_bytes / 1e6:>11,.0f}")
    if len(found) > 1:
        more = found[-1].documents / found[0].documents
        cost = (found[-1].sign_seconds + found[-1].fold_seconds) / (found[0].sign_seconds + found[0].fold_seconds)
        print(f"x{more:.1f} documents cost x{cost:.1f} CPU time")
    if given.json:
        given.json.write_text(json.dumps([asdict(figures) for figures in found], indent=1) + "\n")


if __name__ == "__main__":
    main()
