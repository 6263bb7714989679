"""What the rules of C4 and FineWeb look at, line by line (Raffel et al. 2020, section 2.2; Penedo et al. 2024, 3.6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import regex

from corpus.clean.suspicious import suspicious

CITATION = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
C4_ENDS = (".", "?", "!", '"', "'")
C4_WORDS = 5  # in a line, at least
C4_WORD_CHARS = 1000  # of a word, at most
SHORT_LINE = 30  # code points (FineWeb)
SENTENCE_MARK = regex.compile(r"[\p{Sentence_Terminal}\u17d6\u17d9\u17da]", regex.V1)
"""Marks that end sentences in any script, and Khmer's, which Unicode does not count among them."""
SCRIPTS = 0x20000  # code points in which there are marks
SENTENCE_END = re.compile(r"[.!?…](?<![.!?…].)[.!?…]*+[\"'”’»)\]]*+(?=\s|$)")
"""A mark looks back at what is before it, and not before it: so it is found by the mark alone, several times faster."""
WIDE_END = re.compile(r"[。！？｡।؟][。！？｡।؟]*+")


@cache
def sentence_marks() -> frozenset[str]:
    """The characters that end a sentence."""
    return frozenset(SENTENCE_MARK.findall("".join(map(chr, range(SCRIPTS)))))


@dataclass(frozen=True)
class LineCounts:
    """How many lines have what; the columns of `signals.QUALITY` say what each means. `sentences`: in `kept` ones."""

    lines: int
    punctuated: int
    short: int
    terminal: int
    kept: int
    sentences: int
    javascript: int
    policy: int


def ends_sentence(line: str) -> bool:
    """Whether a line ends as sentences do, closing quotes and brackets aside."""
    bare = line.rstrip("\"'”’»)]」』")
    return bool(bare) and (bare[-1] == "…" or bare[-1] in sentence_marks())


def count_sentences(text: str) -> int:
    """Sentences, by their end marks; words without a mark are one."""
    ends = len(SENTENCE_END.findall(text)) + (0 if text.isascii() else len(WIDE_END.findall(text)))
    return ends or (1 if any(map(str.isalnum, text)) else 0)


def count_lines(lines: Sequence[str]) -> LineCounts:
    """Count the lines of a text (none of them empty) by the rules of C4 and FineWeb."""
    policies, marks = suspicious().policies, sentence_marks()
    terminal = kept = sentences = javascript = policy = 0
    for line in lines:
        lower = line.lower()
        scripted, formal = "javascript" in lower, any(phrase in lower for phrase in policies)
        bare = CITATION.sub("", line) if "[" in line else line
        ends = bare.endswith(C4_ENDS) and not bare.endswith("...")
        javascript += scripted
        policy += formal
        terminal += ends
        if ends and not scripted and not formal and _worded(line):
            kept += 1
            sentences += count_sentences(bare)
    return LineCounts(
        lines=len(lines),
        punctuated=sum(1 for line in lines if line[-1] in marks),
        short=sum(1 for line in lines if len(line) <= SHORT_LINE),
        terminal=terminal,
        kept=kept,
        sentences=sentences,
        javascript=javascript,
        policy=policy,
    )


def _worded(line: str) -> bool:
    """Whether a line has words enough, none of them endless."""
    words = line.split()
    return len(words) >= C4_WORDS and (len(line) <= C4_WORD_CHARS or max(map(len, words)) <= C4_WORD_CHARS)
