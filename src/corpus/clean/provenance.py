"""The way back: from a paragraph of a page to its place in the decoded payload.

Two steps lead to the payload's bytes, so that any format can take either: a `Stream` finds a paragraph in what a page's
markup spells out, as code points of the decoded payload; a `ByteMap` (see `byte_map`) turns these into bytes. Each
answers None where it can't be exact.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.clean.alignment import MAX_LOOKED, Alignment, in_order
from corpus.clean.document import Block

HIDDEN = re.compile(r"<(?:!--|(?:script|style|template|title|textarea|svg)(?=[\s>/]))", re.I)
NODE = re.compile(r">\s*+([^<]++)")
FIRST_NODE = re.compile(r"(?:>|\A)\s*+([^<]++)")
TAG = re.compile(r"<[^>]*+>")
ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
SPELT = re.compile(rf"[^\s&]++|({ENTITY.pattern})|&")
"""Letters in a row, an entity, a sign that begins none."""


class Stream:
    """What a page's markup spells out, without tags and white space, and where each character stands in its source.

    `source` is the text that was parsed. Only text nodes are walked; a place inside one is worked out when asked.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._nodes: list[tuple[int, int]] = []  # in the source
        self._begins: list[int] = []  # in the stream
        parts: list[str] = []
        length = 0
        for start, end in _nodes(source):
            text = _solid(source[start:end])
            if text:
                self._nodes.append((start, end))
                self._begins.append(length)
                parts.append(text)
                length += len(text)
        self.text = "".join(parts)

    def locate(self, blocks: Sequence[Block], lines: Sequence[str] = ()) -> list[tuple[int, int] | None]:
        """Each block's code points in the source, None where it isn't there letter for letter, or can't be told apart.

        `lines`: all that the page holds in its order, of which the blocks are parts; without them, what occurs once is
        placed first, and what occurs more often only where exactly one of its places lies between its placed
        neighbours.
        """
        if lines and all(block.lines is not None for block in blocks):
            found = self._among(blocks, lines)
        else:
            found = self._alone(blocks)
        return [self._in_source(place, block) if place else None for place, block in zip(found, blocks, strict=True)]

    def _among(self, blocks: Sequence[Block], lines: Sequence[str]) -> list[tuple[int, int] | None]:
        """The blocks' places by those of the page's lines that they are made of."""
        places = Alignment(self.text, self._begins).places([bare(line) for line in lines])
        found: list[tuple[int, int] | None] = []
        for block in blocks:
            own = [place for place in places[slice(*(block.lines or (0, 0)))] if place]
            found.append((own[0][0], own[-1][1]) if own else None)  # whether that is all of it, its letters prove
        return found

    def _alone(self, blocks: Sequence[Block]) -> list[tuple[int, int] | None]:
        wanted = [bare(written(block)) for block in blocks]
        found = self._placed_once(wanted)
        after = [len(self.text)] * (len(found) + 1)
        for index in range(len(found) - 1, -1, -1):
            place = found[index]
            after[index] = place[0] if place else after[index + 1]
        last, looked = 0, 0
        for index, text in enumerate(wanted):
            place = found[index]
            if place is not None:
                last = place[1]
            elif last and after[index] < len(self.text) and text and looked < MAX_LOOKED:
                looked += after[index] - last
                found[index] = self._once(text, last, after[index])
        return found

    def _placed_once(self, wanted: Sequence[str]) -> list[tuple[int, int] | None]:
        """The places of the texts that the stream holds once, as far as they are in order."""
        times = Counter(wanted)
        found: list[tuple[int, int] | None] = []
        looked = 0
        for text in wanted:
            alone = times[text] == 1 and looked < MAX_LOOKED
            found.append(self._once(text, 0, len(self.text)) if alone else None)
            looked += len(self.text) if alone else 0
        kept = in_order(found)
        return [place if index in kept else None for index, place in enumerate(found)]

    def _once(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        first = self.text.find(text, start, end) if text else -1
        if first < 0 or self.text.find(text, first + 1, end) >= 0:
            return None
        return first, first + len(text)

    def _in_source(self, place: tuple[int, int], block: Block) -> tuple[int, int] | None:
        start, end = self._place(place[0])[0], self._place(place[1] - 1)[1]
        return (start, end) if spelled(self._source[start:end]) == bare(written(block)) else None

    def _place(self, at: int) -> tuple[int, int]:
        """The code points of the source that spell the stream's character `at`."""
        node = bisect_right(self._begins, at) - 1
        start, end = self._nodes[node]
        return _character(self._source[start:end], at - self._begins[node], start)


def _nodes(source: str) -> Iterator[tuple[int, int]]:
    """The text nodes of a page that can be seen, by a scan that is linear whatever the markup."""
    at, absent = 0, set[str]()
    if first := FIRST_NODE.match(source):
        yield first.span(1)
        at = first.end()
    while at < len(source):
        hidden = HIDDEN.search(source, at)
        stop = hidden.start() if hidden else len(source)
        for match in NODE.finditer(source, at, stop):
            yield match.span(1)
        if hidden is None:
            return
        name = hidden[0].lower()
        closing = "-->" if name == "<!--" else f"</{name[1:]}"
        close = -1 if closing in absent else _find(source, closing, hidden.end())
        if close < 0:
            absent.add(closing)
        at = hidden.end() if close < 0 else close + len(closing) - 1


def _find(source: str, closing: str, start: int) -> int:
    if closing == "-->":
        return source.find(closing, start)
    match = re.compile(re.escape(closing), re.I).search(source, start)
    return match.start() if match else -1


def _solid(node: str) -> str:
    """A text node's characters, entities resolved, without white space."""
    return "".join((html.unescape(node) if "&" in node else node).split())


def _character(node: str, index: int, offset: int) -> tuple[int, int]:
    """Where in the source the `index`-th visible character of a text node is spelled."""
    seen = 0
    for match in SPELT.finditer(node):
        start, end = match.span()
        entity = match[1] is not None
        seen += (size := len(_solid(match[0])) if entity else end - start)
        if index < seen:
            place = start + index - (seen - size)
            return (offset + start, offset + end) if entity else (offset + place, offset + place + 1)
    return offset + len(node) - 1, offset + len(node)


def written(block: Block) -> str:
    """A block's words as the page has them, without what was put between a table's cells."""
    return "".join(run.text for run in block.runs if not run.inserted)


def bare(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


def spelled(source: str) -> str:
    """What a piece of markup spells out, without white space: how a paragraph's bytes are proved."""
    visible, at = [], 0
    last = source.rfind(">") + 1  # behind it each < would be looked up to the end
    for match in TAG.finditer(source, 0, last):
        visible.append(source[at : match.start()])
        at = match.end()
    visible.append(source[at:])
    return bare(html.unescape("".join(visible)))
