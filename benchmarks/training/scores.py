"""Scores of words: the log-odds that what stands under such a class, or in such a line, is article text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from benchmarks.training.pages import Labelled
from corpus.clean.body.tags import CODES
from corpus.clean.body.wording import line_words

CLASS_HOSTS, LINE_HOSTS = 4, 6  # hosts that must have a word
CLASS_PRIOR, LINE_PRIOR = (0.6, 0.9), (0.5, 1.2)  # pages for and against before any is seen
CLASS_LEAST, LINE_LEAST = 0.15, 0.3  # a smaller score is left out
BOUND = 4.0  # log-odds
PER_HOST = 2.0  # pages that one host counts for, at most

Tally = dict[str, dict[str, list[float]]]  # word -> host -> for and against


def class_scores(pages: Iterable[Labelled]) -> dict[str, float]:
    """Of words in classes and ids, by the labelled lines below the elements that have them."""
    tally: Tally = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for page in pages:
        inside = _below(page)
        total = max(float(page.weights.sum()), 1e-9)
        by_word: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for node, words in enumerate(page.words):
            if node and page.tag[node] != CODES["body"]:
                for word in words:
                    by_word[word][0] += inside[node, 0]
                    by_word[word][1] += inside[node, 1]
        for word, (yes, no) in by_word.items():
            if yes + no > 0 and len(word) > 1:
                share = min(1.0, 0.2 + (yes + no) / total)
                tally[word][page.host][0] += share * yes / (yes + no)
                tally[word][page.host][1] += share * no / (yes + no)
    return _scores(tally, CLASS_HOSTS, CLASS_PRIOR, CLASS_LEAST, places=2)


def line_scores(pages: Iterable[Labelled]) -> dict[str, float]:
    """Of words in short lines."""
    tally: Tally = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for page in pages:
        by_word: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for text, label in zip(page.texts, page.labels, strict=True):
            for word in set(line_words(text)):
                by_word[word][1 - int(label)] += 1
        for word, (yes, no) in by_word.items():
            tally[word][page.host][0] += yes / (yes + no)
            tally[word][page.host][1] += no / (yes + no)
    return _scores(tally, LINE_HOSTS, LINE_PRIOR, LINE_LEAST, places=1)


def _below(page: Labelled) -> np.ndarray:
    """Weight of article text and of other text below each element."""
    sums = np.zeros((len(page.parent), 2))
    np.add.at(sums[:, 0], page.held_by, page.weights * page.labels)
    np.add.at(sums[:, 1], page.held_by, page.weights * (1 - page.labels))
    for node in range(len(page.parent) - 1, 0, -1):
        sums[page.parent[node]] += sums[node]
    return sums


def _scores(
    tally: Mapping[str, Mapping[str, Sequence[float]]],
    hosts: int,
    prior: tuple[float, float],
    least: float,
    places: int,
) -> dict[str, float]:
    found: dict[str, float] = {}
    for word in sorted(tally):
        if len(tally[word]) < hosts:
            continue
        yes, no = prior
        for each in (tally[word][host] for host in sorted(tally[word])):
            count = each[0] + each[1]
            share = min(count, PER_HOST) / count if count else 0.0
            yes, no = yes + each[0] * share, no + each[1] * share
        score = round(float(np.clip(np.log(yes / no), -BOUND, BOUND)), places)
        if abs(score) >= least:
            found[word] = score
    return found
