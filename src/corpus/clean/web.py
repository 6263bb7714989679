"""Web pages and pieces of HTML: blocks, facts, and the way back into the markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from corpus.clean.assemble import plain_text
from corpus.clean.authors import authors_of_byline, is_byline
from corpus.clean.body.blocks import blocks_of
from corpus.clean.body.choose import Choice, choose
from corpus.clean.body.hints import BODY_CHARS, TAG
from corpus.clean.body.lines import page_lines
from corpus.clean.document import Block, Facts, Read, Run
from corpus.clean.hidden import hidden_on
from corpus.clean.kinds import page_kind, says_article
from corpus.clean.markup import can_mark, fragment_blocks, library_blocks, link_share
from corpus.clean.metadata import page_facts
from corpus.clean.page import Page, parse, prepared, read_page
from corpus.clean.provenance import written
from corpus.clean.scripted import is_same_article, scripted_blocks
from corpus.clean.titles import same_title
from corpus.sections import Clean

WHOLE_PAGE = re.compile(r"<(?:!doctype|html|body)\b", re.I)
LIST_OF_LINKS = 0.9  # of a page's characters, or of those kept, that are links, from which it is no article
FULLER = 0.5  # of what the page states as its article, below which what can be seen of it is a part
SHORT = 1500  # code points of what can be seen, from which a page's scripts are not looked at
BREAK = re.compile(r"\n|</p>|<br\s*+/?>", re.I)
OPENING = 4  # blocks at the start among which the title and the byline may stand again


def read_web(text: str, settings: Clean, *, zone: str, publisher: str | None, written: bytes | None = None) -> Read:
    """The article on a page and what the page says of it; `written`: the text in UTF-8, if at hand.

    Raises Quarantined over a limit.
    """
    source, tree = parsed(text, settings, written)
    hidden = hidden_on(tree)
    page = read_page(tree, source)
    facts = page_facts(page, zone=zone, publisher=publisher)
    choice = choose(page)
    blocks, authors = _without_head(article_blocks(page, choice, source), facts)
    kind = page_kind(page, choice, "\n".join(plain_text(block) for block in blocks))
    return Read(blocks, replace(facts, authors=authors), hidden, kind, page_lines(choice.page), source)


def parsed(text: str, settings: Clean, written: bytes | None) -> tuple[str, HtmlElement]:
    """What of a page's text is parsed, and its tree."""
    source = prepared(text, written)
    same = written if source is text else None
    return source, parse(source, max_nodes=settings.max_nodes, max_chars=settings.max_markup_chars, written=same)


def article_blocks(page: Page, choice: Choice, source: str) -> tuple[Block, ...]:
    """The article's blocks: what the forests chose, what the page states or holds in its scripts where that is more,
    or what trafilatura finds where they are not sure. `source`: what the page was parsed from."""
    chosen = blocks_of(choice.page, choice.kept)
    size = sum(map(_length, chosen))
    if size < FULLER * sum(map(_length, stated := stated_blocks(page))):
        return stated
    if size < SHORT and says_article(page):
        scripted = scripted_blocks(page)
        if size < FULLER * sum(map(_length, scripted)) and is_same_article(scripted, chosen, page.title):
            return scripted
    if _is_links(choice):
        return ()
    if choice.sure:
        return chosen
    found = library_blocks(page.tree, linked=can_mark(source))
    if len(found) == 1 and link_share(page.tree) >= LIST_OF_LINKS:
        return ()  # the last resort of the extraction, all of the page's words, on a page that only points elsewhere
    return found or chosen


def stated_blocks(page: Page) -> tuple[Block, ...]:
    """The paragraphs that the page's JSON-LD gives as its `articleBody` (schema.org); none where it is short."""
    said = next((node.body for node in page.data.nodes if node.body and len(node.body) >= BODY_CHARS), "")
    lines = BREAK.split(said)
    return tuple(Block("paragraph", (Run(words),)) for line in lines if (words := TAG.sub("", line).strip()))


def _is_links(choice: Choice) -> bool:
    """Whether what was kept is a list of links."""
    kept = [segment for segment, keep in zip(choice.page.segments, choice.kept, strict=True) if keep]
    return sum(segment.linked for segment in kept) > LIST_OF_LINKS * sum(len(segment.text) for segment in kept)


def _length(block: Block) -> int:
    return sum(len(run.text) for run in block.runs)


def read_fragment(text: str, settings: Clean, *, title: str | None) -> Read:
    """The blocks of a piece of HTML whose metadata came with it; all of it is article."""
    if WHOLE_PAGE.search(text[:2000]):
        return read_web(text, settings, zone="UTC", publisher=None)
    source = f"<html><body><div>{prepared(text)}</div></body></html>"
    tree = parse(source, max_nodes=settings.max_nodes, max_chars=settings.max_markup_chars)
    all_blocks = [
        replace(block, lines=(number, number + 1))
        for number, block in enumerate(fragment_blocks(tree, linked=can_mark(source)))
    ]
    blocks, authors = _without_head(all_blocks, Facts(title=title))
    return Read(blocks, Facts(authors=authors), lines=tuple(map(written, all_blocks)))


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
