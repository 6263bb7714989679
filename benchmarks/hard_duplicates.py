"""Corpora made to be hard for duplicates, at full size: CPU-seconds, peak memory and what came out.

    python -m benchmarks.hard_duplicates [CASE ...]

Each case runs in a process of its own. The same, small, are tests: tests/dedup/test_bad_input.py.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.duplicate_files import BATCH, Rows
from benchmarks.duplicates import DOCUMENTS, folded, keys_of, signed, warm_up
from corpus.dedup.text_kernels import PLACE, SHINGLE
from corpus.dedup.word_kernels import MIX_1, MIX_2, MIX_SHIFT, WORD_START, hash_bytes
from corpus.run.figures import peak, reset_peak
from corpus.sections import Dedup

SYLLABLES = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "zu"]


def words(seed: int, count: int) -> str:
    """Words without meaning, the same for the same seed."""
    rng = random.Random(seed)
    return " ".join("".join(rng.choices(SYLLABLES, k=3)) for _ in range(count))


def characters(seed: int, first: int, last: int) -> str:
    """A text of a script without spaces."""
    rng = random.Random(seed)
    return "".join(chr(rng.randint(first, last)) for _ in range(400))


def boilerplate(own: int) -> list[str]:
    """10,000 pages of 200 words, of which all but `own` are the same."""
    shared = words(0, 200 - own)
    return [f"{words(n + 1, own)} {shared}" for n in range(10_000)]


def long_article() -> list[str]:
    """One article of 100 MB, a part of it, and ten others."""
    long = " ".join(words(n, 100_000) for n in range(150))
    return [long, " ".join(long[:20_000].split()[100:900]), *(words(n, 100) for n in range(10))]


def scripts() -> list[str]:
    """3,000 texts each in Chinese, Japanese and Thai characters, every tenth one a copy with one character changed."""
    found = []
    for first, last in ((0x4E00, 0x9FA5), (0x3041, 0x3096), (0x0E01, 0x0E2E)):
        texts = [characters(n, first, last) for n in range(3000)]
        found += [
            text if n % 10 else texts[n - 1][:200] + chr(first) + texts[n - 1][201:] for n, text in enumerate(texts)
        ]
    return found


def drifting() -> list[str]:
    """5,000 texts, each a little further on in one long text: a chain of near duplicates without an end."""
    long = words(1, 30_000).split()
    return [" ".join(long[5 * n : 5 * n + 150]) for n in range(5000)]


def one_bucket() -> list[str]:
    """20,000 texts that share the same 30 words in a row, so that their samples and some bands are the same."""
    shared = words(0, 30)
    return [f"{words(n + 1, 60)} {shared} {words(n + 50_001, 60)}" for n in range(20_000)]


def flooding(count: int = 1000, length: int = 200) -> list[str]:
    """Texts of which all 5-grams (but one in millions) have hashes that begin with the same eight bits: whoever knows
    the hash can choose each word so. Nothing that is dealt out by its first bits is spread then."""
    rng = np.random.default_rng(0)
    vocabulary = ["".join(parts) for parts in itertools.product(SYLLABLES, repeat=3)]
    hashes = np.array([_hash_of(word) for word in vocabulary], np.uint64)
    chosen = rng.integers(0, len(vocabulary), SHINGLE - 1).tolist()
    for _ in range(count * length):
        before = np.uint64(sum(int(hashes[c]) * int(p) for c, p in zip(chosen[-4:], PLACE, strict=False)) % 2**64)
        shingles = _mixed(hashes * PLACE[-1] + before)
        fitting = np.flatnonzero(shingles >> np.uint64(56) == np.uint64(0))
        chosen.append(int(rng.choice(fitting)) if len(fitting) else int(shingles.argmin()))
    return [" ".join(vocabulary[c] for c in chosen[n * length : (n + 1) * length]) for n in range(count)]


def _hash_of(word: str) -> int:
    data = np.frombuffer(word.encode(), np.uint8)
    return int(hash_bytes(WORD_START, data, 0, len(data)))


def _mixed(h: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    for factor in (MIX_1, MIX_2):
        h = (h ^ (h >> MIX_SHIFT)) * factor
    return h ^ (h >> MIX_SHIFT)


CASES: dict[str, Callable[[], Iterable[str]]] = {
    "a million identical": lambda: itertools.repeat(words(1, 200), 1_000_000),
    "90 % boilerplate": lambda: boilerplate(20),
    "85 % boilerplate": lambda: boilerplate(30),
    "70 % boilerplate": lambda: boilerplate(60),
    "one of 100 MB": long_article,
    "scripts without spaces": scripts,
    "a drifting chain": drifting,
    "one passage in all": one_bucket,
    "hash flooding": flooding,
    "empty and one word": lambda: ["", "word"] * 50_000,
}


def measure(case: str) -> str:
    """Run one case and say what it took."""
    settings = Dedup()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warm_up(folder, settings)
        documents = Rows.write(folder / "documents.arrow", DOCUMENTS, batches(CASES[case]()))
        keys = keys_of(documents)
        reset_peak()
        signatures, seconds = signed(documents, folder, settings)
        start = time.process_time()
        made = folded(documents, keys, signatures, settings)
        end = time.process_time()
        most = peak()
    published = pc.sum(pc.equal(made.folds["fate"], "published")).as_py()
    figures = f"{len(documents):>11,}{seconds:>9.1f}{end - start:>9.1f}{most / 1e6:>11,.0f}"
    return f"{case:<24}{figures}{published:>11,}{made.derived.num_rows:>13,}"


def batches(texts: Iterable[str]) -> Iterator[pa.RecordBatch]:
    """Documents of these texts, each with an address of its own on one of fifty hosts."""
    count = itertools.count()
    left = iter(texts)
    while part := list(itertools.islice(left, BATCH)):
        rows = zip(itertools.islice(count, len(part)), part, strict=True)
        yield pa.RecordBatch.from_pylist(
            [
                {"record_id": f"r_{n:032x}", "url": f"https://www.example{n % 50}.org/{n}", "text": text}
                for n, text in rows
            ],
            DOCUMENTS,
        )


def main() -> None:
    """Run the cases and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("case", nargs="*", help=f"of: {', '.join(CASES)}")
    names = parser.parse_args().case or list(CASES)
    columns = ("documents", "sign s", "fold s", "peak MB", "published", "derivations")
    print(f"{'case':<24}" + "".join(f"{c:>{w}}" for c, w in zip(columns, (11, 9, 9, 11, 11, 13), strict=True)))
    for case in names:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(pool.apply(measure, (case,)), flush=True)


if __name__ == "__main__":
    main()
