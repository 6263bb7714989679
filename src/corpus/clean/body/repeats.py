"""Lines that a page holds twice, for small screens and large ones: the article has them once."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.clean.body.measures import bare

REPEATED = 150  # code points, white space aside, of lines in a row that stood before, from which they are left out


def without_repeats(texts: Sequence[str], kept: Sequence[bool]) -> list[bool]:
    """`kept` without runs of kept lines that repeat an earlier run of them; a short refrain stays."""
    keys = [(at, bare(text)) for at, (text, keep) in enumerate(zip(texts, kept, strict=True)) if keep]
    found = list(kept)
    first: dict[str, int] = {}
    run: list[int] = []
    before, size = -2, 0  # where the line before stood first; of the run
    for number, (at, key) in enumerate([*keys, (-1, "")]):
        stood = before + 1 if 0 <= before + 1 < number and keys[before + 1][1] == key else first.get(key, -2)
        if stood < 0 or (run and stood != before + 1):
            if size >= REPEATED:
                for line in run:
                    found[line] = False
            run, size = [], 0
        if stood >= 0:
            run.append(at)
            size += len(key)
        elif at >= 0:
            first[key] = number
        before = stood
    return found
