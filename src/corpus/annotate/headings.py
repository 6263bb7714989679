"""Headings in a text, where a model takes common words in title case for names."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.annotate.lists import words
from corpus.annotate.spans import Span
from corpus.columns import VALUE_LABELS

END_MARKS = ".;,"


@dataclass(frozen=True)
class Headings:
    """The stretches of a text that are headings, in order."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def hold(self, span: Span) -> bool:
        """Whether a span is in a heading."""
        at = bisect_right(self.starts, span.start) - 1
        return at >= 0 and span.start < self.ends[at]

    def without_doubtful(self, text: str, spans: Iterable[Span], sure: Sequence[Span]) -> list[Span]:
        """The spans without names in headings that the rest of the article has not, or that hold one of the `sure`."""
        spans = list(spans)
        body = {text[s.start : s.end] for s in spans if not self.hold(s)}
        starts = [s.start for s in sure]
        kept = []
        for span in spans:
            if span.label not in VALUE_LABELS and self.hold(span):
                next_sure = bisect_right(starts, span.start - 1)
                holds_sure = next_sure < len(starts) and starts[next_sure] < span.end
                if holds_sure or text[span.start : span.end] not in body:
                    continue
            kept.append(span)
        return kept


def headings_of(text: str, paragraphs: Sequence[tuple[int, int]], marked: Sequence[int]) -> Headings:
    """The headings of a text: paragraphs that begin at one of `marked`, and lines in title case without an end."""
    known = frozenset(marked)
    found = [(start, end) for start, end in paragraphs if start in known or _is_title(text, start, end)]
    return Headings(tuple(start for start, _ in found), tuple(end for _, end in found))


def _is_title(text: str, start: int, end: int) -> bool:
    limits = words()
    if end - start > limits.max_title:
        return False
    line = text[start:end].strip()
    parts = [word for word in line.split() if word[0].isalpha() and word.casefold() not in limits.small_words]
    if len(parts) < limits.min_title_words or line[-1:] in END_MARKS:
        return False
    return round(sum(word[0].isupper() for word in parts) / len(parts), 4) >= limits.title_share
