"""What a page is made of: sections of blocks, as data. The template turns each into HTML and escapes every value.

A page never writes HTML of its own; the one exception is a chart's drawing, which `charts` makes from numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True)
class Code:
    """Words of a machine: an id, a name, a command."""

    words: str
    kind: ClassVar[str] = "code"


@dataclass(frozen=True)
class Link:
    """A link to a place in the report: `target` is `page.html#id` or `#id`, never an address from an article."""

    words: str
    target: str
    kind: ClassVar[str] = "link"


@dataclass(frozen=True)
class Bar:
    """A bar in a table's cell, from `start` and `length` per cent of the cell's width on; `colour` is a fate's or
    `total`. It only repeats a number that stands beside it."""

    start: float
    length: float
    colour: str = "total"
    kind: ClassVar[str] = "bar"


@dataclass(frozen=True)
class Mark:
    """A word that judges: `tone` is good, bad or warn."""

    words: str
    tone: str
    kind: ClassVar[str] = "mark"


@dataclass(frozen=True)
class Lines:
    """Several values in one cell, below each other."""

    cells: tuple[Cell, ...]
    kind: ClassVar[str] = "lines"


Cell = str | int | float | None | Code | Link | Bar | Mark | Lines


@dataclass(frozen=True)
class Column:
    """A column of a table; `numeric` ones are set to the right; `narrow` ones don't break."""

    heading: str
    numeric: bool = False
    narrow: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: its caption, columns, and rows, whose first cell names the row. `stacked`: on a phone each row is a
    card. `hidden`: it stands folded behind its caption; `quiet`: its caption is for screen readers, as a
    heading says it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    stacked: bool = False
    hidden: bool = False
    quiet: bool = False
    kind: ClassVar[str] = "grid"


@dataclass(frozen=True)
class Chart:
    """A drawing and the table behind it; `drawing` is None where there is nothing to draw."""

    title: str
    drawing: Markup | None
    grid: Grid
    kind: ClassVar[str] = "chart"


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    words: str
    kind: ClassVar[str] = "text"


@dataclass(frozen=True)
class Figures:
    """The few numbers that matter: what it is, the value as it is written."""

    items: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "figures"


@dataclass(frozen=True)
class Notice:
    """Something that went wrong or needs a look: `tone` is bad or warn."""

    tone: str
    heading: str
    words: str
    ids: tuple[str, ...] = ()
    kind: ClassVar[str] = "notice"


@dataclass(frozen=True)
class Piece:
    """A stretch of text and the names of the annotations on it; none: plain text."""

    words: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """The beginning of a text, in pieces; `facts` are lines about it; `folded`: it stands behind its heading."""

    id: str
    heading: str
    facts: tuple[tuple[str, Cell], ...]
    pieces: tuple[Piece, ...]
    more: int = 0
    folded: bool = False
    kind: ClassVar[str] = "passage"


@dataclass(frozen=True)
class Side:
    """Blocks beside each other where there is room."""

    blocks: tuple[Block, ...]
    kind: ClassVar[str] = "side"


Block = Grid | Chart | Text | Figures | Notice | Passage | Side


@dataclass(frozen=True)
class Part:
    """A part of a section with a heading of its own, that links can lead to."""

    id: str
    heading: str
    blocks: tuple[Block, ...]
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A section of a page: a heading, blocks, and parts below them."""

    id: str
    heading: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Part, ...] = field(default=())
