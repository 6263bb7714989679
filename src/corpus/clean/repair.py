"""Characters: mojibake mended where it provably is, Unicode made NFC, invisible and control characters dropped."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import ftfy
from ftfy.badness import badness

from corpus.clean.document import LINE_BREAK

DROPPED = re.compile(
    # control characters but white space; soft hyphen, zero-width space, word joiner, BOM,
    # noncharacters. ZWJ and ZWNJ stay: they are spelling in Persian, Hindi and emoji.
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]"
)
SPACES = re.compile("[\t\n\x0b\x0c\r\x1c-\x20\x85\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
SURROGATES = re.compile("[\ud800-\udfff]")
LEAD = "\u00c2-\u00f4\u0102-\u0111\u0391-\u03ff\u0402-\u045f\u2500-\u25a0"
SUSPECT = re.compile(
    # what any reading of UTF-8 as a one-byte encoding leaves: a lead byte's character before another that isn't ASCII
    # (or before the space that was a no-break space), or a control character of ISO 8859; one class in front is found
    # several times faster than alternatives
    f"[\x80-\x9f{LEAD}](?:(?<=[\x80-\x9f])|(?<=[{LEAD}])[^\x00-\x7f]|(?<=[\u00c2\u00c3])[ \xa0])"
)
REPLACEMENT = "\ufffd"
FTFY = ftfy.TextFixerConfig(
    unescape_html=False, remove_terminal_escapes=False, fix_latin_ligatures=False, fix_character_width=False,
    uncurl_quotes=False, fix_line_breaks=False, fix_surrogates=False, remove_control_chars=False, normalization=None,
    explain=False,
)  # fmt: skip


@dataclass(frozen=True)
class Repaired:
    """A text as it is published, and whether mojibake was mended in it."""

    text: str
    repaired: bool


def repair(text: str, *, mojibake: bool) -> Repaired:
    """Clean one run's characters; idempotent.

    `mojibake`: mend it where ftfy's re-decoding lowers ftfy's own count of impossible sequences. Kept are curly quotes,
    ligatures, full-width letters (NFC, never NFKC), ZWJ and ZWNJ. White space becomes single spaces, LINE_BREAK stays.
    """
    repaired, plain = False, text.isprintable() and "  " not in text
    if plain and text.isascii():
        return Repaired(text, repaired)
    if not plain and SURROGATES.search(text):
        text = _join_surrogates(text)
    if mojibake and not text.isascii() and SUSPECT.search(text):
        mended = _mend(text)
        text, repaired = mended, mended != text
    if plain and not repaired:  # nothing to be dropped, no white space but single blanks
        return Repaired(unicodedata.normalize("NFC", text), repaired)
    if text.isascii():
        return Repaired(SPACES.sub(" ", DROPPED.sub("", text)), repaired)
    # dropping may bring a letter and its accent together, so it goes before NFC
    return Repaired(unicodedata.normalize("NFC", SPACES.sub(" ", DROPPED.sub("", text))), repaired)


def damage(text: str) -> int:
    """Characters that are broken in a published text: U+FFFD, and sequences that ftfy calls impossible."""
    lost = text.count(REPLACEMENT)
    if text.isascii() or not SUSPECT.search(text):
        return lost
    impossible: int = badness(text.replace(REPLACEMENT, ""))
    return lost + impossible


def _mend(text: str) -> str:
    before: int = badness(text)
    if not before:
        return text
    fixed: str = ftfy.fix_encoding(text, config=FTFY)
    if fixed.count(REPLACEMENT) > text.count(REPLACEMENT) or badness(fixed) >= before:
        return text
    return fixed


def _join_surrogates(text: str) -> str:
    """Pairs of surrogates become their character, single ones U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", "")


def squeeze(text: str | None) -> str | None:
    """A one-line value (a title, a name), cleaned; None where nothing is left."""
    if not text:
        return None
    return repair(text.replace(LINE_BREAK, " "), mojibake=True).text.strip() or None
