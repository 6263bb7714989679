"""Web pages and pieces of HTML: blocks, facts, and the way back into the markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.clean.assemble import plain_text
from corpus.clean.authors import authors_of_byline, is_byline
from corpus.clean.document import Block, Facts, Read
from corpus.clean.hidden import hidden_on
from corpus.clean.markup import article_blocks, can_mark, fragment_blocks, link_share
from corpus.clean.metadata import page_facts
from corpus.clean.page import parse, prepared, read_page
from corpus.clean.titles import same_title
from corpus.sections import Clean

WHOLE_PAGE = re.compile(r"<(?:!doctype|html|body)\b", re.I)
LIST_OF_LINKS = 0.9  # of a page's characters that are links, from which it is a front page or a list
OPENING = 4  # blocks at the start among which the title and the byline may stand again


def read_web(text: str, settings: Clean, *, zone: str, publisher: str | None) -> Read:
    """The article on a page and what the page says of it. Raises Quarantined over a limit."""
    source = prepared(text)
    tree = parse(source, max_nodes=settings.max_nodes, max_chars=settings.max_markup_chars)
    hidden = hidden_on(tree)
    facts = page_facts(read_page(tree), zone=zone, publisher=publisher)
    found = article_blocks(tree, linked=can_mark(source))
    if len(found) == 1 and link_share(tree) >= LIST_OF_LINKS:
        found = ()  # the last resort of the extraction, all of the page's words, on a page that only points elsewhere
    blocks, authors = _without_head(found, facts)
    return Read(blocks, replace(facts, authors=authors), hidden)


def read_fragment(text: str, settings: Clean, *, title: str | None) -> Read:
    """The blocks of a piece of HTML whose metadata came with it; all of it is article."""
    if WHOLE_PAGE.search(text[:2000]):
        return read_web(text, settings, zone="UTC", publisher=None)
    source = f"<html><body><div>{prepared(text)}</div></body></html>"
    tree = parse(source, max_nodes=settings.max_nodes, max_chars=settings.max_markup_chars)
    blocks, authors = _without_head(fragment_blocks(tree, linked=can_mark(source)), Facts(title=title))
    return Read(blocks, Facts(authors=authors))


def _without_head(blocks: Sequence[Block], facts: Facts) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks without title and byline above the text; a byline names the authors where nothing else does."""
    kept: list[Block] = []
    authors = facts.authors
    for index, block in enumerate(blocks):
        words = plain_text(block) if index < OPENING else ""
        if words and facts.title and block.role in {"heading", "paragraph"} and same_title(words, facts.title):
            continue
        if words and block.role == "paragraph" and is_byline(words):
            authors = authors or authors_of_byline(words)
            continue
        kept.append(block)
    return tuple(kept), authors
