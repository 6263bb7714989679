"""Blocks to the published text: characters cleaned, paragraphs and links placed, corrections put aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.clean.document import LINE_BREAK, Anchor, Block, Body, Paragraph, Run
from corpus.clean.phrases import phrases
from corpus.clean.repair import damage, repair

SEPARATOR = "\n\n"
CREDENTIALS = re.compile(r"(?<=://)[^\s/?#@<>\"]{1,256}@")
BARE_URL = re.compile(r"https?://[^\s<>\"“”‘«»|\u2028]+", re.I)
BRACKETS = {")": "(", "]": "[", "}": "{"}
TRAILING = ".,;:!?'’*_…"
BREAKS = re.compile(f" ?(?:{LINE_BREAK} ?)+")
EDGE = 3  # blocks from the start or the end within which a correction note stands
CORRECTION_CHARS = 600  # code points; longer than this it is the article
NOT_HEADING = frozenset({"paragraph", "quote", "list_item"})

Locate = Callable[[Sequence[Block]], list[tuple[int, int] | None]]
"""Blocks -> each one's bytes in the payload, None where not exact."""


def nowhere(blocks: Sequence[Block]) -> list[tuple[int, int] | None]:
    """The way back of a text that has none."""
    return [None] * len(blocks)


@dataclass(frozen=True)
class _Piece:
    """A cleaned block: its text, and its links with spans in it."""

    block: Block
    text: str
    anchors: tuple[Anchor, ...]
    repaired: bool


def assemble(blocks: Sequence[Block], locate: Locate, *, mojibake: bool) -> Body:
    """The text of an article: `text == "\\n\\n".join(paragraphs)`, `text[a.start_char:a.end_char] == a.anchor_text`.

    Args: blocks in reading order; `locate` gives their bytes; `mojibake`: mend it where it provably is.
    """
    blocks, correction = _without_correction(_with_sections(blocks))
    cleaned = [_piece(block, mojibake) for block in blocks]
    pieces = [piece for piece in cleaned if any(map(str.isalnum, piece.text))]
    paragraphs: list[Paragraph] = []
    anchors: list[Anchor] = []
    at = 0
    for piece, raw in zip(pieces, locate([piece.block for piece in pieces]), strict=True):
        start, end = raw or (None, None)
        paragraphs.append(Paragraph(at, at + len(piece.text), start, end, piece.block.role))
        anchors += [_shifted(anchor, at) for anchor in piece.anchors]
        at += len(piece.text) + len(SEPARATOR)
    text = SEPARATOR.join(piece.text for piece in pieces)
    return Body(
        text=text,
        paragraphs=tuple(paragraphs),
        anchors=tuple(anchors),
        repaired=any(piece.repaired for piece in pieces),
        damage=damage(text),
        correction=repair(correction, mojibake=mojibake).text.strip() if correction else None,
        linked_chars=sum(len(anchor.anchor_text or "") for anchor in anchors),
        empty_sections=_empty_sections([piece.block for piece in pieces]),
    )


def plain_text(block: Block) -> str:
    """A block's words on one line, as written."""
    return " ".join("".join(run.text for run in block.runs).split())


def _shifted(anchor: Anchor, by: int) -> Anchor:
    if anchor.start_char is None or anchor.end_char is None:
        return anchor
    return replace(anchor, start_char=anchor.start_char + by, end_char=anchor.end_char + by)


def _piece(block: Block, mojibake: bool) -> _Piece:
    text, repaired = "", False
    spans: list[tuple[int, int, Run]] = []
    for run in (part for whole_run in block.runs for part in _linkified(whole_run)):
        written = CREDENTIALS.sub("", run.text) if "://" in run.text else run.text
        done = repair(written, mojibake=mojibake)
        words = BREAKS.sub("\n", done.text) if LINE_BREAK in done.text else done.text
        if not text or text[-1] in " \n":
            words = words.lstrip(" \n")
        elif words.startswith("\n"):
            text = text.rstrip(" ")
        start = len(text) + len(words) - len(words.lstrip(" \n"))
        text += words
        repaired |= done.repaired
        if run.target is not None:
            spans.append((start, len(text.rstrip(" \n")), run))
    text = text.rstrip(" \n")
    whole = unicodedata.normalize("NFC", text)
    if whole != text:  # letters joined: a place is where what stands before it ends
        spans = [(_composed(text, start), _composed(text, end), run) for start, end, run in spans]
    return _Piece(block, whole, tuple(_anchors(whole, spans)), repaired)


def _composed(text: str, at: int) -> int:
    return len(unicodedata.normalize("NFC", text[:at]))


def _anchors(text: str, spans: Sequence[tuple[int, int, Run]]) -> Iterator[Anchor]:
    """The links of a block; one without words has no place in it, unless it is the white space of a worded one."""
    worded = {run.target for start, end, run in spans if start < min(end, len(text))}
    for start, end, run in spans:
        words = text[start:end]
        if words:
            yield Anchor(start, start + len(words), words, run.target or "", run.section, run.method)
        elif run.target not in worded:
            section = "embed" if run.section == "inline" else run.section
            yield Anchor(None, None, None, run.target or "", section, run.method)


def _linkified(run: Run) -> list[Run]:
    """The run, with addresses that stand bare in it as links of their own."""
    if run.target is not None or "://" not in run.text:
        return [run]
    parts: list[Run] = []
    at = 0
    for match in BARE_URL.finditer(run.text):
        address = _trimmed(match[0])
        if len(address) < len("http://a.b"):
            continue
        parts.append(replace(run, text=run.text[at : match.start()]))
        parts.append(replace(run, text=address, target=address, method="bare_url"))
        at = match.start() + len(address)
    return [*parts, replace(run, text=run.text[at:])]


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence around it; a closing bracket stays where the address opened one."""
    open_ = {closing: address.count(closing) - address.count(opening) for closing, opening in BRACKETS.items()}
    end = len(address)
    while end:
        last = address[end - 1]
        if open_.get(last, 0) > 0:
            open_[last] -= 1
        elif last in BRACKETS or last not in TRAILING:
            break
        end -= 1
    return address[:end]


def _with_sections(blocks: Sequence[Block]) -> list[Block]:
    """Links below a heading like "Sources", or in a paragraph that begins with such a word, are a source list's."""
    known = phrases().source_lists
    marked: list[Block] = []
    inside = False
    for block in blocks:
        words = plain_text(block) if block.role == "heading" else ""
        if block.role == "heading":
            inside = words.rstrip(":").strip().lower() in known
        opening = "".join(run.text for run in block.runs)[:64].partition(":")
        if inside or (opening[1] and opening[0].strip().lower() in known):
            marked.append(replace(block, runs=tuple(_in_source_list(run) for run in block.runs)))
        else:
            marked.append(block)
    return marked


def _in_source_list(run: Run) -> Run:
    return replace(run, section="source_list") if run.section == "inline" else run


def _without_correction(blocks: Sequence[Block]) -> tuple[list[Block], str | None]:
    """The blocks without correction notes that stand alone at the start or the end, and the notes' words."""
    starts = phrases().corrections
    notes: list[int] = []
    for index, block in enumerate(blocks):
        if EDGE <= index < len(blocks) - EDGE or block.role not in NOT_HEADING:
            continue
        words = plain_text(block)
        if len(words) <= CORRECTION_CHARS and words.lstrip("*_([ ").lower().startswith(starts):
            notes.append(index)
    if len(notes) == len(blocks):
        return list(blocks), None
    kept = [block for index, block in enumerate(blocks) if index not in notes]
    return kept, "\n".join(plain_text(blocks[index]) for index in notes) or None


def _empty_sections(blocks: Sequence[Block]) -> int:
    """Headings with nothing below them: the end, or a heading that is no deeper than they are."""
    count = 0
    for index, block in enumerate(blocks):
        if block.role != "heading":
            continue
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if following is None or (following.role == "heading" and not 0 < block.level < following.level):
            count += 1
    return count
