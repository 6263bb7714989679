"""Run one duplicate finder of others on a corpus, in the environment of duplicates.lock.

    python duplicates_run.py PEER CORPUS LABELS.npy

Writes a cluster number for each record to LABELS.npy and prints one line of JSON: CPU-seconds (children included)
until it has said what it can, the same until there are clusters, and peak bytes. Each is set up as its documentation
says for word 5-grams and a threshold of 0.8, with 128 permutations where it has the choice. Clusters are the connected
components of what it calls duplicates; where its fastest way gives flags only (rensa and FastSketchLSH on hashed
5-grams), the components of its bands.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.json as pj

THRESHOLD, PERMUTATIONS, BANDS, SHINGLE, SEED = 0.8, 128, 16, 5, 42
WORD = re.compile(r"\w+")
Labels = npt.NDArray[np.int64]
Hashes = tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]  # end to end, and where each text's begin
Pairs = Iterable[tuple[int, int]]
Late = Callable[[], Pairs]  # the pairs, to be asked for when the clock has stopped


@cache
def column_of(corpus: Path) -> pa.LargeStringArray:
    """The texts in the order of the file, read before the clock starts."""
    tables = [pj.read_json(path) for path in sorted((corpus / "raw").glob("*.jsonl"))]
    return pa.concat_tables(tables)["text"].cast(pa.large_string()).combine_chunks()


def texts_of(corpus: Path) -> list[str]:
    """The same as Python strings, for those who take no others."""
    return column_of(corpus).to_pylist()


def grams(text: str) -> set[str]:
    """The distinct word 5-grams as strings."""
    words = WORD.findall(text.lower())
    return {" ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))}


def datasketch(corpus: Path) -> Late:
    """MinHash by batches of bytes, MinHashLSH with its optimal bands."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    found = []
    for number, text in enumerate(texts_of(corpus)):
        sketch = MinHash(num_perm=PERMUTATIONS, seed=SEED)
        sketch.update_batch([gram.encode() for gram in grams(text)])
        found += [(number, other) for other in index.query(sketch)]
        index.insert(number, sketch, check_duplication=False)
    return lambda: found


def rensa(corpus: Path) -> Late:
    """R-MinHash of token sets and its LSH, a query for each."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=BANDS)
    found = []
    for number, text in enumerate(texts_of(corpus)):
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        sketch.update(list(grams(text)))
        found += [(number, other) for other in index.query(sketch)]
        index.insert(number, sketch)
    return lambda: found


def gaoya(corpus: Path) -> Late:
    """Its string index with the built-in analyser; it verifies by the estimated similarity."""
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(
        hash_size=32, jaccard_threshold=THRESHOLD, num_bands=None, band_size=None, num_hashes=PERMUTATIONS,
        analyzer="word", lowercase=True, ngram_range=(SHINGLE, SHINGLE), id_container="vec",
    )  # fmt: skip
    texts = texts_of(corpus)
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    answers = index.par_bulk_query(texts, return_similarity=False)
    return lambda: ((number, other) for number, others in enumerate(answers) for other in others)


def text_dedup(corpus: Path) -> Late:
    """text-dedup's method: its embed_func and optimal_param, then each bucket joined to its smallest member."""
    from text_dedup.minhash import RNG, SIGNATURE_COLUMN, embed_func
    from text_dedup.utils import optimal_param, sha1_hash

    bands, rows = optimal_param(THRESHOLD, PERMUTATIONS, 0.5, 0.5)
    prime = np.uint64((1 << 61) - 1)
    buckets: list[dict[bytes, list[int]]] = [defaultdict(list) for _ in range(bands)]
    permutations = tuple(RNG.randint(low, prime, size=(PERMUTATIONS,), dtype=np.uint64) for low in (1, 0))
    for number, text in enumerate(texts_of(corpus)):
        signed = embed_func(
            text, number, num_perm=PERMUTATIONS, ngram_size=SHINGLE, min_length=0,
            hashranges=[(band * rows, (band + 1) * rows) for band in range(bands)], permutations=permutations,
            hash_func=lambda data: sha1_hash(data, d=32), dtype=np.uint64, max_hash=np.uint32((1 << 32) - 1),
            modulo_prime=prime,
        )  # fmt: skip
        for bucket, signature in zip(buckets, signed[SIGNATURE_COLUMN], strict=True):
            bucket[signature].append(number)
    found = [(member, group[0]) for bucket in buckets for group in bucket.values() for member in group[1:]]
    return lambda: found


def datatrove(corpus: Path) -> Late:
    """Its four stages' first three, in this process, with 16 buckets of 8 hashes."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader

    config = MinhashConfig(n_grams=SHINGLE, num_buckets=BANDS, hashes_per_bucket=PERMUTATIONS // BANDS)
    folder = Path(tempfile.mkdtemp())
    signatures, buckets, removed = (str(folder / name) for name in ("signatures", "buckets", "removed"))
    reader = JsonlReader(str(corpus / "raw"), text_key="text", id_key="url", glob_pattern="*.jsonl")
    stages = (
        ([reader, MinhashDedupSignature(output_folder=signatures, config=config)], 1),
        ([MinhashDedupBuckets(input_folder=signatures, output_folder=buckets, config=config)], BANDS),
        ([MinhashDedupCluster(input_folder=buckets, output_folder=removed, config=config)], 1),
    )
    for number, (pipeline, tasks) in enumerate(stages):
        logs = str(folder / f"logs{number}")
        LocalPipelineExecutor(pipeline=pipeline, tasks=tasks, workers=1, logging_dir=logs).run()

    def pairs() -> Pairs:
        for path in sorted(Path(buckets).glob("*.dups")):
            for _, first, _, second in np.frombuffer(path.read_bytes(), np.uint32).reshape(-1, 4).tolist():
                if first < 2**32 - 1:
                    yield first, second

    return pairs


def _bands(rows: npt.NDArray[np.uint64]) -> Pairs:
    """Pairs of a bucket's first member and each other member."""
    width = rows.shape[1] // BANDS
    for band in range(BANDS):
        part = np.ascontiguousarray(rows[:, band * width : (band + 1) * width])
        keys = part.view([("", part.dtype)] * width).ravel()
        _, first, back = np.unique(keys, return_index=True, return_inverse=True)
        yield from zip(range(len(rows)), first[back].tolist(), strict=True)


@numba.njit(cache=False)
def _hashed(data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]) -> Hashes:
    """Hashes of the word 5-grams of each text (UTF-8; words are letters, digits, _ and what is not ASCII)."""
    out = np.empty(len(data) // 2 + SHINGLE * len(offsets), np.uint64)
    ends = np.zeros(len(offsets), np.uint64)
    ring = np.zeros(SHINGLE, np.uint64)
    total = 0
    for document in range(len(offsets) - 1):
        count, current, inside = 0, np.uint64(0), False
        for at in range(offsets[document], offsets[document + 1] + 1):
            byte = data[at] if at < offsets[document + 1] else np.uint8(32)
            if 65 <= byte <= 90:
                byte = np.uint8(byte + 32)
            if byte >= 128 or byte == 95 or 48 <= byte <= 57 or 97 <= byte <= 122:
                current = (current ^ np.uint64(byte)) * np.uint64(0x100000001B3) + np.uint64(0x9E37)
                inside = True
            elif inside:
                ring[count % SHINGLE] = current ^ (current >> np.uint64(31))
                count, current, inside = count + 1, np.uint64(0), False
                if count >= SHINGLE:
                    gram = np.uint64(0)
                    for k in range(SHINGLE):
                        gram = gram * np.uint64(0x9E3779B97F4A7C15) + ring[(count + k) % SHINGLE]
                    out[total] = gram ^ (gram >> np.uint64(32))
                    total += 1
        if 0 < count < SHINGLE:
            out[total] = ring[0]
            total += 1
        ends[document + 1] = np.uint64(total)
    return out[:total], ends


def _flat(corpus: Path) -> Hashes:
    """5-gram hashes end to end, straight from Arrow's buffers, and where each text's begin."""
    texts = column_of(corpus)
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return _hashed(np.frombuffer(data, np.uint8), starts)


def rensa_numba(corpus: Path) -> Late:
    """Digests of prehashed 5-grams in one call, duplicate flags in one more: rensa's fastest way."""
    from rensa import RMinHash, RMinHashLSH

    hashes, ends = _flat(corpus)
    digests = RMinHash.digest_matrix_from_flat_token_hashes(hashes, ends, PERMUTATIONS, SEED)
    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=BANDS)
    index.insert_matrix_and_query_duplicate_flags(digests)
    return lambda: _bands(np.array(digests.to_rows(), np.uint64))


def fastsketchlsh(corpus: Path) -> Late:
    """The same with FastSketchLSH."""
    from FastSketchLSH import LSH, FastSimilaritySketch

    hashes, ends = _flat(corpus)
    digests = FastSimilaritySketch(size=PERMUTATIONS, seed=SEED).batch_csr(hashes, ends, prehashed=True, num_threads=1)
    index = LSH(num_perm=PERMUTATIONS, num_bands=BANDS)
    index.insert_and_query_duplicates(digests)
    return lambda: _bands(digests)


PEERS = {
    "datasketch": datasketch, "rensa": rensa, "rensa + numba": rensa_numba, "fastsketchlsh": fastsketchlsh,
    "gaoya": gaoya, "text-dedup": text_dedup, "datatrove": datatrove,
}  # fmt: skip


def labels_of(count: int, pairs: Pairs) -> Labels:
    """The smallest member of each record's connected component."""
    parent = list(range(count))

    def root(member: int) -> int:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for first, second in pairs:
        a, b = root(first), root(second)
        parent[max(a, b)] = min(a, b)
    return np.array([root(member) for member in range(count)], np.int64)


def cpu_seconds() -> float:
    """Of this process and of its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def main() -> None:
    """Run one peer."""
    peer, corpus, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    _hashed(np.frombuffer(b"compiled before the clock starts", np.uint8), np.array([0, 32], np.int64))
    with tempfile.TemporaryDirectory() as small:  # imports and first-call costs belong to nobody's time
        (Path(small) / "raw").mkdir()
        line = '{"url": "https://a.example/1", "text": "one two three four five six seven eight nine"}\n'
        (Path(small) / "raw" / "a.jsonl").write_text(line * 3)
        PEERS[peer](Path(small))
    count = len(column_of(corpus))
    start = cpu_seconds()
    late = PEERS[peer](corpus)
    seconds = cpu_seconds() - start
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * 1024
    np.save(out, labels_of(count, late()))
    clustered = cpu_seconds() - start
    print(json.dumps({"peer": peer, "cpu_seconds": seconds, "clustered_seconds": clustered, "peak_bytes": peak}))


if __name__ == "__main__":
    main()
