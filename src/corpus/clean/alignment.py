"""Where the lines of a page stand in what its markup spells out: each line's place, where its order leaves only one.

A line begins and ends where pieces of text between tags do, and lines keep their order. Those that occur once hold the
others in place; between two of them, a line has a place where the first and the last that it can take are the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

Place = tuple[int, int]
OPENING = 4  # code points of a line by which the pieces that it may begin with are found
MAX_LOOKED = 2**32  # code points searched through for one page's lines; beyond it they get no place


class Alignment:
    """Lines in a text that is made of pieces (`begins`: where each begins, in order)."""

    def __init__(self, text: str, begins: Sequence[int]) -> None:
        self._text = text
        self._borders = {*begins, len(text)}
        self._openings: dict[str, list[int]] = {}
        for at in begins:
            self._openings.setdefault(text[at : at + OPENING], []).append(at)
        self._looked = 0

    def places(self, lines: Sequence[str]) -> list[Place | None]:
        """Each line's place in the text, None where it has none or several."""
        found = self._held(lines)
        start = 0
        last = 0
        for index in range(len(lines) + 1):
            place = found[index] if index < len(lines) else (len(self._text), len(self._text))
            if place is None:
                continue
            if index > start:
                found[start:index] = self._between(lines[start:index], last, place[0])
            start, last = index + 1, place[1]
        return found

    def _held(self, lines: Sequence[str]) -> list[Place | None]:
        """The places of lines that occur once, as far as they are in order."""
        times = Counter(lines)
        found: list[Place | None] = []
        end = len(self._text)
        for line in lines:
            at = self._next(line, 0, end) if line and times[line] == 1 else -1
            alone = at >= 0 and self._next(line, at + 1, end) < 0
            found.append((at, at + len(line)) if alone else None)
        kept = in_order(found)
        return [place if index in kept else None for index, place in enumerate(found)]

    def _between(self, lines: Sequence[str], start: int, end: int) -> list[Place | None]:
        """The places of neighbouring lines that all lie between two places, where their order leaves each only one."""
        there = [bool(line) and self._next(line, start, end) >= 0 for line in lines]
        earliest: list[int] = []
        at = start
        for line, is_there in zip(lines, there, strict=True):
            place = self._next(line, at, end) if is_there else at
            if place < 0:
                return [None] * len(lines)  # out of order
            earliest.append(place)
            at = place + len(line) if is_there else at
        found: list[Place | None] = [None] * len(lines)
        at = end
        for index in range(len(lines) - 1, -1, -1):
            if not there[index]:
                continue
            place = self._last(lines[index], start, at)
            if place == earliest[index]:
                found[index] = (place, place + len(lines[index]))
            at = place
        return found

    def _next(self, line: str, start: int, end: int) -> int:
        """The first place of a line from `start` on, -1 without one."""
        if len(line) >= OPENING:
            openings = self._openings.get(line[:OPENING], ())
            return self._first(line, openings[bisect_left(openings, start) :], end)
        at = start - 1
        while self._looked < MAX_LOOKED:
            before, at = at, self._text.find(line, at + 1, end)
            self._looked += (at if at >= 0 else end) - before
            if at < 0 or self._is_whole(at, at + len(line)):
                return at
        return -1

    def _last(self, line: str, start: int, end: int) -> int:
        """The last place of a line up to `end`, -1 without one."""
        if len(line) >= OPENING:
            openings = self._openings.get(line[:OPENING], ())
            return self._first(line, openings[bisect_left(openings, start) :][::-1], end)
        while self._looked < MAX_LOOKED:
            at = self._text.rfind(line, start, end)
            self._looked += end - max(at, start)
            if at < 0 or self._is_whole(at, at + len(line)):
                return at
            end = at + len(line) - 1
        return -1

    def _first(self, line: str, places: Sequence[int], end: int) -> int:
        """The first of these places at which a line stands whole and ends by `end`, -1 without one."""
        for at in places:
            if self._looked >= MAX_LOOKED:
                break
            self._looked += len(line)
            if at + len(line) <= end and at + len(line) in self._borders and self._text.startswith(line, at):
                return at
        return -1

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether pieces begin and end there."""
        return start in self._borders and end in self._borders


def in_order(places: Sequence[Place | None]) -> set[int]:
    """The longest run of places, by index, that come one after another: what is out of order is not what it seems."""
    ends: list[int] = []  # the smallest end of a run of each length
    lasts: list[int] = []  # the index that has it
    before: dict[int, int | None] = {}
    for index, place in enumerate(places):
        if place is None:
            continue
        length = bisect_right(ends, place[0])
        before[index] = lasts[length - 1] if length else None
        if length == len(ends):
            ends.append(place[1])
            lasts.append(index)
        elif place[1] < ends[length]:
            ends[length], lasts[length] = place[1], index
    kept: set[int] = set()
    at = lasts[-1] if lasts else None
    while at is not None:
        kept.add(at)
        at = before[at]
    return kept
