"""What words a list's short lines have ("add to basket", "sort by", "load more"), by scores that were learnt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from corpus.clean.body.names import read_scores

WORD = re.compile(r"[^\W\d_]{2,}")
LINE = 40  # code points of a short line at most
FIRST = 6  # words of a line that are looked at
CLEAR = 1.5  # log-odds, from which a word alone tells much
MOST = 5  # of the words that speak most for a list
MEASURES = ("words", "words_for", "words_against", "words_most")


def words_of(lines: Iterable[str]) -> frozenset[str]:
    """The words, and pairs of neighbours, of a page's short lines, in lower case."""
    found: set[str] = set()
    for line in lines:
        if len(line) <= LINE:
            words = WORD.findall(line.lower())[:FIRST]
            found.update(words)
            found.update(map(" ".join, pairwise(words)))
    return frozenset(found)


def word_measures(words: Iterable[str], scores: Mapping[str, float]) -> dict[str, float]:
    """MEASURES: sums of log-odds that a page with such words is a list."""
    said = sorted(scores[word] for word in words if word in scores)
    return {
        "words": sum(said) / (len(said) + 1) ** 0.5,
        "words_for": sum(score for score in said if score >= CLEAR),
        "words_against": sum(score for score in said if score <= -CLEAR),
        "words_most": sum(said[-MOST:]),
    }


@cache
def list_scores() -> Mapping[str, float]:
    """The scores of this version."""
    return read_scores(Path(__file__).parent / "data" / "list_words.tsv")
