"""Duplicates: how right and how fast, alone, on corpora whose duplicates are known.

    python -m benchmarks.duplicates CORPUS [CORPUS ...] [--repeats 3] [--json OUT.json]

CORPUS is a folder that `benchmarks.known_duplicates` or `benchmarks.grown_duplicates` wrote: raw/*.jsonl and
truth.parquet. For each one, in a process of its own: pairwise precision, recall and F1 of the clusters against the
components of all pairs with a true Jaccard similarity of at least 0.8; documents per CPU-second of `sign`, of `fold`
and of both on one thread, compiled kernels at hand; and peak memory. Texts and signatures lie in Arrow files, as a run
keeps them in shards; reading what `fold` fetches counts. With several corpora also the growth of time from the first to
the last.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj
import pyarrow.parquet as pq

from benchmarks.duplicate_files import BATCH, TOGETHER, Fetch, Rows
from corpus.dedup import Folded, fold, sign
from corpus.run.figures import peak, reset_peak
from corpus.sections import Dedup
from corpus.working import KEYS, SIGNATURES

GIVEN = ("url", "title", "text", "published_at")
DOCUMENTS = pa.schema([("record_id", pa.string()), *((name, pa.string()) for name in GIVEN)])
NARROW = [name for name in SIGNATURES.names if name != "shingles"]
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


def documents_of(corpus: Path, folder: Path) -> Rows:
    """The records of raw/*.jsonl, in the order of the truth's `record`, with an id made from their number."""
    columns = [pa.field(name, pa.string()) for name in GIVEN]
    read = pj.ParseOptions(explicit_schema=pa.schema(columns), unexpected_field_behavior="ignore")

    def batches() -> Iterator[pa.RecordBatch]:
        start = 0
        for path in sorted((corpus / "raw").glob("*.jsonl")):
            for batch in pj.read_json(path, parse_options=read).to_batches(max_chunksize=BATCH):
                ids = pa.array([f"r_{number:032x}" for number in range(start, start + batch.num_rows)])
                yield pa.record_batch([ids, *batch.columns], schema=DOCUMENTS)
                start += batch.num_rows

    return Rows.write(folder / "documents.arrow", DOCUMENTS, batches())


def keys_of(documents: Rows) -> pa.Table:
    """KEYS as ingest and clean would make them from such records."""
    batches, parts = documents.batches(DOCUMENTS.names), [KEYS.empty_table()]
    while some := [_keys(batch) for batch in itertools.islice(batches, TOGETHER)]:
        parts.append(pa.concat_tables(some).combine_chunks())
    return pa.concat_tables(parts).combine_chunks()


def _keys(documents: pa.RecordBatch) -> pa.Table:
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


def signed(documents: Rows, folder: Path, settings: Dedup) -> tuple[Rows, float]:
    """The signatures of all documents, a batch at a time, as `run` asks for them; and the CPU-seconds of `sign`."""
    seconds = 0.0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal seconds
        for batch in documents.batches(["record_id", "text"]):
            start = time.process_time()
            made = sign(batch, settings)
            seconds += time.process_time() - start
            yield made

    return Rows.write(folder / "signatures.arrow", SIGNATURES, batches()), seconds


def folded(documents: Rows, keys: pa.Table, signatures: Rows, settings: Dedup) -> Folded:
    """The fates of all documents."""
    fetch = Fetch(keys["record_id"], documents, DOCUMENTS.names, signatures)
    return fold(keys, signatures.columns(NARROW), fetch, settings)


def warm_up(folder: Path, settings: Dedup) -> None:
    """Compile the kernels, or read what was compiled, on a few articles of every kind."""
    texts = [" ".join(f"w{(n // 3) * 7919 % 4001 + k}" for k in range(60 + n % 3)) for n in range(30)]
    texts += [f"{texts[0]}\n\n{text}\n\n{texts[9]}" for text in texts[3:6]]
    rows = [{"record_id": f"r_{n:032x}", "url": f"https://www.a.org/{n}", "text": t} for n, t in enumerate(texts)]
    batch = pa.RecordBatch.from_pylist(rows, DOCUMENTS)
    documents = Rows.write(folder / "warm.arrow", DOCUMENTS, [batch])
    folded(documents, keys_of(documents), signed(documents, folder, settings)[0], settings)


def pairs(*labels: npt.NDArray[np.int64]) -> float:
    """How many pairs have all these labels in common."""
    counts = np.unique(np.stack(labels), axis=1, return_counts=True)[1].astype(np.float64)
    return float((counts * (counts - 1) / 2).sum())


def clusters_of(folds: pa.Table) -> npt.NDArray[np.int64]:
    """For each record a number for the article that it was published as or folded into."""
    article = pc.coalesce(folds["article_id"], folds["kept_article_id"]).combine_chunks().dictionary_encode()
    return np.asarray(article.indices.to_numpy(), np.int64)


class Run(NamedTuple):
    """What one run leaves: CPU-seconds of each verb, peak memory and each record's cluster, but none of its tables."""

    sign_seconds: float
    fold_seconds: float
    peak_bytes: int
    clusters: npt.NDArray[np.int64]


def run(documents: Rows, keys: pa.Table, folder: Path, settings: Dedup) -> Run:
    """Sign and fold all documents once."""
    signatures, seconds = signed(documents, folder, settings)
    start = time.process_time()
    made = folded(documents, keys, signatures, settings)
    return Run(seconds, time.process_time() - start, peak(), clusters_of(made.folds))


def measure(corpus: Path, repeats: int = 1) -> Figures:
    """Run and score one corpus; of several repeats the least time of each verb counts, and the highest peak."""
    settings = Dedup(safe_jaccard=0.0)  # the truth is whole components; by default a chain's far end stands by itself
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warm_up(folder, settings)
        documents = documents_of(corpus, folder)
        keys = keys_of(documents)
        reset_peak()
        runs = [run(documents, keys, folder, settings) for _ in range(repeats)]
    truth = pq.read_table(corpus / "truth.parquet", columns=["record", "cluster"])
    true = truth.sort_by("record")["cluster"].to_numpy()
    ours = runs[-1].clusters
    both = pairs(true, ours)
    return Figures(
        documents=len(true),
        sign_seconds=min(one.sign_seconds for one in runs),
        fold_seconds=min(one.fold_seconds for one in runs),
        peak_bytes=runs[-1].peak_bytes,
        precision=both / max(1.0, pairs(ours)),
        recall=both / max(1.0, pairs(true)),
    )


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--json", type=Path, help="keep the figures here, for benchmarks.duplicate_charts")
    parser.add_argument("--repeats", type=int, default=1, help="measure so often; the least time counts")
    given = parser.parse_args()
    corpora = given.corpus
    print("".join(f"{name:>11}" for name in COLUMNS))
    found = []
    for corpus in corpora:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            f = pool.apply(measure, (corpus, given.repeats))
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
