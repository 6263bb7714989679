"""A web page, parsed once: its tree, and what its head and markup say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from lxml import etree
from lxml.html import HtmlComment, HtmlElement

from corpus.clean.document import Quarantined
from corpus.clean.json_ld import LinkedData, read_json_ld

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
ENDS = re.compile(r"</(?:body|html)\s*>", re.I)
OPENING = ord("<")
AFTER = 2000  # code points after an end tag of <body> or <html>, from which something may stand there
# not allowed in XML, which lxml's tree is; replaced one for one by a character that repair drops, so that places stay
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SPACE, ALLOWED = 0x20, list(b"\t\n\r")  # characters below this one are controls, of which these may stand
LAST_OF_PLANE = "\ufffe", "\uffff"
STAND_IN = "\u200b"
ITEMPROP = re.compile(r"itemprop(?i:[\s=\"']+date(?:published|modified))")
TITLE_CHARS = 1000
META_CHARS = 10_000  # code points of a meta's content that are read, and
METAS = 100  # values of one name
HEADINGS = 20  # of level 1 that are looked at for the title
SENTENCE = 80  # code points of a paragraph, from which it is prose and no label
INLINE = frozenset({"a", "abbr", "b", "cite", "em", "font", "i", "mark", "q", "small", "strong", "sub", "sup", "u"})
ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment)
"""One class for all elements: lxml.html's own choice by tag is a call of Python for each."""
BREAKS = frozenset({"br", "dd", "div", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p", "td"})
"""Elements that stand in a heading on lines of their own."""
UNREAD = frozenset({"button", "noscript", "rp", "rt", "script", "style", "svg", "template"})
"""Elements in a heading whose text is no part of it: what is pressed, run or drawn, and how ideographs are read."""
PIECES = 1000  # of text in a heading that are read: more than any has whose letters are each in an element
LETTER = re.compile(r"\w")
MARK_CHARS = 8  # of a link to its own heading
SUBHEADINGS = 8  # of level 2 that are looked at for the title
FRONT_PAGE = re.compile(r"(?:https?:)?//[^/?#]+/?$|/$|\.?/?index\.\w{3,5}$", re.I)


@dataclass(frozen=True)
class Time:
    """A `<time>` or date-marked element: its machine value, its words, what its class or itemprop calls it."""

    value: str | None
    words: str
    called: str
    element: HtmlElement


@dataclass(frozen=True)
class Heading:
    """A heading of level 1: its words, how many elements they are in, where it stands."""

    words: str
    parts: int = 1
    home: bool = False  # all of it a link to the site's front page
    inside: bool = False  # in <article> or <main>
    prose_before: int = 0  # code points of paragraphs above it


@dataclass(frozen=True)
class Page:
    """What one walk over a page found; `metas` and `rels` map lower-case names to values in order."""

    tree: HtmlElement
    metas: dict[str, tuple[str, ...]]
    rels: dict[str, tuple[str, ...]]
    data: LinkedData
    title: str | None
    headings: tuple[Heading, ...]  # of level 1
    times: tuple[Time, ...]
    language: str | None
    subheadings: tuple[str, ...] = ()  # of level 2, the first few
    prose: int = 0  # code points of its paragraphs

    def meta(self, *names: str) -> str | None:
        """The first value of the first of these that the page has."""
        return next((value for name in names for value in self.metas.get(name, ()) if value), None)


def prepared(text: str, written: bytes | None = None) -> str:
    """The text that is parsed: characters that XML forbids replaced, one for one; `written`: the text in UTF-8."""
    return text if _allowed(text, written) else FORBIDDEN.sub(STAND_IN, text)


def _allowed(text: str, written: bytes | None) -> bool:
    """Whether there is no forbidden character, at a small part of what the expression takes to look."""
    try:
        units = np.frombuffer(text.encode() if written is None else written, np.uint8)
    except UnicodeEncodeError:  # a surrogate
        return False
    controls = np.bincount(units[units < SPACE], minlength=SPACE)
    return controls.sum() == controls[ALLOWED].sum() and not any(char in text for char in LAST_OF_PLANE)


def parse(source: str, *, max_nodes: int, max_chars: int, written: bytes | None = None) -> HtmlElement:
    """The tree of a page (from `prepared`); `written`: it in UTF-8, if at hand.

    Raises Quarantined: `size_limit` (code points), `node_limit` (tags), `nesting_limit` (libxml2 gives up on a page
    256 elements deep, half of what browsers allow), `no_markup`.
    """
    if len(source) > max_chars:
        raise Quarantined("size_limit", str(len(source)), str(max_chars), "more characters than a page may have")
    written = source.encode() if written is None else written
    opened = np.count_nonzero(np.frombuffer(written, np.uint8) == OPENING)
    if opened > max_nodes:
        raise Quarantined("node_limit", str(opened), str(max_nodes), "more tags than a page may have")
    parser = etree.HTMLParser(huge_tree=False, remove_pis=True, collect_ids=False, encoding="utf-8")
    parser.set_element_class_lookup(ELEMENTS)
    try:
        tree = etree.fromstring(written if (whole := _whole(source)) is source else whole.encode(), parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        _limits(parser)
        raise Quarantined("no_markup", type(error).__name__, "a page", "no element in it") from error
    _limits(parser)
    if not isinstance(tree, HtmlElement):
        raise Quarantined("no_markup", "empty", "a page", "no element in it")
    return tree


def _whole(source: str) -> str:
    """The source without an XML declaration, and without end tags of body and html where something follows on one: to
    browsers it is still the body (HTML standard, 13.2.6.4.19), libxml2 would leave it out."""
    if declared := DECLARATION.match(source):
        source = source[declared.end() :]
    end = next((at for tag in ("</body", "</html") if (at := source.find(tag)) >= 0), len(source))
    return ENDS.sub("", source) if len(source) - end > AFTER else source


def _limits(parser: etree.HTMLParser) -> None:
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            rule = "nesting_limit" if "depth" in entry.message.lower() else "node_limit"
            raise Quarantined(rule, "over", "256" if rule == "nesting_limit" else "10000000", "the parser's limit")


def read_page(tree: HtmlElement, source: str | None = None) -> Page:
    """What the page's head, JSON-LD, headings and time elements say; `source`, what it was parsed from, saves time."""
    metas: dict[str, list[str]] = {}
    rels: dict[str, list[str]] = {}
    scripts: list[str] = []
    headings: list[Heading] = []
    subheadings: list[str] = []
    prose = 0
    times: list[Time] = []
    title = None
    for element in tree.iter("meta", "link", "script", "title", "h1", "h2", "time", "a", "p"):
        tag = element.tag
        if tag == "meta":
            _meta(element, metas)
        elif tag == "link" or (tag == "a" and element.get("rel")):
            _link(element, rels)
        elif tag == "script":
            if "ld+json" in (element.get("type") or "").lower() and element.text:
                scripts.append(element.text)
        elif tag == "time":
            times.append(_time(element))
        elif tag == "title" and title is None and not _inside(element, "svg"):
            title = _words(element)
        elif tag == "p":
            prose += len(text) if len(text := element.text or "") >= SENTENCE else 0
        elif tag == "h1" and len(headings) < HEADINGS and (words := _heading_words(element)):
            headings.append(_heading(element, words, prose))
        elif tag == "h2" and len(subheadings) < SUBHEADINGS and (words := _heading_words(element)):
            subheadings.append(words)
    if source is None or ("itemprop" in source and ITEMPROP.search(source)):
        for element in tree.iterfind(".//*[@itemprop]"):
            _itemprop(element, times)
    return Page(
        tree=tree,
        metas={name: tuple(values) for name, values in metas.items()},
        rels={name: tuple(values) for name, values in rels.items()},
        data=read_json_ld(scripts),
        title=title,
        headings=tuple(headings),
        times=tuple(times),
        subheadings=tuple(subheadings),
        prose=prose,
        language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang"),
    )


def _words(element: HtmlElement) -> str | None:
    return " ".join(element.text_content().split())[:TITLE_CHARS] or None


def _heading_words(element: HtmlElement) -> str | None:
    """A heading's words: set apart where its elements are, without its buttons and the mark of a link to itself."""
    if not len(element):
        return _words(element)
    return " ".join("".join(islice(_read(element), PIECES)).split())[:TITLE_CHARS] or None


def _read(heading: HtmlElement) -> Iterator[str]:
    walk = etree.iterwalk(heading, events=("start", "end", "comment"))
    for event, element in walk:
        apart = element.tag in BREAKS
        if event == "start" and (element.tag in UNREAD or _is_permalink(element)):
            walk.skip_subtree()
        elif event == "start":
            yield f" {element.text or ''}" if apart else element.text or ""
        elif element is not heading:
            yield f" {element.tail or ''}" if apart else element.tail or ""


def _is_permalink(element: HtmlElement) -> bool:
    """Whether an element is a link to a place on the page without a word: the pilcrow behind a heading."""
    if element.tag != "a" or not (element.get("href") or "").startswith("#"):
        return False
    text = "".join(islice(element.itertext(), MARK_CHARS)).strip()
    return len(text) <= MARK_CHARS and not LETTER.search(text)


def _heading(element: HtmlElement, words: str, prose: int) -> Heading:
    links = [a for a in element.iter("a") if _heading_words(a) == words] or [
        a for a in islice(element.iterancestors("a"), 1) if _heading_words(a) == words
    ]
    return Heading(
        words=words,
        parts=sum(1 for part in element.iter() if part.tag not in INLINE and (part.text or "").strip()),
        home=any(FRONT_PAGE.match((a.get("href") or "").strip()) for a in links),
        inside=next(element.iterancestors("article", "main"), None) is not None,
        prose_before=prose,
    )


def _inside(element: HtmlElement, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None


def _meta(element: HtmlElement, metas: dict[str, list[str]]) -> None:
    content = (element.get("content") or "")[:META_CHARS].strip()
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        name = (element.get(attribute) or "").strip().lower()
        if name and content and len(values := metas.setdefault(name, [])) < METAS:
            values.append(content)


def _link(element: HtmlElement, rels: dict[str, list[str]]) -> None:
    href = (element.get("href") or "").strip()
    for rel in (element.get("rel") or "").lower().split():
        if href and (element.tag == "link" or rel in {"license", "author"}) and len(rels.get(rel, ())) < METAS:
            rels.setdefault(rel, []).append(href)


def _time(element: HtmlElement) -> Time:
    called = " ".join(
        filter(None, (element.get("itemprop"), element.get("class"), element.get("pubdate") and "pubdate"))
    )
    return Time(element.get("datetime"), _words(element) or "", called.lower(), element)


def _itemprop(element: HtmlElement, times: list[Time]) -> None:
    name = (element.get("itemprop") or "").lower()
    if name in {"datepublished", "datemodified"} and element.tag not in {"time", "meta"}:
        times.append(Time(element.get("content") or element.get("datetime"), _words(element) or "", name, element))
