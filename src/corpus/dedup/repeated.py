"""A host's repeated lines: whole paragraphs that recur over its articles and are no part of their prose.

Counted over clusters, so that copies and versions of one article count once. A line that recurs is flagged where it
stands in a run of such lines at the start or the end of its text, or in one with a line that reads like furniture:
short, and no sentence ("Advertisement", "Read more"). A refrain, or a name inside a paragraph, is neither.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.sections import Boilerplate

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Lines:
    """The paragraphs of some records, end to end, in order: `record` is the place of each one's record in `counts`.

    `hashes`: of its words, 0 for none; `words`: how many; `sentence`: it ends as sentences do.
    """

    counts: Ints
    record: Ints
    hashes: npt.NDArray[np.uint64]
    words: Ints
    sentence: Flags

    @classmethod
    def of(cls, signatures: pa.Table, sentence: pa.ChunkedArray) -> Lines:
        """Read SIGNATURES (paragraphs, paragraph_words), and for each row the list of `sentence` of its paragraphs."""
        from corpus.dedup.wide import numbers_of  # compiled kernels: a publish with nothing to do never needs them

        hashes, words, counts = [np.empty(0, np.uint64)], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for chunk in signatures["paragraphs"].chunks:
            bounds, values = numbers_of(chunk)
            hashes.append(values[bounds[0] : bounds[-1]])
            counts.append(np.diff(bounds))
        for cell in signatures["paragraph_words"].to_pylist():
            words.append(np.frombuffer(cell, "<u2").astype(np.int64))
        number = np.concatenate(counts)
        ends = pc.fill_null(pc.list_flatten(sentence), False).to_numpy(zero_copy_only=False).astype(np.bool_)
        found = np.concatenate(hashes)
        if len(ends) != len(found):
            raise ValueError(f"{len(found)} paragraphs are signed, {len(ends)} are known of")
        return cls(
            number,
            np.repeat(np.arange(len(number)), number),
            found,
            np.concatenate(words),
            ends,
        )

    def recur(self, host: npt.NDArray[np.uint64], recurring: npt.NDArray[np.uint64]) -> Flags:
        """Which of them are among the lines that recur (sorted); `host`: a hash of each record's, 0 where not known."""
        from corpus.dedup.recurring import among, line_keys

        of_host = host[self.record]
        return np.asarray((of_host != 0) & (self.hashes != 0) & among(line_keys(of_host, self.hashes), recurring))


def places_of(lines: Lines, recurs: Flags, settings: Boilerplate) -> list[list[int]]:
    """For each record the places of those of its paragraphs that recur and stand apart from its prose."""
    flagged = recurs & _stands_apart(lines, recurs, settings.furniture_words)
    found: list[list[int]] = [[] for _ in lines.counts]
    first = np.cumsum(lines.counts) - lines.counts
    for line in np.flatnonzero(flagged).tolist():
        record = int(lines.record[line])
        found[record].append(line - int(first[record]))
    return found


def _stands_apart(lines: Lines, recurs: Flags, furniture_words: int) -> Flags:
    """Which lines stand in a run of recurring ones that touches an end of its text or holds a line of furniture."""
    total = len(recurs)
    before = np.concatenate([[-1], lines.record[:-1]]) if total else np.empty(0, np.int64)
    opens = lines.record != before  # the first paragraph of its text
    closes = np.concatenate([opens[1:], [True]]) if total else opens
    follows = np.concatenate([[False], recurs[:-1]]) if total else recurs
    run = np.cumsum(recurs & (opens | ~follows)) - 1
    furniture = (lines.words <= furniture_words) & ~lines.sentence
    tells = recurs & (opens | closes | furniture)
    told = np.zeros(int(run.max(initial=-1)) + 1, np.bool_)
    told[run[tells]] = True
    apart = np.zeros(total, np.bool_)
    apart[recurs] = told[run[recurs]]
    return apart
