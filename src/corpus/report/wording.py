"""How values are written for people: numbers, sizes, shares, times; and names from articles, made harmless."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

BINARY_UNITS = ("KiB", "MiB", "GiB", "TiB")
LONGEST = 400
"""Code points of a value that a page shows; a title may have a million."""
LONGEST_ANCHOR = 80
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"
"""Format characters that spelling needs (Persian, Hindi, emoji); all others, the turns of direction too, are shown."""


def number(value: float) -> str:
    """1234567 as 1,234,567; a loss with a true minus sign; fractions with at most four places."""
    said = f"{value:,}" if isinstance(value, int) else f"{value:,.4f}".rstrip("0").rstrip(".")
    return said.replace("-", "−")


def size(value: float) -> str:
    """Bytes in binary units."""
    if value < 1024:
        return f"{value:,.0f} B"
    for unit in BINARY_UNITS:
        value /= 1024
        if value < 1024 or unit == BINARY_UNITS[-1]:
            break
    return f"{value:,.1f} {unit}"


def share(part: float, whole: float) -> str:
    """A part of a whole in per cent; an en dash where there is no whole."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def duration(seconds: float) -> str:
    """Seconds, as minutes and hours where they are many."""
    if seconds < 60:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 record`, `1,200 records`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def visible(text: str, keep: str = "") -> str:
    """A text whose control and format characters are written out, so that none commands whoever shows it."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        c if c in keep or c in _JOINERS or unicodedata.category(c) not in _HIDDEN else _code(c) for c in text
    )


def _code(character: str) -> str:
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def clipped(text: str, longest: int = LONGEST) -> str:
    """The beginning of a text that is too long to show, and how long it is."""
    return text if len(text) <= longest else f"{text[:longest]}… ({number(len(text))} characters)"


def breakable(name: str) -> Markup:
    """A name that may break after its underscores, full stops and colons, escaped."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"([_.:])(?=\w)", r"\1<wbr>", str(escape(visible(name)))))


def anchor(*parts: str) -> str:
    """The id of a place in a page, made of letters, digits and hyphens alone."""
    name = "-".join(parts)
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name)
    if len(plain) <= LONGEST_ANCHOR:
        return plain
    return f"{plain[:LONGEST_ANCHOR]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
