"""Other articles on a page: an endless scroll puts the next ones below, each in an `<article>` with a headline."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.clean.body.tags import CODES
from corpus.clean.body.walk import Outline

ARTICLE, H1 = CODES["article"], CODES["h1"]


def without_others(page: Outline, kept: Sequence[bool], titles: Sequence[bool]) -> list[bool]:
    """`kept` without lines of a further article element that has a level-1 heading of its own.

    The page's own is the first one whose heading is its title (`titles`: lines that are); without it all are kept.
    """
    nodes = page.nodes
    if nodes.tag.count(ARTICLE) < 2 or nodes.tag.count(H1) < 2:
        return list(kept)
    within: list[int] = []  # of each element: the nearest article element around it, which it may be itself
    for node, (tag, parent) in enumerate(zip(nodes.tag, nodes.parent, strict=True)):
        within.append(node if tag == ARTICLE else within[parent] if parent >= 0 else -1)
    headed: dict[int, bool] = {}  # article elements with a headline -> whether it is the page's title
    for segment, title in zip(page.segments, titles, strict=True):
        article = within[segment.node]
        if article >= 0 and nodes.tag[segment.node] == H1:
            headed[article] = headed.get(article, False) or title

    def home(node: int) -> int:
        article = within[node]
        while article >= 0 and article not in headed:
            above = nodes.parent[article]
            article = within[above] if above >= 0 else -1
        return article

    own = next((article for article, title in headed.items() if title), None)
    if own is None:  # cards of a list, each with a headline
        return list(kept)
    homes = [home(segment.node) for segment in page.segments]
    return [keep and place in {own, -1} for keep, place in zip(kept, homes, strict=True)]
