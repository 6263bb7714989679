"""Ask datatrove's own filters what they make of texts whose signals we measured, in the environment of signals.lock.

    python signals_run.py ARTICLES.jsonl

A line of ARTICLES has `text`, its `words` and the sentences of each of its lines as we count them, `bulleted` (the text
with a bullet before each list item) and our `signals`. A filter tells no value, only whether it is beyond a threshold,
so each rule is asked twice, with thresholds just above and just below our value, and further apart until its answers
enclose it. Prints JSON: for each signal the largest such distance; and how many articles each filter, set up as it is
by default with its own words, rejects.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)
from datatrove.utils.word_tokenizers import WordTokenizer

DISTANCES = (0.00006, 0.0006, 0.006, 0.06, 0.6, 6.0, 60.0)
QUALITY = dict.fromkeys(
    ("min_doc_words", "max_doc_words", "min_avg_word_length", "max_avg_word_length", "max_symbol_word_ratio",
     "max_bullet_lines_ratio", "max_ellipsis_lines_ratio", "max_non_alpha_words_ratio", "min_stop_words")
)  # fmt: skip
REPETITION = {"dup_line_frac": None, "dup_para_frac": None, "dup_line_char_frac": None, "dup_para_char_frac": None}
FINEWEB = {"line_punct_thr": -9.0, "short_line_thr": 9e9, "char_duplicates_ratio": 9e9, "new_line_ratio": 9e9}


Filter = GopherQualityFilter | GopherRepetitionFilter | FineWebQualityFilter | C4QualityFilter
Make = Callable[[float], Filter]


class OurWords(WordTokenizer):
    """The words of the article at hand and the sentences of its lines, as we counted them."""

    def __init__(self) -> None:
        super().__init__("en")
        self.words: list[str] = []
        self.sentences: dict[str, int] = {}

    def word_tokenize(self, text: str) -> list[str]:  # noqa: ARG002 - it is the article's
        """The words."""
        return self.words

    def sent_tokenize(self, text: str) -> list[str]:
        """As many sentences as the line has."""
        return [text] * self.sentences[text]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        """As many spans as the line has sentences."""
        return [(0, len(text))] * self.sentences[text]


OURS = OurWords()


def quality(key: str) -> Make:
    """Gopher's quality filter with one rule."""
    return lambda limit: GopherQualityFilter(**{**QUALITY, key: limit}, language=OURS)


def repetition(key: Callable[[float], dict[str, object]]) -> Make:
    """Gopher's repetition filter with one rule."""
    return lambda limit: GopherRepetitionFilter(
        **{**REPETITION, "top_n_grams": (), "dup_n_grams": (), **key(limit)}, language=OURS
    )


def fineweb(key: str) -> Make:
    """FineWeb's filter with one rule."""
    return lambda limit: FineWebQualityFilter(**{**FINEWEB, key: limit}, language=OURS)


def sentences(limit: float) -> C4QualityFilter:
    """C4's filter with its rule on sentences, and those on lines before it."""
    return C4QualityFilter(
        min_num_sentences=limit, min_words_per_line=5, filter_lorem_ipsum=False, filter_curly_bracket=False,
        language=OURS,
    )  # fmt: skip


# signal -> (filter at a threshold, whether it rejects what is greater, which text it reads)
RULES = {
    "mean_word_length": (quality("max_avg_word_length"), True, "text"),
    "symbol_to_word_ratio": (quality("max_symbol_word_ratio"), True, "text"),
    "bullet_line_ratio": (quality("max_bullet_lines_ratio"), True, "bulleted"),
    "ellipsis_line_ratio": (quality("max_ellipsis_lines_ratio"), True, "lines"),
    "alpha_word_ratio": (quality("max_non_alpha_words_ratio"), False, "text"),
    "stop_words": (quality("min_stop_words"), False, "text"),
    "duplicate_line_ratio": (repetition(lambda x: {"dup_line_frac": x}), True, "text"),
    "duplicate_paragraph_ratio": (repetition(lambda x: {"dup_para_frac": x}), True, "text"),
    "duplicate_line_char_ratio": (repetition(lambda x: {"dup_line_char_frac": x}), True, "text"),
    "duplicate_paragraph_char_ratio": (repetition(lambda x: {"dup_para_char_frac": x}), True, "text"),
    **{
        f"top_{n}_gram_char_ratio": (repetition(lambda x, n=n: {"top_n_grams": ((n, x),)}), True, "text")
        for n in (2, 3, 4)
    },
    **{
        f"duplicate_{n}_gram_char_ratio": (repetition(lambda x, n=n: {"dup_n_grams": ((n, x),)}), True, "text")
        for n in range(5, 11)
    },
    "punctuated_line_ratio": (fineweb("line_punct_thr"), False, "text"),
    "short_line_ratio": (fineweb("short_line_thr"), True, "text"),
    "duplicated_char_ratio": (fineweb("char_duplicates_ratio"), True, "text"),
    "list_ratio": (fineweb("new_line_ratio"), True, "lines"),
    "c4_sentences": (sentences, False, "lines"),
}


def passes(filter_: Filter, text: str) -> bool:
    """Whether a filter lets a text through."""
    said = filter_.filter(Document(text=text, id="0"))
    return said is True


def distance(signal: str, article: dict[str, Any]) -> float:
    """The smallest of DISTANCES within which datatrove's value is, or infinity."""
    make, greater, which = RULES[signal]
    value = article["signals"][signal]
    for step in DISTANCES:
        inside, outside = (value + step, value - step) if greater else (value - step, value + step)
        if passes(make(inside), article[which]) and not passes(make(outside), article[which]):
            return step
    return float("inf")


def main() -> None:
    """Compare, and print."""
    worst = dict.fromkeys(RULES, 0.0)
    presets = {
        "gopher": [GopherQualityFilter(), GopherRepetitionFilter()],
        "c4": [C4QualityFilter(min_num_sentences=3, min_words_per_line=5)],
        "fineweb": [FineWebQualityFilter(char_duplicates_ratio=0.1)],
    }
    verdicts = {name: [] for name in presets}
    for line in Path(sys.argv[1]).read_text().splitlines():
        article = json.loads(line)
        OURS.words, OURS.sentences = article["words"], article["sentences"]
        for signal in RULES:
            worst[signal] = max(worst[signal], distance(signal, article))
        for name, filters in presets.items():
            verdicts[name].append(all(passes(one, article["lines"]) for one in filters))
    print(json.dumps({"worst": worst, "verdicts": verdicts}))


main()
