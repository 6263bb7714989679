"""What a page hides from its readers: by the `hidden` attribute, by style, by aria-hidden, or without any width.

Style sheets are not read, so what only a class hides is not known. Menus and dialogues are hidden on most pages; what
tells is hidden words that extraction took for article text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%|vw)?\s*(?:;|!|$)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)|(?:text-indent|left|top|margin-left)\s*:\s*-\d{3,6}(?:px|em|rem)?"
    r"|color\s*:\s*transparent|clip\s*:\s*rect\(\s*0",
    re.I,
)
"""Declarations of an element's own style (CSS 2.2) after which its words can't be seen."""
NO_WORDS = frozenset({"script", "style", "template", "noscript", "svg", "head", "title", "select", "option"})
WITHOUT_WIDTH = re.compile("[\u180e\u200b-\u200f\u2060-\u2064\ufeff]{3,}|[\U000e0020-\U000e007e]{3,}")
"""Runs of characters that nobody sees; one alone is spelling, three tag characters are no flag of a region."""
WIDTHLESS = re.compile("[\u180e\u200b-\u200f\u2060-\u2064\ufeff\U000e0020-\U000e007e]")
"""Any of them: most texts have none."""
FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{3,6}\U000e007f")
PASSAGE = 20  # code points of hidden words from which they are looked for in the text
MAX_PASSAGES = 1000  # on a page; the rest counts as characters only
MAX_CHARS = 200_000  # code points of passages kept


@dataclass(frozen=True)
class Hidden:
    """What a page hides: all its characters but white space, and the passages that are long enough to be told."""

    chars: int = 0
    passages: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The passages as one text."""
        return "\n".join(self.passages)

    def chars_in(self, text: str) -> int:
        """Characters of hidden passages that stand in a text, white space aside."""
        if not self.passages:
            return 0
        solid = "".join(text.split())
        return sum(len(piece) for piece in {"".join(passage.split()) for passage in self.passages} if piece in solid)


def hidden_on(tree: HtmlElement) -> Hidden:
    """What the page hides; the tree is left as it is. An element inside a hidden one counts once."""
    found: list[str] = []
    seen: set[HtmlElement] = set()
    for element in tree.xpath("//body//*[@hidden or @style or @aria-hidden]"):
        if element.tag in NO_WORDS or not _hides(element) or any(above in seen for above in element.iterancestors()):
            continue
        seen.add(element)
        found += (" ".join(words.split()) for words in _blocks(element))
    chars = sum(len("".join(words.split())) for words in found)
    passages: list[str] = []
    room = MAX_CHARS
    for words in dict.fromkeys(found):
        if len(words) >= PASSAGE and len(passages) < MAX_PASSAGES and room >= len(words):
            passages.append(words)
            room -= len(words)
    return Hidden(chars, tuple(passages))


def _hides(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or (element.get("aria-hidden") or "").strip().lower() == "true":
        return True
    style = element.get("style")
    return style is not None and STYLE.search(style) is not None


def _blocks(element: HtmlElement) -> list[str]:
    """The text nodes of an element that are words."""
    nodes: list[str | None] = []
    for part in element.iter():
        if part.tag not in NO_WORDS and isinstance(part.tag, str):
            nodes.append(part.text)
        if part is not element:
            nodes.append(part.tail)
    return [node for node in nodes if node and not node.isspace()]


def count_invisible(text: str) -> int:
    """Characters without width in runs, and tag characters that are part of no flag, as a payload has them."""
    if text.isascii() or not WIDTHLESS.search(text):
        return 0
    return sum(map(len, WITHOUT_WIDTH.findall(FLAG.sub("", text))))
