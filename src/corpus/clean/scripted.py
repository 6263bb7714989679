"""An article that only a page's scripts hold: HTML in their strings, or a tree of rich text in their JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus.clean.assemble import plain_text
from corpus.clean.body.measures import bare
from corpus.clean.document import Block, Quarantined, Run
from corpus.clean.markup import fragment_blocks
from corpus.clean.page import Page, parse, prepared

STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)  # one without end goes on to the end
PARAGRAPH = re.compile(r"<p[\s>]", re.I)
WRITTEN_PARAGRAPH = re.compile(r"<p[\s>\\]|\\u003[cC]p", re.I)
STRING_CHARS = 500  # of a string that may hold an article
SCRIPT_CHARS = 8_000_000  # of a page's scripts that are looked at
LEAST = 3  # paragraphs of rich text, or of HTML, that make an article
SHOWN = 60  # code points of a paragraph that the page shows, by which it is looked for
WORD_CHARS, TITLE_SHARE = 3, 0.3  # of a title's word that tells; of such words, that the text has
DEPTH = 2  # strings within strings
NODE_LIMITS = 100_000, SCRIPT_CHARS
ROLES = {
    "paragraph": "paragraph", "p": "paragraph", "heading": "heading", "header": "heading",
    **{f"{name}{level}": "heading" for name in ("h", "heading-", "heading") for level in range(1, 7)},
    "blockquote": "quote", "quote": "quote", "list-item": "list_item", "list_item": "list_item",
    "listitem": "list_item", "li": "list_item",
}  # fmt: skip
"""Block types of the usual rich-text trees (ProseMirror, Slate, Lexical, Contentful) -> roles."""
KINDS, CHILDREN, WORDS = ("type", "nodeType"), ("content", "children"), ("text", "value")


def scripted_blocks(page: Page) -> tuple[Block, ...]:
    """The blocks of the longest article in the page's scripts; none where there is none."""
    scripts = [(element.get("type") or "", element.text or "") for element in page.tree.iter("script")]
    if sum(len(text) for _, text in scripts) > SCRIPT_CHARS:
        return ()
    found: list[tuple[Block, ...]] = [()]
    for kind, text in scripts:
        if "ld+json" not in kind.lower():
            found += [_fragment(words) for words in _strings(text, DEPTH)]
        if kind.lower() == "application/json":
            found += _rich_texts(text)
    return max(found, key=_length)


def is_same_article(scripted: Sequence[Block], shown: Sequence[Block], title: str | None) -> bool:
    """Whether what scripts hold goes on with what the page shows, or speaks of its title where it shows nothing."""
    text = bare("".join(map(plain_text, scripted)))
    opening = [key for block in shown if len(key := bare(plain_text(block))) >= SHOWN]
    if opening:
        return any(key[:SHOWN] in text for key in opening)
    said = [bare(word) for word in (title or "").split() if len(word) >= WORD_CHARS]
    return sum(word in text for word in said) >= TITLE_SHARE * max(len(said), 1)


def _length(blocks: Iterable[Block]) -> int:
    return sum(len(plain_text(block)) for block in blocks)


def _strings(script: str, depth: int) -> Iterator[str]:
    """HTML in the JSON strings of a script, and in those of such strings."""
    if not depth or not WRITTEN_PARAGRAPH.search(script):
        return
    for match in STRING.finditer(script):
        if len(match[0]) < STRING_CHARS or not WRITTEN_PARAGRAPH.search(match[0]):
            continue
        try:
            words = json.loads(match[0], strict=False)
        except ValueError:
            continue
        within = list(_strings(words, depth - 1))
        if within:
            yield from within
        elif len(PARAGRAPH.findall(words)) >= LEAST:
            yield words


def _fragment(words: str) -> tuple[Block, ...]:
    nodes, chars = NODE_LIMITS
    try:
        tree = parse(f"<html><body><div>{prepared(words)}</div></body></html>", max_nodes=nodes, max_chars=chars)
    except Quarantined:
        return ()
    return fragment_blocks(tree, linked=False)


def _rich_texts(script: str) -> Iterator[tuple[Block, ...]]:
    """Each list of rich-text nodes that has enough paragraphs."""
    try:
        waiting: list[object] = [json.loads(script)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
            blocks = tuple(_blocks(value))
            if sum(block.role == "paragraph" for block in blocks) >= LEAST:
                yield blocks


def _blocks(nodes: Sequence[object]) -> Iterator[Block]:
    for node in nodes:
        role = ROLES.get(str(_first(node, KINDS)).lower())
        if role and (words := "".join(_words(node)).strip()):
            yield Block(role, (Run(words),))


def _words(node: object) -> Iterator[str]:
    children = _first(node, CHILDREN)
    if isinstance(children, list):
        for child in children:
            yield from _words(child)
    elif isinstance(words := _first(node, WORDS), str):
        yield words


def _first(node: object, names: Sequence[str]) -> object:
    return next((node[name] for name in names if name in node), None) if isinstance(node, Mapping) else None
