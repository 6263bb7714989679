"""Repetition inside a text: lines, paragraphs and words in a row that stand there before (Rae et al. 2021, table A1).

Counted as datatrove's GopherRepetitionFilter counts them. Words in a row are told apart by numbers, never by hashes:
a number stands for n words, and the next ones for pairs of such a number and one more word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

TOP, DUPLICATE = (2, 3, 4), (5, 6, 7, 8, 9, 10)
"""Words in a row: of the most frequent ones, and of all that occur before."""
Ints = npt.NDArray[np.int64]


def duplicates(items: Iterable[str]) -> tuple[int, int]:
    """How many items stand before, and how many code points they have."""
    seen: set[str] = set()
    count = chars = 0
    for item in items:
        if item in seen:
            count += 1
            chars += len(item)
        else:
            seen.add(item)
    return count, chars


def repeated_grams(words: Sequence[str]) -> dict[int, int]:
    """Code points of the most frequent n words in a row (n of TOP, with the spaces between them, times their number),
    and of n words in a row that stand before (n of DUPLICATE, without spaces; those that overlap count once)."""
    found = dict.fromkeys((*TOP, *DUPLICATE), 0)
    known = {word: number for number, word in enumerate(dict.fromkeys(words))}
    single = np.fromiter(map(known.__getitem__, words), np.int64, len(words))
    ends = np.zeros(len(words) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, words), np.int64, len(words)), out=ends[1:])
    places, grams = np.arange(len(words)), single
    for n in range(2, min(max(DUPLICATE), len(words)) + 1):
        inside = places <= len(words) - n
        places, grams = places[inside], grams[inside]
        if not len(places) and n not in TOP:
            break  # nothing is repeated, and so nothing longer is
        pairs = grams * len(known)
        pairs += single[places + (n - 1)]
        first, grams, counts = _numbered(pairs)
        most = int(counts.max(initial=1))
        if n in TOP:
            top = int(places[first[counts == most]].min()) if most > 1 else 0
            found[n] = int(ends[top + n] - ends[top] + n - 1) * most
        else:
            found[n] = _covered(places, grams, counts, ends, n)
        again = counts[grams] > 1  # what stands there once is the beginning of nothing that is repeated
        places, grams = places[again], grams[again]
    return found


def _numbered(values: Ints) -> tuple[Ints, Ints, Ints]:
    """Of each distinct value the first place and how often it stands there, and for each place the number of its value:
    np.unique with three returns, at half the cost."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    new = np.ones(len(values), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    starts = np.flatnonzero(new)
    numbers = np.empty(len(values), np.int64)
    numbers[order] = np.cumsum(new) - 1
    return order[starts], numbers, np.diff(starts, append=len(values))


def _covered(places: Ints, grams: Ints, counts: Ints, ends: Ints, n: int) -> int:
    """Code points of the grams that stand before; after one of them the next that counts begins behind it.

    Only grams that occur twice or more (`counts`, by number) are walked: no other is met again.
    """
    seen: set[int] = set()
    chars = behind = 0
    again = counts[grams] > 1
    for at, number in zip(places[again].tolist(), grams[again].tolist(), strict=True):
        if at < behind:
            continue
        if number in seen:
            chars += int(ends[at + n] - ends[at])
            behind = at + n
        else:
            seen.add(number)
    return chars
