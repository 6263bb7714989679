"""A regular expression that counts its steps, which Python's `re` can't.

It walks the tree that `re` parsed in the way that `re` does: greedy, lazy and possessive repeats, atomic groups, looks
ahead and behind, back references. It finds what `re` finds (a test holds it to that) and says what it took, so that
growth is measured in steps and not in seconds.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator

FINITE = 12  # repeats with a bound are measured with this one at most: a bound is a factor, and no growth
MAX = re._constants.MAXREPEAT  # type: ignore[attr-defined]
ONE = {"LITERAL", "NOT_LITERAL", "ANY", "IN"}
"""Nodes that are one character."""


class TooManyError(Exception):
    """More steps than were allowed."""


class Steps:
    """An expression that counts; `finite`: the bound that stands for any larger one."""

    def __init__(self, pattern: str | bytes, flags: int, finite: int | None = FINITE) -> None:
        sys.setrecursionlimit(200_000)
        own = flags & ~re.UNICODE if isinstance(pattern, bytes) else flags
        self.tree = re._parser.parse(pattern, own)  # type: ignore[attr-defined]
        self.flags = own | self.tree.state.flags
        self.finite = finite
        self.taken = 0
        self.limit = sys.maxsize
        self._single: dict[int, tuple[re.Pattern, dict]] = {}
        self._text: str | bytes = ""
        self._groups: dict[int, tuple[int, int]] = {}

    def count(self, text: str | bytes, *, everywhere: bool, limit: int = sys.maxsize) -> int:
        """The steps that finding all matches takes, or that trying the text's beginning does."""
        self.taken, self.limit = 0, limit
        try:
            for _ in self.spans(text, everywhere=everywhere):
                pass
        except TooManyError:
            pass
        return self.taken

    def spans(self, text: str | bytes, *, everywhere: bool = True) -> Iterator[tuple[int, int]]:
        """Where the matches are."""
        self._text = text
        at, empty = 0, False  # where to go on, and whether the last match was empty there
        while at <= len(text):
            found = None
            for start in range(at, len(text) + 1 if everywhere else 1):
                self._groups = {}
                again = empty and start == at
                end = self._run(
                    self.tree, 0, start, lambda end, start=start, no=again: None if no and end == start else end
                )
                if end is not None:
                    found = (start, end)
                    break
            if found is None:
                return
            yield found
            if not everywhere:
                return
            at, empty = found[1], found[0] == found[1]

    def _run(self, nodes, index: int, at: int, then: Callable[[int], int | None]) -> int | None:
        self.taken += 1
        if self.taken > self.limit:
            raise TooManyError
        if index == len(nodes):
            return then(at)
        op, value = nodes[index]
        name = str(op)
        if name in ONE:
            matched = at < len(self._text) and self._is(nodes[index], at)
            return self._run(nodes, index + 1, at + 1, then) if matched else None

        def on(end: int) -> int | None:
            return self._run(nodes, index + 1, end, then)

        return getattr(self, "_" + name.lower())(value, at, on, nodes[index])

    def _is(self, node, at: int) -> bool:
        """Whether a node of one character fits the one at a place."""
        single = self._single.get(id(node))
        if single is None:
            sub = re._parser.SubPattern(self.tree.state, [node])  # type: ignore[attr-defined]
            single = self._single[id(node)] = (re._compiler.compile(sub, self.flags), {})  # type: ignore[attr-defined]
        char = self._text[at : at + 1]
        if char not in single[1]:
            single[1][char] = single[0].match(char) is not None
        return single[1][char]

    def _at(self, value, at, on, node):
        single = self._single.get(id(node))
        if single is None:
            sub = re._parser.SubPattern(self.tree.state, [node])  # type: ignore[attr-defined]
            single = self._single[id(node)] = (re._compiler.compile(sub, self.flags), {})  # type: ignore[attr-defined]
        return on(at) if single[0].match(self._text, at) else None

    def _branch(self, value, at, on, node):
        for branch in value[1]:
            end = self._run(branch, 0, at, on)
            if end is not None:
                return end
        return None

    def _subpattern(self, value, at, on, node):
        group, _, _, inner = value
        before = self._groups.get(group)

        def closed(end: int):
            held = self._groups.get(group)
            if group is not None:
                self._groups[group] = (at, end)
            result = on(end)
            if result is None and group is not None:
                self._restore(group, held)
            return result

        result = self._run(inner, 0, at, closed)
        if result is None and group is not None:
            self._restore(group, before)
        return result

    def _restore(self, group, held):
        if held is None:
            self._groups.pop(group, None)
        else:
            self._groups[group] = held

    def _bounds(self, value) -> tuple[int, int]:
        least, most, _ = value
        if self.finite is not None and most != MAX:
            most = min(most, self.finite)
        if self.finite is not None:
            least = min(least, self.finite)
        return least, len(self._text) + 1 if most == MAX else most

    def _reach(self, inner, at: int, most: int) -> int:
        """How many characters in a row a node of one fits."""
        count = 0
        while count < most and at + count < len(self._text) and self._is(inner[0], at + count):
            count += 1
        self.taken += count
        return count

    def _max_repeat(self, value, at, on, node):
        least, most = self._bounds(value)
        inner = value[2]
        if len(inner) == 1 and str(inner[0][0]) in ONE:
            for count in range(self._reach(inner, at, most), least - 1, -1):
                self.taken += 1
                end = on(at + count)
                if end is not None:
                    return end
            return None

        def more(count: int, here: int):
            if count < most:
                end = self._run(
                    inner, 0, here, lambda end: None if end == here and count >= least else more(count + 1, end)
                )
                if end is not None:
                    return end
            return on(here) if count >= least else None

        return more(0, at)

    def _min_repeat(self, value, at, on, node):
        least, most = self._bounds(value)
        inner = value[2]

        def more(count: int, here: int):
            if count >= least and (end := on(here)) is not None:
                return end
            if count >= most:
                return None
            return self._run(
                inner, 0, here, lambda end: None if end == here and count >= least else more(count + 1, end)
            )

        if len(inner) == 1 and str(inner[0][0]) in ONE:
            count = 0
            while True:
                self.taken += 1
                if count >= least and (end := on(at + count)) is not None:
                    return end
                if count >= most or at + count >= len(self._text) or not self._is(inner[0], at + count):
                    return None
                count += 1
        return more(0, at)

    def _possessive_repeat(self, value, at, on, node):
        least, most = self._bounds(value)
        inner, here, count = value[2], at, 0
        if len(inner) == 1 and str(inner[0][0]) in ONE:
            count = self._reach(inner, at, most)
            return on(at + count) if count >= least else None
        while count < most:
            end = self._run(inner, 0, here, lambda end: end)
            if end is None or (end == here and count >= least):
                break
            here, count = end, count + 1
        return on(here) if count >= least else None

    def _atomic_group(self, value, at, on, node):
        end = self._run(value, 0, at, lambda end: end)
        return None if end is None else on(end)

    def _assert(self, value, at, on, node):
        return on(at) if self._looks(value, at) else None

    def _assert_not(self, value, at, on, node):
        return None if self._looks(value, at) else on(at)

    def _looks(self, value, at) -> bool:
        direction, inner = value
        if direction > 0:
            return self._run(inner, 0, at, lambda end: end) is not None
        width = inner.getwidth()[0]
        return at >= width and self._run(inner, 0, at - width, lambda end: end if end == at else None) is not None

    def _groupref(self, value, at, on, node):
        if value not in self._groups:
            return None
        start, end = self._groups[value]
        held = self._text[start:end]
        self.taken += len(held)
        return on(at + len(held)) if self._text[at : at + len(held)] == held else None


def parts_of(name: str, value) -> list:
    """The parts of a node."""
    if name == "BRANCH":
        return list(value[1])
    if name.endswith("REPEAT"):
        return [value[2]]
    if name == "SUBPATTERN":
        return [value[-1]]
    if name == "ATOMIC_GROUP":
        return [value]
    return [value[1]] if name in {"ASSERT", "ASSERT_NOT"} else []


def bounds(nodes, outside: int = 1) -> int:
    """The most that bounded repeats within one another multiply to."""
    most = outside
    for op, value in nodes:
        name = str(op)
        factor = outside * value[1] if name.endswith("REPEAT") and 1 < value[1] != MAX else outside
        for inner in parts_of(name, value):
            most = max(most, bounds(inner, factor))
    return most
