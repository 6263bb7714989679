"""Make a corpus whose near duplicates are known exactly, for the benchmarks of duplicates.

    python -m benchmarks.known_duplicates OUT --docs 10000 [--seed 1] [--synthetic]

OUT gets raw/articles.jsonl (url, title, text, published_at) and truth.parquet (record: the line's number from 0;
cluster: the smallest record of the connected component of all pairs with a true Jaccard similarity of at least 0.8;
kind: base, synthetic, template or one of EDITS). About 70 % of the records are originals: articles of text/*.parquet
(see `benchmarks.data`), then texts of a word-trigram chain trained on them; 25 % are edited copies; 5 % are reports
that share a template but not their facts. Similarity is measured, never assumed: word 5-grams (Broder 1997) of the
lower-case `\\w+` words, all pairs by a prefix filter (Chaudhuri, Ganti and Kaushik 2006). Same arguments, same bytes.

There are so many articles and no more, so a larger corpus holds more synthetic texts, which are longer: `--synthetic`
takes no others, and corpora of every size are of one make, as growth must be measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.data import eval_data

THRESHOLD = 0.8
SHINGLE = 5
COPIES, TEMPLATES = 0.25, 0.05
LENGTHS = (80, 900)  # words of an original: shorter ones leave too few 5-grams to edit
WORD = re.compile(r"\w+")
SENTENCE = re.compile(r"(?<=[.!?])\s+")
FURNITURE = (
    "Get our morning briefing in your inbox, free, every weekday.",
    "Read more: the latest headlines, weather and travel for the whole valley.",
    "All rights reserved. No part of this page may be reproduced without permission.",
)
UNITS = ("points", "tonnes", "barrels", "crowns", "visitors")
Grams = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Made:
    """One record: its words as published, and how it came about."""

    title: str
    text: str
    kind: str


@cache
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def shingles(text: str) -> Grams:
    """The sorted distinct hashes of the word 5-grams; of a shorter text, of all its words."""
    words = [_hash(word) for word in WORD.findall(text.lower())]
    hashes = np.array(words + [0] * (SHINGLE - len(words)), np.uint64)
    total = np.zeros(len(hashes) - SHINGLE + 1, np.uint64)
    for place in range(SHINGLE):
        total = total * np.uint64(0x9E3779B97F4A7C15) + hashes[place : len(total) + place]
        total ^= total >> np.uint64(29)
    return np.unique(total)


def jaccard(a: Grams, b: Grams) -> float:
    """Shared 5-grams by all of them."""
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared)


def similar_pairs(documents: list[Grams]) -> Iterator[tuple[int, int]]:
    """All pairs at or above the threshold: two such sets share one of their rarest (1 - threshold) elements."""
    sizes = np.array([len(grams) for grams in documents])
    flat, owner = np.concatenate(documents), np.repeat(np.arange(len(documents)), sizes)
    _, code, counts = np.unique(flat, return_inverse=True, return_counts=True)
    order = np.lexsort((code, counts[code], owner))
    rank = np.arange(len(flat)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    prefix = sizes - np.ceil(THRESHOLD * sizes - 1e-9).astype(np.int64) + 1
    kept = order[(rank < np.repeat(prefix, sizes)) & (counts[code[order]] > 1)]
    holders: dict[int, list[int]] = defaultdict(list)
    for gram, document in zip(code[kept].tolist(), owner[kept].tolist(), strict=True):
        holders[gram].append(document)
    seen: set[tuple[int, int]] = set()
    for group in holders.values():
        for at, first in enumerate(group):
            for second in group[at + 1 :]:
                pair = (first, second)
                short, long = sorted((sizes[first], sizes[second]))
                if pair in seen or short < THRESHOLD * long - 1e-9:
                    continue
                seen.add(pair)
                if jaccard(documents[first], documents[second]) >= THRESHOLD:
                    yield pair


def components(count: int, pairs: Iterator[tuple[int, int]]) -> list[int]:
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
    return [root(member) for member in range(count)]


class Chain:
    """A word-trigram chain: synthetic articles that share no long run of words with each other by design."""

    def __init__(self, texts: list[str]) -> None:
        self._next: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.words: list[str] = []
        for text in texts:
            words = text.split()
            self.words.extend(words[::7])
            for a, b, c in zip(words, words[1:], words[2:], strict=False):
                self._next[a, b].append(c)
        self._starts = list(self._next)

    def text(self, rng: random.Random) -> str:
        """An article of 100 to 500 words in paragraphs; every seventh word or so is any word, to keep texts apart."""
        a, b = rng.choice(self._starts)
        words = [a, b]
        for _ in range(rng.randint(100, 500)):
            following = self._next.get((a, b))
            if following is None or rng.random() < 0.15:
                a, b = b, rng.choice(self.words)
            else:
                a, b = b, rng.choice(following)
            words.append(b)
        return "\n\n".join(" ".join(words[at : at + 60]) for at in range(0, len(words), 60))


def _copy(text: str, _rng: random.Random, _chain: Chain) -> str:
    return text


def _respaced(text: str, rng: random.Random, _chain: Chain) -> str:
    return "".join("  " if c == " " and rng.random() < 0.05 else c for c in text).replace("'", "\u2019")


def _furnished(text: str, rng: random.Random, _chain: Chain) -> str:
    return "\n\n".join([text, *rng.sample(FURNITURE, 2)])


def _reworded(text: str, rng: random.Random, chain: Chain) -> str:
    rate = 0.08 * rng.random() ** 2
    return "\n\n".join(
        " ".join(rng.choice(chain.words) if rng.random() < rate else word for word in part.split(" "))
        for part in text.split("\n\n")
    )


def _shortened(text: str, rng: random.Random, _chain: Chain) -> str:
    parts = SENTENCE.split(text)
    del parts[rng.randrange(len(parts))]
    return " ".join(parts) or text


def _reordered(text: str, rng: random.Random, _chain: Chain) -> str:
    parts = text.split("\n\n")
    rng.shuffle(parts)
    return "\n\n".join(parts)


def _lead(text: str, rng: random.Random, _chain: Chain) -> str:
    words = text.split(" ")
    return " ".join(words[: max(20, int(len(words) * rng.uniform(0.3, 0.7)))])


def _embedded(text: str, rng: random.Random, chain: Chain) -> str:
    return "\n\n".join([chain.text(rng), text, chain.text(rng)])


EDITS: dict[str, Callable[[str, random.Random, Chain], str]] = {
    "copy": _copy, "respaced": _respaced, "furnished": _furnished, "reworded": _reworded, "shortened": _shortened,
    "reordered": _reordered, "lead": _lead, "embedded": _embedded,
}  # fmt: skip


def _template(rng: random.Random, group: int) -> str:
    """One of a family of market reports: the same sentences, other figures in each."""
    named = random.Random(group)
    town, unit = f"Market {named.randrange(10**6)}", named.choice(UNITS)
    lines = (
        f"{town} closed at {rng.randint(1000, 99999)} {unit} on day {rng.randint(1, 9999)}, "
        f"{rng.choice(('up', 'down'))} {rng.randint(1, 99)} from {rng.randint(1000, 99999)}. "
        f"Item {line} changed hands {rng.randint(10, 9999)} times."
        for line in range(8)
    )
    return "\n\n".join(lines)


def _originals() -> list[str]:
    texts = []
    for path in sorted((eval_data() / "text").glob("*.parquet")):
        texts += [t for t in pq.read_table(path, columns=["text"])["text"].to_pylist() if t]
    return [text for text in dict.fromkeys(texts) if LENGTHS[0] <= len(text.split()) <= LENGTHS[1]]


def records(count: int, seed: int, *, synthetic: bool = False) -> Iterator[Made]:
    """The records in an order that keeps copies away from their originals."""
    rng = random.Random(seed)
    texts = _originals()
    rng.shuffle(texts)
    chain = Chain(texts)
    if synthetic:
        texts = []
    copies, templates = int(count * COPIES), int(count * TEMPLATES)
    firsts = count - copies - templates
    made = [Made(text[:60], text, "base") for text in texts[:firsts]]
    made += [Made(f"Report {n}", chain.text(rng), "synthetic") for n in range(firsts - len(made))]
    popular = made[: max(1, firsts // 100)]
    for n in range(copies):
        kind = rng.choice(list(EDITS))
        chosen = rng.choice(popular if n % 2 else made[:firsts])
        made.append(Made(f"{chosen.title} {n}", EDITS[kind](chosen.text, rng, chain), kind))
    made += [Made(f"Close {n}", _template(rng, n // 8), "template") for n in range(templates)]
    rng.shuffle(made)
    yield from made


def main() -> None:
    """Write the corpus and its truth."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--docs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synthetic", action="store_true", help="no real articles: of one make at every size")
    given = parser.parse_args()
    (given.out / "raw").mkdir(parents=True, exist_ok=True)
    kinds: list[str] = []
    grams: list[Grams] = []
    with (given.out / "raw" / "articles.jsonl").open("w", encoding="utf-8") as sink:
        for number, made in enumerate(records(given.docs, given.seed, synthetic=given.synthetic)):
            day = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T00:00:00Z"
            url = f"https://www.host{number % 40}.example/{number}"
            row = {"url": url, "title": made.title, "text": made.text, "published_at": day}
            sink.write(json.dumps(row, ensure_ascii=False) + "\n")
            kinds.append(made.kind)
            grams.append(shingles(made.text))
    truth = components(len(grams), similar_pairs(grams))
    table = pa.table({"record": range(len(truth)), "cluster": truth, "kind": kinds})
    pq.write_table(table, given.out / "truth.parquet")
    print(f"{len(truth):,} records, {len(set(truth)):,} clusters")


if __name__ == "__main__":
    main()
