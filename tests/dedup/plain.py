"""The kernels of `dedup` once more in plain Python, as slow as can be: what property tests hold them against."""

from __future__ import annotations

import re
from fractions import Fraction

from corpus.dedup.characters import WITHOUT_SPACES
from corpus.dedup.minhash import permutations

WHOLE = 2**64


def mix(h: int) -> int:
    h = ((h ^ (h >> 33)) * 0xFF51AFD7ED558CCD) % WHOLE
    h = ((h ^ (h >> 33)) * 0xC4CEB9FE1A85EC53) % WHOLE
    return h ^ (h >> 33)


def alone(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in WITHOUT_SPACES)


def lower(character: str) -> str:
    return {"ς": "σ", "İ": "i"}.get(character) or character.lower()


def tokens(text: str) -> list[tuple[str, int, int]]:
    """(word, start, end): runs of word characters; a character of a script without spaces is one by itself."""
    found = []
    for run in re.finditer(r"\w+", text):
        start = run.start()
        for at in range(run.start(), run.end() + 1):
            if at == run.end() or alone(text[at]):
                if at > start:
                    found.append((text[start:at], start, at))
                if at < run.end():
                    found.append((text[at], at, at + 1))
                start = at + 1
    return [("".join(map(lower, word)), start, end) for word, start, end in found]


def words(text: str) -> list[str]:
    return [word for word, _, _ in tokens(text)]


def word_hash(word: str) -> int:
    h, data = 0xCBF29CE484222325, word.encode()
    for at in range(0, len(data), 8):
        h = mix(h ^ int.from_bytes(data[at : at + 8], "little"))
    return h


def shingles(text: str) -> list[int]:
    """In the text's order, with repeats."""
    hashes = [word_hash(word) for word in words(text)]
    if not hashes:
        return []
    hashes += [word_hash("")] * (5 - len(hashes))
    places = [(0x9E3779B97F4A7C15 * (2 * k + 1)) % WHOLE for k in range(5)]
    return [
        mix(sum(h * place for h, place in zip(hashes[i : i + 5], places, strict=True)) % WHOLE)
        for i in range(len(hashes) - 4)
    ]


def samples(text: str, window: int) -> list[int]:
    ordered = shingles(text)
    last = max(1, len(ordered) - window + 1)
    return sorted({min(ordered[i : i + window]) for i in range(last)}) if ordered else []


def minhash(text: str, count: int) -> list[int]:
    chosen = permutations(count)
    high = [shingle >> 32 for shingle in shingles(text)]
    return [
        min([((x ^ int(seed)) * int(factor)) % 2**32 for x in high], default=2**32 - 1)
        for seed, factor in zip(chosen.seeds, chosen.factors, strict=True)
    ]


def ten_thousandths(part: int, whole: int) -> int:
    """Rounded half up."""
    return 0 if whole == 0 else int(Fraction(part, whole) * 10_000 + Fraction(1, 2))


def jaccard(a: set[int], b: set[int]) -> int:
    return ten_thousandths(len(a & b), len(a | b))


def containment(a: set[int], b: set[int]) -> int:
    return ten_thousandths(len(a & b), min(len(a), len(b)))


def components(count: int, pairs: list[tuple[int, int]]) -> list[int]:
    label = list(range(count))
    changed = True
    while changed:
        changed = False
        for a, b in pairs:
            least = min(label[a], label[b])
            if (label[a], label[b]) != (least, least):
                label[a] = label[b] = least
                changed = True
    return label
