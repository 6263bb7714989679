"""The links of one article: those of its markup, and the bare addresses in its text that these don't cover."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.annotate.addresses import Address, normalised, read, same_place
from corpus.annotate.link_rules import host_class
from corpus.annotate.sources import Ranges, source_lists
from corpus.columns import LINK_FLAGS, LINK_SECTIONS

METHOD = "regex/bare-url 1"
BARE = re.compile(r"(?:\b(?:https?|ftp)://|(?<![\w@./:-])www\.(?=\w))[^\s<>\"“”„«»\x00-\x1f]+", re.IGNORECASE)
AFTER = ".,;:!?'’‘…*_~|`\\"
"""Marks at the end of a bare address that belong to the sentence around it."""
PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class Anchor:
    """A link that extraction saw, or a bare address: span (None when not inline), words, address as written."""

    start: int | None
    end: int | None
    anchor_text: str | None
    url: str
    section: str
    method: str


@dataclass(frozen=True)
class Link:
    """One link of an article, as the table `links` has it, less what only the corpus knows."""

    start: int | None
    end: int | None
    anchor_text: str | None
    url: str
    canonical_url: str | None
    host: str | None
    host_class: str
    section: str
    flags: tuple[str, ...]
    method: str


def find_links(text: str, anchors: Sequence[Anchor], headings: Sequence[int], own: Sequence[str | None]) -> list[Link]:
    """The links of a text, in its order, those without a place in it last.

    `headings` are the places where headings begin, `own` the article's own addresses (relative links count from the
    first that is absolute). Addresses that name no page (mailto:, tel:) are left out.
    """
    placed = sorted((_placed(text, anchor) for anchor in anchors), key=_order)
    spans = _apart([(a.start, a.end) for a in placed if a.start is not None and a.end is not None])
    every = sorted([*placed, *_bare(text, spans)], key=_order)
    lists = source_lists(text, headings, spans)
    base = next((url for url in own if normalised(url)), None)
    selves = {same_place(url) for url in map(normalised, own) if url}
    found: list[Link] = []
    seen: set[str] = set()
    for anchor in every:
        address = read(anchor.url, base)
        if address is not None:
            found.append(_link(anchor, address, lists, selves, seen))
    return found


def _order(anchor: Anchor) -> tuple[bool, int, int]:
    return (anchor.start is None, anchor.start or 0, anchor.end or 0)


def _placed(text: str, anchor: Anchor) -> Anchor:
    """An anchor whose words are those at its span; without a span where that is not in the text."""
    start, end = anchor.start, anchor.end
    if start is None or end is None or not 0 <= start < end <= len(text):
        return replace(anchor, start=None, end=None)
    return replace(anchor, anchor_text=text[start:end])


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches that sorted spans cover, joined where they overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _bare(text: str, covered: Sequence[tuple[int, int]]) -> list[Anchor]:
    """The addresses written out in a text that no anchor covers."""
    ends = [end for _, end in covered]
    found = []
    for match in BARE.finditer(text):
        start, end = match.start(), match.start() + _trimmed(match.group())
        at = bisect_left(ends, start + 1)
        if at < len(covered) and covered[at][0] < end:
            continue
        url = text[start:end]
        found.append(Anchor(start, end, url, url, LINK_SECTIONS[0], METHOD))
    return found


def _trimmed(url: str) -> int:
    """The length of an address without the marks of the sentence around it; brackets stay where they are in pairs."""
    counts = {mark: url.count(mark) for pair in PAIRS.items() for mark in pair}
    end = len(url)
    while end > 1:
        last = url[end - 1]
        if last in PAIRS and counts[last] > counts[PAIRS[last]]:
            counts[last] -= 1
        elif last not in AFTER:
            break
        end -= 1
    return end


def _link(anchor: Anchor, address: Address, lists: Ranges, selves: set[str], seen: set[str]) -> Link:
    flags = set(address.flags)
    canonical = address.canonical_url
    if canonical is not None:
        if same_place(canonical) in selves:
            flags.add("self")
        if canonical in seen:
            flags.add("duplicate")
        seen.add(canonical)
    section = anchor.section if anchor.section in LINK_SECTIONS else LINK_SECTIONS[0]
    if section == "inline":
        if anchor.start is None:  # no words of the text: a mark on it
            section = "embed"
        elif lists.holds(anchor.start):
            section = "source_list"
    return Link(
        anchor.start, anchor.end, anchor.anchor_text, address.url, canonical, address.host, host_class(address.host),
        section, tuple(flag for flag in LINK_FLAGS if flag in flags), anchor.method,
    )  # fmt: skip
