"""One walk over a page's tree: its segments (lines of text between block elements), and the elements around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element

from corpus.clean.body.names import HIDDEN, Naming
from corpus.clean.body.tags import BLOCK, BREAK, CODES, EMBED, KINDS, KINDS_WITHOUT_MENUS, MATH, PASSED, STRONG, WITHIN
from corpus.clean.document import LINE_BREAK

MAX_SEGMENTS = 20_000
SPARSE = 1000  # code points, below which what a page shows is looked for in its menus too


@dataclass(slots=True)
class Segment:
    """A line of text: its runs, the element that holds it (by number), and how much of it is bold or a link."""

    node: int
    runs: list[tuple[str, str | None]] = field(default_factory=list)  # words, the address they link to
    embeds: Sequence[str] = ()  # addresses of what is embedded after the words
    strong: int = 0  # code points within bold or italic elements
    links: int = 0
    linked: int = 0  # code points within links
    text: str = ""


@dataclass(slots=True)
class Nodes:
    """The block elements of a page in document order, as columns: a parent's number is smaller than its children's."""

    parent: list[int] = field(default_factory=list)
    tag: list[int] = field(default_factory=list)
    name: list[int] = field(default_factory=list)  # number of (tag, class) among the page's
    score: list[float] = field(default_factory=list)  # of class and id
    flags: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """What the walk saw."""

    nodes: Nodes
    segments: list[Segment]
    passed: list[tuple[int, _Element]] = field(
        default_factory=list
    )  # elements passed over, by the segment they precede


def outline(root: _Element, naming: Callable[[str, str], Naming]) -> Outline:
    """The segments of a page below `root`, in document order. `naming`: (class, id) -> what they say of an element.

    The tree is at most 256 elements deep (the parser's limit), which a recursion can take.
    """
    walk = _walked(root, naming, KINDS)
    if sum([len(segment.text) for segment in walk.segments]) < SPARSE and _within_menus(walk.passed):
        walk = _walked(root, naming, KINDS_WITHOUT_MENUS)
    return Outline(Nodes(*map(list, zip(*walk.rows, strict=True))), walk.segments, walk.passed)


def _within_menus(passed: Sequence[tuple[int, _Element]]) -> bool:
    """Whether an element that was passed over as a menu has a headline or an article in it."""
    return any(element.find(f".//{tag}") is not None for _, element in passed for tag in ("h1", "article", "main"))


def _walked(root: _Element, naming: Callable[[str, str], Naming], kinds: Mapping[str, int]) -> _Walk:
    walk = _Walk(naming, kinds)
    walk.enter(root, str(root.tag))
    walk.close()
    return walk


class _Walk:
    def __init__(self, naming: Callable[[str, str], Naming], kinds: Mapping[str, int]) -> None:
        self.naming, self.kinds = naming, kinds
        self.rows: list[tuple[int, int, int, float, int]] = []  # the columns of Nodes
        self.segments: list[Segment] = []
        self.passed: list[tuple[int, _Element]] = []
        self.names: dict[tuple[str, str], int] = {}
        self.open: Segment | None = None
        self.node = -1
        self.target: str | None = None
        self.strong = 0

    def enter(self, element: _Element, tag: str) -> None:
        """Walk a block element: its own number, its words, its children."""
        if self.open is not None:
            self.close()
        before, names, get = self.node, self.names, element.get
        classes = get("class", "")
        flags, score = self.naming(classes, get("id", ""))
        style = get("style")
        if (style is not None and "display:none" in style.replace(" ", "")) or get("hidden") is not None:
            flags |= HIDDEN
        self.node = len(self.rows)
        self.rows.append((before, CODES.get(tag, 0), names.setdefault((tag, classes), len(names)), score, flags))
        text = element.text
        if text and not text.isspace():
            self.words(text)
        self.children(element)
        if self.open is not None:
            self.close()
        self.node = before

    def children(self, element: _Element) -> None:
        kind_of = self.kinds.get
        for child in element:
            tag = child.tag
            kind = kind_of(tag, BLOCK)
            if kind == BLOCK:
                if isinstance(tag, str):
                    self.enter(child, tag)
            elif kind == WITHIN:
                self.inline(child, tag)
            elif kind == BREAK:
                self.line_break()
            elif kind == EMBED:
                self.embed(child)
            elif kind == MATH:
                self.words("".join(map(str, child.itertext())))
            elif kind == PASSED and (len(child) or child.text):
                self.passed.append((len(self.segments) + (self.open is not None), child))
            tail = child.tail
            if tail and (self.open is not None or not tail.isspace()):
                self.words(tail)

    def inline(self, element: _Element, tag: str) -> None:
        before, strong = self.target, tag in STRONG
        if tag == "a":
            self.target = element.get("href") or before
            if self.target is not None and self.open is not None:
                self.open.links += 1
        self.strong += strong
        text = element.text
        if text:
            self.words(text)
        self.children(element)
        self.strong -= strong
        self.target = before

    def words(self, text: str) -> None:
        segment = self.open
        if segment is None:
            if text.isspace():
                return
            segment = self.open = Segment(self.node)
            segment.links = self.target is not None
        segment.runs.append((text, self.target))
        if self.target is not None:
            segment.linked += len(text)
        if self.strong:
            segment.strong += len(text)

    def line_break(self) -> None:
        """One break is a line's end; two in a row part paragraphs."""
        if self.open is None:
            return
        for text, _ in reversed(self.open.runs):
            if text == LINE_BREAK:
                self.close()
                return
            if not text.isspace():
                break
        self.open.runs.append((LINE_BREAK, None))

    def embed(self, element: _Element) -> None:
        source = element.get("src")
        if source:
            if self.open is None:
                self.open = Segment(self.node)
            self.open.embeds = (*self.open.embeds, source)

    def close(self) -> None:
        segment, self.open = self.open, None
        if segment is not None and len(self.segments) < MAX_SEGMENTS:
            runs = segment.runs
            segment.text = (runs[0][0] if len(runs) == 1 else "".join([text for text, _ in runs])).strip()
            if segment.text or segment.embeds:
                self.segments.append(segment)


def words_of(segments: Sequence[Segment]) -> str:
    """The words of segments, one a line."""
    return "\n".join(" ".join(segment.text.split()) for segment in segments)
