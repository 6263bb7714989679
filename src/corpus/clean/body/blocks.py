"""Kept segments to blocks of the article: roles, links, tables put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from corpus.clean.body.amid import TABLE, tables_of
from corpus.clean.body.lines import line_numbers
from corpus.clean.body.tags import CODES
from corpus.clean.body.walk import Nodes, Outline, Segment
from corpus.clean.document import LINE_BREAK, Block, Run

HEADINGS = {CODES[f"h{level}"]: level for level in range(1, 7)}
ROLES = {
    CODES["li"]: "list_item", CODES["blockquote"]: "quote", CODES["figcaption"]: "caption", CODES["caption"]: "caption",
    **dict.fromkeys(HEADINGS, "heading"),
}  # fmt: skip
ROWS, CELLS = frozenset({CODES["tr"]}), frozenset({CODES["td"], CODES["th"]})
HOLDERS = frozenset({CODES["article"], CODES["main"], CODES["body"], CODES["table"], CODES["section"]})
"""Elements above which no role is looked for."""
CELL_UNITS = 120  # mean units of a table's cells, up to which it is a table of data and not of layout
KEPT_SHARE = 0.5  # of a table's words, from which all of it is kept, and below which none
Bit = list[bool]


def blocks_of(page: Outline, kept: Bit) -> tuple[Block, ...]:
    """The blocks of the segments that `kept` marks; a table of data is one block, whole or not at all."""
    nodes = page.nodes
    if TABLE not in nodes.tag:
        return tuple(_lines(page, kept, range(len(page.segments)), line_numbers(page)))
    above = tables_of(nodes.tag, nodes.parent)
    tables = [above[segment.node] for segment in page.segments]
    blocks: list[Block] = []
    lines = line_numbers(page)
    for table, group in groupby(range(len(page.segments)), key=tables.__getitem__):
        members = list(group)
        if table >= 0 and _is_data(page, members):
            segments = [page.segments[i] for i in members]
            whole = sum(len(segment.text) for segment in segments)
            if sum(len(page.segments[i].text) for i in members if kept[i]) >= KEPT_SHARE * whole > 0:
                place = lines[members[0]], lines[members[-1]] + 1
                blocks.append(replace(_table_block(nodes, segments), lines=place))
            continue
        blocks += _lines(page, kept, members, lines)
    return tuple(blocks)


def _lines(page: Outline, kept: Bit, members: Sequence[int], lines: Sequence[int]) -> Iterator[Block]:
    for i in members:
        segment = page.segments[i]
        if kept[i] and segment.text:
            embeds = [*segment.embeds, *_following_embeds(page, i)]
            runs = (*_runs(segment), *(Run("", target=source, section="embed") for source in embeds))
            role, level = _role(page.nodes, segment.node)
            yield Block(role, runs, level=level, lines=(lines[i], lines[i] + 1))


def _following_embeds(page: Outline, i: int) -> list[str]:
    """Addresses of what is embedded right below a line."""
    found: list[str] = []
    for k in range(i + 1, len(page.segments)):
        if page.segments[k].text:
            break
        found += page.segments[k].embeds
    return found


def _runs(segment: Segment) -> list[Run]:
    return [Run(text if text == LINE_BREAK else text.replace(LINE_BREAK, " "), target) for text, target in segment.runs]


def _role(nodes: Nodes, node: int) -> tuple[str, int]:
    """The nearest element's that gives one, and a heading's level."""
    while node >= 0 and nodes.tag[node] not in HOLDERS:
        tag = nodes.tag[node]
        if tag in ROLES:
            return ROLES[tag], HEADINGS.get(tag, 0)
        node = nodes.parent[node]
    return "paragraph", 0


def _above(nodes: Nodes, node: int, tags: frozenset[int]) -> int:
    while node >= 0 and nodes.tag[node] not in tags:
        node = nodes.parent[node]
    return node


def _is_data(page: Outline, members: Sequence[int]) -> bool:
    """Whether a table's lines are short, in at least two rows and two cells of one row."""
    segments = [page.segments[i] for i in members]
    rows = [_above(page.nodes, segment.node, ROWS) for segment in segments]
    cells = {_above(page.nodes, segment.node, CELLS) for segment in segments}
    if len(set(rows)) < 2 or len(cells) <= len(set(rows)):
        return False
    return sum(len(segment.text) for segment in segments) <= CELL_UNITS * len(segments)


def _table_block(nodes: Nodes, segments: Sequence[Segment]) -> Block:
    runs: list[Run] = []
    row = cell = -1
    for segment in segments:
        if not segment.text:
            continue
        its_row = _above(nodes, segment.node, ROWS)
        its_cell = _above(nodes, segment.node, CELLS)
        if runs and its_row != row:
            runs.append(Run(LINE_BREAK))
        elif runs:
            runs.append(Run(" | " if its_cell != cell else " ", inserted=True))
        row, cell = its_row, its_cell
        runs += [Run(" ") if run.text == LINE_BREAK else run for run in _runs(segment)]
    return Block("table", tuple(runs))
