"""Trees to blocks: trafilatura's body of a page, or the whole of a fragment."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from corpus.clean.document import LINE_BREAK, Block, Run

ROLES = {
    "head": "heading",
    "p": "paragraph",
    "item": "list_item",
    "quote": "quote",
    "table": "table",
    "code": "paragraph",
}
"""trafilatura's elements that hold words of their own."""
FRAGMENT_ROLES = {
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
    "p": "paragraph", "div": "paragraph", "section": "paragraph", "article": "paragraph", "li": "list_item",
    "blockquote": "quote", "table": "table", "figcaption": "caption", "caption": "caption", "pre": "paragraph",
    "dt": "paragraph", "dd": "paragraph", "ul": "paragraph", "ol": "paragraph", "dl": "paragraph", "main": "paragraph",
    "header": "paragraph", "footer": "paragraph", "figure": "paragraph", "aside": "paragraph", "body": "paragraph",
    "html": "paragraph", "address": "paragraph", "details": "paragraph", "summary": "paragraph", "center": "paragraph",
}  # fmt: skip
SKIPPED = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "form",
        "button",
        "select",
        "textarea",
        "object",
        "audio",
        "video",
        "nav",
    }
)
EMBEDS = frozenset({"iframe", "embed"})
CELL, ROW = frozenset({"cell", "td", "th"}), frozenset({"row", "tr"})
BREAK = frozenset({"lb", "br"})
NAVIGATION = ("nav", "footer", "header", "aside")
OPENING, CLOSING = 0xF0000, 0x100000  # the private planes
MAX_LINKS, MAX_ADDRESS = 0xFFFD, 8192
WRITTEN_BORDER = re.compile(r"&#(?:x0*(?:f|10)[0-9a-f]{4}|0*(?:9[89]|1[01])\d{4,5});?", re.I)
BORDER = re.compile("([\U000f0000-\U0010ffff])")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("readability").setLevel(logging.CRITICAL)


def library_blocks(tree: HtmlElement, *, linked: bool) -> tuple[Block, ...]:
    """The article's blocks on a page as trafilatura sees it, without comments, with their links.

    The tree is marked: link borders become private characters in the text, which travel through the extraction; with
    trafilatura's own links, the white space around them is lost. `linked`: see `can_mark`.
    """
    targets = mark_links(tree) if linked else ()
    for fast in (True, False):  # where the fast heuristics find nothing, readability and justext may
        options = Extractor(output_format="python", fast=fast, comments=False, links=False, dedup=False)
        document = bare_extraction(tree, options=options)
        if document is not None and document.body is not None:
            blocks = tuple(_Walk(ROLES, targets).blocks(document.body))
            if blocks:
                return blocks
    return ()


def fragment_blocks(tree: HtmlElement, *, linked: bool) -> tuple[Block, ...]:
    """All blocks of a fragment: in a feed's entry or a row's field, everything is article."""
    return tuple(_Walk(FRAGMENT_ROLES, mark_links(tree) if linked else ()).blocks(tree))


def link_share(tree: HtmlElement) -> float:
    """The share of a page's visible characters, white space aside, that are words of links."""
    whole = _solid_length(tree, "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]")
    linked = _solid_length(tree, "//body//a//text()")
    return round(linked / whole, 4) if whole else 0.0


def _solid_length(tree: HtmlElement, path: str) -> int:
    found = tree.xpath(path)
    return sum(len("".join(str(text).split())) for text in found) if isinstance(found, list) else 0


def can_mark(source: str) -> bool:
    """Whether a page is free of such private characters; one that has its own keeps them, and loses its links."""
    return not BORDER.search(source) and not WRITTEN_BORDER.search(source)


def mark_links(tree: HtmlElement) -> tuple[str, ...]:
    """Put characters of the private planes around the words of each link outside navigation; the targets, by number."""
    targets: list[str] = []
    for element in tree.iter("a"):
        target = element.get("href")
        if not target or len(targets) >= MAX_LINKS or len(target) > MAX_ADDRESS or not element.text_content().strip():
            continue
        if next(element.iterancestors(*NAVIGATION), None) is not None:
            continue
        number = len(targets)
        targets.append(target)
        element.text = chr(OPENING + number) + (element.text or "")
        if len(element):
            element[-1].tail = (element[-1].tail or "") + chr(CLOSING + number)
        else:
            element.text += chr(CLOSING + number)
    return tuple(targets)


@dataclass
class _Walk:
    """A walk in document order that gathers runs and closes a block where a block element begins or ends.

    It keeps its own stack, so that depth costs no recursion.
    """

    roles: dict[str, str]
    targets: tuple[str, ...]
    done: list[Block] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    holders: list[_Element] = field(default_factory=list)
    target: str | None = None

    def blocks(self, root: _Element) -> list[Block]:
        for event, element in _events(root):
            if event == "start":
                self._start(element)
            elif event == "skip":
                self._text(element.tail)
            else:
                self._end(element)
                if element is not root:
                    self._text(element.tail)
        self._close()
        return self.done

    def _start(self, element: _Element) -> None:
        tag = element.tag
        if tag in BREAK:
            self._break()
        elif tag in self.roles and not self._in_table() and not _inline_code(element):
            self._close()
            self.holders.append(element)
        elif tag in CELL and self._in_table() and element.getprevious() is not None:
            self.runs.append(Run(" | ", inserted=True))
        elif tag in ROW and self._in_table():
            self._break()
        elif self._in_table() and tag in self.roles:
            self.runs.append(Run(" "))
        self._text(element.text)

    def _end(self, element: _Element) -> None:
        if self.holders and self.holders[-1] is element:
            self._close()
            self.holders.pop()
        elif element.tag in EMBEDS and element.get("src"):
            self.runs.append(Run("", target=element.get("src"), section="embed"))

    def _in_table(self) -> bool:
        return bool(self.holders) and self.holders[-1].tag == "table"

    def _break(self) -> None:
        if self.runs and self.runs[-1].text == LINE_BREAK and not self._in_table():
            self.runs.pop()  # two breaks in a row part paragraphs
            self._close()
        elif self.runs:
            self.runs.append(Run(LINE_BREAK))

    def _text(self, text: str | None) -> None:
        if not text or (not text.strip() and self.runs and self.runs[-1].text == LINE_BREAK):
            return
        for part in BORDER.split(text) if self.targets else [text]:
            border = ord(part) if self.targets and len(part) == 1 else 0
            if border >= CLOSING:
                self.target = None
            elif border >= OPENING:
                self.target = self.targets[border - OPENING] if border - OPENING < len(self.targets) else None
            elif part:
                self.runs.append(Run(part.replace(LINE_BREAK, " "), self.target))

    def _close(self) -> None:
        runs, self.runs = self.runs, []
        self.target = None
        if any(run.text.strip(f" \n\t{LINE_BREAK}") or run.target for run in runs):
            self.done.append(Block(self._role(), tuple(runs), level=self._level()))

    def _role(self) -> str:
        """The innermost element's, but a list or quote around plain paragraphs is what they are."""
        names = [self.roles[holder.tag] for holder in self.holders]
        if not names:
            return "paragraph"
        if names[-1] == "paragraph":
            return next((name for name in reversed(names) if name in {"list_item", "quote", "caption"}), "paragraph")
        return names[-1]

    def _level(self) -> int:
        tag = self.holders[-1].tag if self.holders else ""
        name = self.holders[-1].get("rend") or "" if tag == "head" else tag
        return int(name[1]) if len(name) == 2 and name[0] == "h" and name[1].isdigit() else 0


def _inline_code(element: _Element) -> bool:
    parent = element.getparent()
    return element.tag == "code" and parent is not None and parent.tag != "body"


def _events(root: _Element) -> Iterator[tuple[str, _Element]]:
    """start and end of each element in document order; `skip` for what has no words (scripts, comments)."""
    stack: list[tuple[_Element, Iterator[_Element]]] = [(root, iter(root))]
    yield "start", root
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element
        elif not isinstance(child.tag, str) or child.tag in SKIPPED:
            yield "skip", child
        else:
            yield "start", child
            stack.append((child, iter(child)))
