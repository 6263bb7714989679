"""The shapes that this room's modules hand to one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from corpus.clean.hidden import Hidden

LINE_BREAK = "\u2028"
"""Stands for a line break that is meant, inside a run; any other white space becomes one space."""


@dataclass(frozen=True)
class Run:
    """A stretch of a block's text as extracted; `target` is the address that it links to, as written."""

    text: str
    target: str | None = None
    section: str = "inline"
    method: str = "markup"
    inserted: bool = False  # a separator of a table's cells, not in the payload


@dataclass(frozen=True)
class Block:
    """A paragraph before it is cleaned: its role, its runs, its place in the decoded payload where that is known."""

    role: str
    runs: tuple[Run, ...]
    source: tuple[int, int] | None = None  # code points of the decoded payload
    level: int = 0  # of a heading: 1 to 6; 0 where not known
    lines: tuple[int, int] | None = None  # of the page's lines (see Read), those that it is made of; end exclusive


@dataclass(frozen=True)
class Paragraph:
    """A published paragraph: span in the text (code points) and bytes of the payload that it came from."""

    start_char: int
    end_char: int
    raw_start_byte: int | None
    raw_end_byte: int | None
    role: str


@dataclass(frozen=True)
class Anchor:
    """A link in the text: span (null when not inline), its words, the address as written."""

    start_char: int | None
    end_char: int | None
    anchor_text: str | None
    url: str
    section: str
    method: str


@dataclass(frozen=True)
class Body:
    """A text with its paragraphs and links; `repaired`: mojibake was mended, `damage`: characters that stay broken."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    anchors: tuple[Anchor, ...]
    repaired: bool = False
    damage: int = 0
    correction: str | None = None
    linked_chars: int = 0
    empty_sections: int = 0


@dataclass(frozen=True)
class When:
    """A point in time in UTC, how precisely it is known, and where it was found."""

    at: datetime
    precision: str
    source: str


@dataclass(frozen=True)
class Right:
    """A rights signal: which, its value, and the place that says so."""

    signal: str
    value: str
    where: str


@dataclass(frozen=True)
class Facts:
    """What a record says of its article, besides the text; null where it says nothing."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: When | None = None
    modified: When | None = None
    retrieved_at: datetime | None = None
    url: str | None = None
    canonical_url: str | None = None
    language: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    description: str | None = None
    site_name: str | None = None
    license: str | None = None
    rights: tuple[Right, ...] = ()


@dataclass(frozen=True)
class Kind:
    """What a page is that holds no article: the rule that says so, what was measured, and the limit."""

    rule: str
    value: str
    threshold: str


@dataclass(frozen=True)
class Read:
    """What a format's reader made of a payload: the article's blocks, what the record says of it, what a page hides.

    `lines`: of markup, all its words in their order, those of no block too, by which equal ones are told apart;
    `source`: of a page, the text that was parsed.
    """

    blocks: tuple[Block, ...]
    facts: Facts = field(default_factory=Facts)
    hidden: Hidden = field(default_factory=Hidden)
    kind: Kind | None = None
    lines: tuple[str, ...] = ()
    source: str = ""


class Quarantined(Exception):  # noqa: N818 - it is a fate, not a fault of ours
    """A record that can't be processed: the rule that stopped it, what it had and what is allowed."""

    def __init__(self, rule: str, value: str, threshold: str, detail: str) -> None:
        self.rule, self.value, self.threshold, self.detail = rule, value, threshold, detail
        super().__init__(rule)
