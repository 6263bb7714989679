"""Texts that are made to hurt an expression, from what its own tree repeats."""

from __future__ import annotations

from collections.abc import Iterator

from tests.regexes.steps import FINITE, ONE, Steps, parts_of


class Attacks:
    """Texts that are made to hurt an expression, from what its own tree repeats."""

    COMMON = " \n\t1aAé中.,-:;@<>\"'&/|()#*_%=\u2028"
    HEADS, UNITS, PAIRED = 6, 120, 6

    def __init__(self, steps: Steps, pattern: str | bytes) -> None:
        self._steps, self._bytes = steps, isinstance(pattern, bytes)
        literals = "".join(dict.fromkeys(self._literals(steps.tree)))
        self.alphabet = "".join(dict.fromkeys(literals[:60] + self.COMMON))
        self.heads: list[str] = [""]
        self.units: list[str] = []
        self._walk(steps.tree, "")
        self.units += [head for head in self.heads if head] + list(self.alphabet)

    def texts(self, length: int) -> Iterator[tuple[str, str, str]]:
        """(what comes first, what is repeated, what comes last), which makes about `length` characters."""
        for unit in dict.fromkeys(self.units[: self.UNITS]):
            for head in dict.fromkeys(self.heads[: self.HEADS]):
                yield head, unit, "\0"
            yield "", unit, ""
        for one in self.alphabet[: self.PAIRED]:
            for other in self.alphabet[: self.PAIRED]:
                yield "", one + other, "\0"

    def made(self, parts: tuple[str, str, str], length: int, times: int = 1) -> str | bytes:
        head, unit, tail = parts
        text = head + unit * (max(1, length // len(unit)) * times) + tail
        return text.encode("utf-8", "replace") if self._bytes else text

    def _literals(self, nodes) -> Iterator[str]:
        for op, value in nodes:
            if str(op) == "LITERAL":
                yield chr(value)
            elif str(op) == "IN":
                for kind, held in value:
                    yield from chr(held) if str(kind) == "LITERAL" else ""
                    yield from chr(held[0]) if str(kind) == "RANGE" else ""
            else:
                for inner in parts_of(str(op), value):
                    yield from self._literals(inner)

    def _chars(self, node) -> list[str]:
        """Characters that a node of one fits, of the alphabet."""
        self._steps._text = text = self.alphabet.encode("latin-1", "replace") if self._bytes else self.alphabet
        return [self.alphabet[at] for at in range(len(text)) if self._steps._is(node, at)]

    def _samples(self, nodes) -> list[str]:
        """A few texts that nodes fit."""
        found = [""]
        for node in nodes:
            value, name, more = node[1], str(node[0]), [""]
            if name in ONE:
                more = self._chars(node)[:3] or [""]
            elif name == "BRANCH":
                more = [sample for branch in value[1][:4] for sample in self._samples(branch)[:1]]
            elif name.endswith("REPEAT"):
                inner = self._samples(value[2])
                more = [one * max(1, min(value[0], FINITE)) for one in inner[:2]] + ([""] if not value[0] else [])
            elif name in {"SUBPATTERN", "ATOMIC_GROUP"}:
                more = self._samples(value[-1] if name == "SUBPATTERN" else value)
            found = [one + next_ for next_ in more[:3] for one in found[:3]][:6]
        return found

    def _walk(self, nodes, before: str) -> None:
        """Collect what is repeated, and what comes before it."""
        for index, (op, value) in enumerate(nodes):
            name = str(op)
            here = before + self._samples(nodes[:index])[0]
            if name.endswith("REPEAT") and value[1] > FINITE:
                self.heads.append(here)
                inner = value[2]
                alone = len(inner) == 1 and str(inner[0][0]) in ONE
                self.units += self._chars(inner[0])[:10] if alone else [one for one in self._samples(inner) if one]
                self.units += [here + one for one in self._samples(inner)[:2] if here + one]
            for part in parts_of(name, value):
                self._walk(part, here)
