"""What a page as a whole is like: measures by which a forest tells lists (fronts, sections, shelves) from articles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean import list_words
from corpus.clean.body.blocks import HEADINGS
from corpus.clean.body.choose import Choice
from corpus.clean.body.forest import forest
from corpus.clean.body.page_sums import Doubles, Ints
from corpus.clean.body.tags import CODES
from corpus.clean.body.walk import Segment
from corpus.clean.cards import Cards, cards_of
from corpus.clean.page import Page

FOREST = "page_lists"
LINKED = 0.8  # of a line's characters that are links, from which it is a link
PROSE, SHORT = 150, 40  # code points of a line of prose at least, of a short line at most
SENTENCE = 60  # code points of a line that ends like a sentence, from which it is prose
ENDS = tuple('.!?。！？…:"”»）」』।؟')
ENOUGH = 300  # code points of kept sentences, from which a page that calls itself an article is believed
SLUG = re.compile(r"[-_]")
PRICE = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:€|USD|EUR|kr\b)")
PAGED = re.compile(r"[?&/](?:page|pagina|seite|p|paged|start|offset|pg)(?:=|/|-)?\d{1,4}(?:$|[/?&#])")
DATED = ("article:published_time", "datepublished", "date", "dc.date", "parsely-pub-date")
WRITTEN = ("author", "article:author", "parsely-author", "dc.creator")
GOODS = frozenset({"product", "offer", "productgroup", "individualproduct"})
LISTED = frozenset({"collectionpage", "searchresultspage", "profilepage", "itemlist"})
ARTICLE, ITEM = CODES["article"], CODES["li"]
TITLE_START = 30  # code points of a first heading that are looked for in the title
CARDS = tuple(f"card_{name}" for name in Cards.__dataclass_fields__)
MEASURES = (
    "links", "linked_lines", "linked_headings", "headings", "lines", "units", "short_lines", "kept", "kept_share",
    "kept_lines", "kept_prose", "longest", "mean_kept", "prose", "prose_share", "kinds", "largest_kind",
    "largest_kind_linked", "repeated", "articles", "items", "prices", "times", "clocks", "says_article", "dated",
    "written", "says_list", "next", "depth", "slug", "query", "first_kept",
    "kept_links", "kept_link_lines", "kept_short", "kept_median", "kept_span", "kept_runs", "kept_prices",
    "price_lines", "sentences", "sentence_lines", "kept_sentences", "kept_sentence_lines", "kept_sentence_share",
    "number_links", "score", "kept_score", "sure", *CARDS,
    "goods", "listed", "marked_article", "published", "of_site", "of_no_type", "description",
    "titles", "title_chars", "heading_chars", "heading_words", "heading_in_title", "heading_inside",
    "images", "forms", "buttons", "choices", "anchors", "pages", "paragraphs",
    *list_words.MEASURES,
)  # fmt: skip


@dataclass(frozen=True)
class Says:
    """What a page says of itself: the parts of its address (None where unknown), whether it is an article, a list."""

    path: Sequence[str] | None
    article: bool
    list: bool


def list_probability(page: Page, choice: Choice, says: Says) -> float:
    """How likely a page is a list and no article, rounded to 4 places; 0 for what is plainly an article."""
    if plainly_article(choice, says):
        return 0.0
    scores = list_words.list_scores()
    row = list_measures(page, choice, says, scores)
    return float(forest(FOREST).probabilities(row.reshape(1, -1))[0])


def plainly_article(choice: Choice, says: Says) -> bool:
    """Whether a page calls itself an article and has sentences that are kept as one."""
    if not says.article:
        return False
    size = 0
    for segment, keep in zip(choice.page.segments, choice.kept, strict=True):
        if keep and _is_sentence(segment):
            size += len(segment.text)
            if size >= ENOUGH:
                return True
    return False


def list_measures(page: Page, choice: Choice, says: Says, scores: Mapping[str, float]) -> npt.NDArray[np.float32]:
    """One row of MEASURES; lengths in code points. `scores`: of the words of short lines."""
    words = list_words.words_of(segment.text for segment in choice.page.segments)
    said = {**_lines(choice), **_kept(choice), **_kinds(choice), **_head(page, says.path), **_types(page)}
    said |= {**_titles(page), **_elements(page), **list_words.word_measures(words, scores)}
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
        "first_kept": next((i for i, keep in enumerate(choice.kept) if keep), -1) / n,
        "number_links": sum(segment.linked > 0 and segment.text.isdigit() for segment in segments),
    }


def _kept(choice: Choice) -> dict[str, float]:
    """What was kept: sentences, or labels, links and prices; in one piece, or here and there; and the page's cards."""
    segments, nodes = choice.page.segments, choice.page.nodes
    lengths: Doubles = np.array([len(segment.text) for segment in segments], np.float64)
    linked: Doubles = np.array([segment.linked for segment in segments], np.float64)
    held_by: Ints = np.array([segment.node for segment in segments], np.int64)
    links = np.array([is_link(segment) for segment in segments], bool)
    prices = np.array([_has_price(segment.text) for segment in segments], bool)
    sentences = np.array([_is_sentence(segment) for segment in segments], bool)
    kept = np.array(choice.kept, bool)
    at = np.flatnonzero(kept)
    size, whole, n = max(float(lengths[kept].sum()), 1.0), max(float(lengths.sum()), 1.0), max(len(at), 1)
    scores = np.array(nodes.score, np.float64)[held_by]
    cards = cards_of(nodes, held_by, lengths=lengths, linked=linked, prices=prices, kept=kept)
    return {
        "kept_links": float(linked[kept].sum()) / size,
        "kept_link_lines": int(links[kept].sum()) / n,
        "kept_short": int((lengths[kept] <= SHORT).sum()) / n if len(at) else 1.0,
        "kept_median": float(np.median(lengths[kept])) if len(at) else 0.0,
        "kept_span": int(at[-1] - at[0] + 1) / n if len(at) else 0.0,
        "kept_runs": int((np.diff(at) > 1).sum()) + 1 if len(at) else 0,
        "kept_prices": int(prices[kept].sum()) / n,
        "prices": int(prices.sum()) / max(len(segments), 1),
        "price_lines": int(prices.sum()),
        "sentences": float(lengths[sentences].sum()) / whole,
        "sentence_lines": int(sentences.sum()),
        "kept_sentences": float(lengths[kept & sentences].sum()),
        "kept_sentence_lines": int((kept & sentences).sum()),
        "kept_sentence_share": float(lengths[kept & sentences].sum()) / size,
        "score": float(scores.mean()) if len(segments) else 0.0,
        "kept_score": float(scores[kept].mean()) if len(at) else 0.0,
        "sure": choice.sure,
    } | {f"card_{name}": value for name, value in vars(cards).items()}


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
        "description": len(page.meta("description", "og:description") or ""),
        "paragraphs": page.prose,
    }


def _types(page: Page) -> dict[str, float]:
    """What the page's Open Graph, JSON-LD and microdata call it."""
    called = (page.meta("og:type") or "").lower()
    items = {str(value).rpartition("/")[2].lower() for value in page.tree.xpath("//@itemtype")}
    types = page.data.types | items
    return {
        "goods": "product" in called or bool(types & GOODS),
        "listed": bool(types & LISTED),
        "marked_article": any(kind.endswith(("article", "posting")) for kind in items),
        "published": any(node.published for node in page.data.nodes if node.article),
        "of_site": called == "website",
        "of_no_type": not called,
    }


def _titles(page: Page) -> dict[str, float]:
    title, first = page.title or "", page.headings[0] if page.headings else None
    words = first.words if first else ""
    return {
        "titles": len(page.headings),
        "title_chars": len(title),
        "heading_chars": len(words),
        "heading_words": len(words.split()),
        "heading_in_title": bool(words) and words[:TITLE_START].lower() in title.lower(),
        "heading_inside": first.inside if first else -1,
    }


def _elements(page: Page) -> dict[str, float]:
    found = Counter(str(element.tag) for element in page.tree.iter("img", "form", "button", "select"))
    links = [element.get("href") or "" for element in page.tree.iter("a")]
    return {
        "images": found["img"],
        "forms": found["form"],
        "buttons": found["button"],
        "choices": found["select"],
        "anchors": len(links),
        "pages": sum(PAGED.search(link) is not None for link in links),
    }


def _has_price(text: str) -> bool:
    return len(text) <= PROSE and PRICE.search(text) is not None


def _is_sentence(segment: Segment) -> bool:
    return len(segment.text) >= SENTENCE and segment.text.endswith(ENDS) and not is_link(segment)


def is_link(segment: Segment) -> bool:
    """Whether nearly all of a line is links: of a heading, whether it is a teaser's."""
    return segment.linked >= LINKED * len(segment.text) > 0
