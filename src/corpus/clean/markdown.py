"""Markdown: CommonMark to blocks without markup, front matter to facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.clean.addresses import absolute, canonical
from corpus.clean.assemble import plain_text
from corpus.clean.authors import authors_of_byline, is_byline, split_authors
from corpus.clean.dates import day_line, parse_time
from corpus.clean.document import LINE_BREAK, Block, Facts, Quarantined, Read, Run
from corpus.clean.phrases import phrases
from corpus.clean.repair import squeeze
from corpus.clean.rights import spdx

FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.S)
FRONT_MATTER_CHARS = 64 * 1024
LINE = re.compile(r"\r\n|\r|\n")
DELIMITER = re.compile(r"[\[*_`<!]")
MAX_DELIMITERS = 20_000  # the parser's work grows with their square
MAX_NESTING = 40  # lists and quotes in one another
TAGS = re.compile(r"<[^<>]{0,2000}>")
NAMES = {
    "title": ("title", "headline"), "authors": ("authors", "author", "byline"),
    "published": ("published_at", "published", "date", "pubdate"),
    "modified": ("modified_at", "modified", "updated", "lastmod"), "url": ("url", "link", "source_url", "permalink"),
    "canonical": ("canonical_url", "canonical"), "language": ("language", "lang"), "section": ("section", "category"),
    "keywords": ("keywords", "tags"), "description": ("description", "summary", "excerpt"),
    "site": ("site_name", "site", "publisher"), "license": ("license", "licence"),
}  # fmt: skip
"""Front matter fields of Jekyll, Hugo and Obsidian, by what they are."""


@dataclass(frozen=True)
class _Source:
    """The text that is parsed, and the code points at which its lines begin."""

    text: str
    starts: tuple[int, ...]

    def span(self, lines: Sequence[int]) -> tuple[int, int] | None:
        """The code points of a run of lines, white space around them aside."""
        start, end = self.starts[lines[0]], self.starts[min(lines[1], len(self.starts) - 1)]
        text = self.text[start:end]
        words = text.strip()
        return (start + text.index(words), start + text.index(words) + len(words)) if words else None


def read_markdown(text: str, *, zone: str, titled: bool = True) -> Read:
    """The blocks of a Markdown text and what its front matter, first heading and byline say.

    A block's source is kept only if that stretch, read again, gives the same words. `titled=False`: the title came by
    another way, so that headings are text.
    """
    match = FRONT_MATTER.match(text) if text.lstrip("\ufeff").startswith("---") else None
    front = _front_matter(match[1]) if match and match.end(1) < FRONT_MATTER_CHARS else {}
    # blanked, not cut: places in the payload stay what they are
    body = re.sub(r"[^\r\n]", " ", match[0]) + text[match.end() :] if match and front else text
    facts = _facts(front, zone)
    blocks = list(read_blocks(body))
    if titled:
        blocks, facts = _head(blocks, facts)
    return Read(tuple(_proved(block, text) for block in blocks), facts)


def _proved(block: Block, text: str) -> Block:
    if block.source is None:
        return block
    again = list(read_blocks(text[block.source[0] : block.source[1]]))
    same = len(again) == 1 and plain_text(again[0]) == plain_text(block)
    return block if same else replace(block, source=None)


def read_blocks(text: str) -> Iterator[Block]:
    """The blocks of CommonMark text with tables, in order."""
    delimiters = len(DELIMITER.findall(text))
    if delimiters > MAX_DELIMITERS:
        raise Quarantined("node_limit", str(delimiters), str(MAX_DELIMITERS), "more inline marks than a text may have")
    starts = (0, *(match.end() for match in LINE.finditer(text)), len(text))
    source = _Source(text, starts)
    # as CommonMark has it, but one for one, so that lines stay where they are
    tokens = _parser().parse(text.replace("\x00", "\ufffd"))
    holders: list[str] = []
    table: list[Run] | None = None
    lines: Sequence[int] = (0, 0)
    for token in tokens:
        if token.type == "table_open":
            table, lines = [], token.map or (0, 0)
        elif token.type == "table_close":
            yield Block("table", tuple(table or ()), source.span(lines))
            table = None
        elif table is not None:
            table += _cells(token, table)
        elif token.type == "inline":
            yield _block(token, holders, source)
        elif token.type in {"fence", "code_block"}:
            yield Block(
                "paragraph",
                (Run(token.content.strip("\n").replace("\n", LINE_BREAK)),),
                source.span(token.map or (0, 0)),
            )
        elif token.type == "html_block":
            yield from _html_block(token, source)
        elif token.nesting == 1:
            holders.append(
                f"heading {token.tag[1:]}" if token.type == "heading_open" else token.type.removesuffix("_open")
            )
        elif token.nesting == -1:
            holders.pop()


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")


def _block(token: Token, holders: Sequence[str], source: _Source) -> Block:
    heading = holders[-1] if holders and holders[-1].startswith("heading") else ""
    inner = next((name for name in reversed(holders) if name in {"list_item", "blockquote"}), "")
    role = "heading" if heading else {"list_item": "list_item", "blockquote": "quote"}.get(inner, "paragraph")
    level = int(heading.split()[1]) if heading else 0
    return Block(role, tuple(_inline(token.children or ())), source.span(token.map) if token.map else None, level)


def _inline(tokens: Sequence[Token]) -> Iterator[Run]:
    target: str | None = None
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            target = None
        elif token.type in {"text", "code_inline"}:
            yield Run(token.content, target)
        elif token.type == "softbreak":
            yield Run(" ", target)
        elif token.type == "hardbreak":
            yield Run(LINE_BREAK, target)
        # images have no words of the article; inline HTML tags are markup


def _cells(token: Token, table: Sequence[Run]) -> list[Run]:
    if token.type == "tr_open":
        return [Run(LINE_BREAK)] if table else []
    if token.type in {"th_open", "td_open"}:
        return [Run(" | ")] if table and table[-1].text != LINE_BREAK else []
    return list(_inline(token.children or ())) if token.type == "inline" else []


def _html_block(token: Token, source: _Source) -> Iterator[Block]:
    words = TAGS.sub(" ", token.content)
    if words.strip() and not token.content.lstrip().startswith(("<!--", "<script", "<style")):
        yield Block("paragraph", (Run(words),), source.span(token.map) if token.map else None)


def _head(blocks: list[Block], facts: Facts) -> tuple[list[Block], Facts]:
    """The blocks without the title's heading, the byline and the date above the text."""
    at = 0
    if blocks and blocks[0].role == "heading" and blocks[0].level == 1:
        words = plain_text(blocks[0])
        generic = words.strip(" :").lower() in phrases().generic_headings
        if not generic and (facts.title is None or words.casefold() == facts.title.casefold()):
            facts, at = replace(facts, title=squeeze(words)), 1
    for block in blocks[at : at + 2]:
        words = plain_text(block)
        if at == len(blocks) - 1 or block.role != "paragraph":
            break
        if is_byline(words) and not facts.authors:
            facts = replace(facts, authors=authors_of_byline(words))
        elif at and (day := day_line(words)) and facts.published is None:
            facts = replace(facts, published=day)
        else:
            break
        at += 1
    return blocks[at:], facts


def _front_matter(written: str) -> dict[str, tuple[str, ...]]:
    """Scalars and lists of scalars, as written; nothing where it isn't a YAML mapping."""
    try:
        data = yaml.load(written, Loader=yaml.BaseLoader)  # it makes only strings, lists and mappings
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    if not isinstance(data, Mapping):
        return {}
    fields: dict[str, tuple[str, ...]] = {}
    for key, value in data.items():
        values = value if isinstance(value, list) else [value]
        fields[str(key).lower()] = tuple(item for item in values if isinstance(item, str) and item.strip())
    return fields


def _facts(front: dict[str, tuple[str, ...]], zone: str) -> Facts:
    def values(what: str) -> tuple[str, ...]:
        return next((front[name] for name in NAMES[what] if front.get(name)), ())

    def first(what: str) -> str | None:
        return next(iter(values(what)), None)

    url = absolute(first("url"), None)
    keywords = values("keywords")
    if len(keywords) == 1:
        keywords = tuple(keywords[0].split(","))
    return Facts(
        title=squeeze(first("title")),
        authors=split_authors(values("authors")),
        published=parse_time(first("published"), "meta", zone),
        modified=parse_time(first("modified"), "meta", zone),
        url=url,
        canonical_url=canonical(first("canonical"), url) or canonical(url),
        language=first("language"),
        section=squeeze(first("section")),
        keywords=tuple(word for value in keywords if (word := squeeze(value))),
        description=squeeze(first("description")),
        site_name=squeeze(first("site")),
        license=spdx(first("license")) or first("license"),
    )
