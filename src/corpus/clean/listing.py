"""What a page as a whole is like: measures by which a forest tells lists (fronts, sections, shelves) from articles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.body.blocks import HEADINGS
from corpus.clean.body.choose import Choice
from corpus.clean.body.forest import forest
from corpus.clean.body.tags import CODES
from corpus.clean.body.walk import Segment
from corpus.clean.page import Page

FOREST = "page_lists"
LINKED = 0.8  # of a line's characters that are links, from which it is a link
PROSE, SHORT = 150, 40  # code points of a line of prose at least, of a short line at most
SLUG = re.compile(r"[-_]")
PRICE = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:€|USD|EUR|kr\b)")
DATED = ("article:published_time", "datepublished", "date", "dc.date", "parsely-pub-date")
WRITTEN = ("author", "article:author", "parsely-author", "dc.creator")
ARTICLE, ITEM = CODES["article"], CODES["li"]
MEASURES = (
    "links", "linked_lines", "linked_headings", "headings", "lines", "units", "short_lines", "kept", "kept_share",
    "kept_lines", "kept_prose", "longest", "mean_kept", "prose", "prose_share", "kinds", "largest_kind",
    "largest_kind_linked", "repeated", "articles", "items", "prices", "times", "clocks", "says_article", "dated",
    "written", "says_list", "next", "depth", "slug", "query", "first_kept",
)  # fmt: skip


@dataclass(frozen=True)
class Says:
    """What a page says of itself: the parts of its address (None where unknown), whether it is an article, a list."""

    path: Sequence[str] | None
    article: bool
    list: bool


def list_probability(page: Page, choice: Choice, says: Says) -> float:
    """How likely a page is a list and no article, rounded to 4 places."""
    row = list_measures(page, choice, says)
    return float(forest(FOREST).probabilities(row.reshape(1, -1))[0])


def list_measures(page: Page, choice: Choice, says: Says) -> npt.NDArray[np.float32]:
    """One row of MEASURES; lengths in code points."""
    said = {**_lines(choice), **_kinds(choice), **_head(page, says.path)}
    said |= {"says_article": says.article, "says_list": says.list}
    return np.array([said[name] for name in MEASURES], np.float32)


def _lines(choice: Choice) -> dict[str, float]:
    segments, tags = choice.page.segments, choice.page.nodes.tag
    lengths = [len(segment.text) for segment in segments]
    whole = max(sum(lengths), 1)
    kept = [length for length, keep in zip(lengths, choice.kept, strict=True) if keep]
    links = [is_link(segment) for segment in segments]
    headings = [i for i, segment in enumerate(segments) if tags[segment.node] in HEADINGS]
    prose = [n for n, link in zip(lengths, links, strict=True) if n >= PROSE and not link]
    n = max(len(segments), 1)
    return {
        "links": sum(segment.linked for segment in segments) / whole,
        "linked_lines": sum(links) / n,
        "linked_headings": sum(links[i] for i in headings),
        "headings": len(headings),
        "lines": len(segments),
        "units": whole,
        "short_lines": sum(length <= SHORT for length in lengths) / n,
        "kept": sum(kept),
        "kept_share": sum(kept) / whole,
        "kept_lines": len(kept),
        "kept_prose": sum(length for length in kept if length >= PROSE),
        "longest": max(kept, default=0),
        "mean_kept": sum(kept) / max(len(kept), 1),
        "prose": sum(prose),
        "prose_share": sum(prose) / whole,
        "prices": sum(PRICE.search(segment.text) is not None for segment in segments if len(segment.text) <= PROSE) / n,
        "first_kept": next((i for i, keep in enumerate(choice.kept) if keep), -1) / n,
    }


def _kinds(choice: Choice) -> dict[str, float]:
    """Of lines in elements of one tag and class, which cards of a list are: how many kinds, and the largest one."""
    nodes, segments = choice.page.nodes, choice.page.segments
    kinds = Counter(nodes.name[segment.node] for segment in segments)
    largest, times = max(kinds.items(), key=lambda item: (item[1], -item[0]), default=(-1, 0))
    alike = [segment for segment in segments if nodes.name[segment.node] == largest]
    return {
        "kinds": len(kinds),
        "largest_kind": times / max(len(segments), 1),
        "largest_kind_linked": sum(map(is_link, alike)) / max(times, 1),
        "repeated": len(segments) / max(len(kinds), 1),
        "articles": nodes.tag.count(ARTICLE),
        "items": nodes.tag.count(ITEM),
    }


def _head(page: Page, path: Sequence[str] | None) -> dict[str, float]:
    return {
        "times": len(page.times),
        "clocks": len({time.value for time in page.times}),
        "dated": page.meta(*DATED) is not None,
        "written": page.meta(*WRITTEN) is not None,
        "next": "next" in page.rels or "prev" in page.rels,
        "depth": len(path) if path is not None else -1,
        "slug": len(SLUG.findall(path[-1])) if path else -1,
        "query": path is None,
    }


def is_link(segment: Segment) -> bool:
    """Whether nearly all of a line is links: of a heading, whether it is a teaser's."""
    return segment.linked >= LINKED * len(segment.text) > 0
