"""Plain text: lines to paragraphs, the title and the byline above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.clean.authors import authors_of_byline, is_byline
from corpus.clean.dates import day_line
from corpus.clean.document import Block, Facts, Read, Run
from corpus.clean.phrases import phrases
from corpus.clean.repair import squeeze

LINE = re.compile(r"[^\r\n\x0b\x0c\u0085\u2028\u2029]*(?:\r\n|[\r\n\x0b\x0c\u0085\u2028\u2029]|$)")
BULLET = re.compile(r"[-*•‣▪●◦·–][ \t]+(?=\S)")
NUMBERED = re.compile(r"\d{1,2}[.)]\s+\S")
RULE = re.compile(r"[\W_]*$")
TITLE_WORDS, TITLE_WORDS_ABOVE_BYLINE = 25, 60  # words
TITLE_CHARS = 200  # code points; for scripts without spaces
HEADING_WORDS, HEADING_CHARS = 14, 100
HEADINGS_IN_A_ROW = 3  # more short lines than this are a list or verse
SENTENCE_END = tuple(".。．।؟")
NOT_HEADING_END = (*SENTENCE_END, ",", ";", ":", "…", "!", "-", "—", "，", "、", "：")
CLOSERS = "\"'”’»)]*_"
WRAP_WIDTH = (40, 120)  # code points: widths at which people and mailers break lines
WRAPPED_SHARE = 0.8  # of a text's line breaks that a fixed width explains
WRAPPED_BREAKS = 3  # so many at least


@dataclass(frozen=True)
class Line:
    """A line that holds something: place in the decoded payload, words, whether a blank line goes before."""

    start: int
    end: int
    text: str
    after_blank: bool
    bullet: bool = False


def read_plain(text: str, *, titled: bool = True) -> Read:
    """The blocks of a plain text and what its first lines say of it.

    The first block is the title if it is short, is no sentence, and more follows; a "By …" line below it is the byline,
    a line that is nothing but a date the day of publication. `titled=False`: the title came by another way, so every
    line is text.
    """
    lines = _lines(text)
    facts, rest = _front(lines) if titled else (Facts(), lines)
    return Read(tuple(_blocks(rest, text)), facts)


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    blank = True
    for match in LINE.finditer(text):
        words = match[0].strip().strip("\ufeff\u200b").strip()
        if not words or RULE.match(words):
            blank = True
            continue
        start = text.index(words, match.start())
        bullet = BULLET.match(words)
        begin = bullet.end() if bullet else 0
        lines.append(Line(start + begin, start + len(words), words[begin:], blank, bool(bullet)))
        blank = False
    return lines


def _front(lines: Sequence[Line]) -> tuple[Facts, Sequence[Line]]:
    """Title, authors and date of the first lines, and the lines after them."""
    if len(lines) < 2:
        return Facts(), lines
    at, title = 0, None
    if _is_title(lines[0], lines[1]) and not is_byline(lines[0].text):
        title, at = lines[0].text, 1
    authors: tuple[str, ...] = ()
    published = None
    while at < len(lines) - 1 and at < 4:
        if not authors and is_byline(lines[at].text):
            authors = authors_of_byline(lines[at].text)
        elif published is None and at and (day := day_line(lines[at].text)):
            published = day
        else:
            break
        at += 1
    return Facts(title=squeeze(title), authors=authors, published=published), lines[at:]


def _is_title(first: Line, second: Line) -> bool:
    words = len(first.text.split())
    if first.bullet or len(first.text) > 2 * TITLE_CHARS or not any(map(str.isalpha, first.text)):
        return False
    if is_byline(second.text):
        return words <= TITLE_WORDS_ABOVE_BYLINE
    if first.text.startswith(("http://", "https://", "<", "{", "[")):
        return False
    plain = first.text.rstrip(CLOSERS).lower()
    if plain.endswith((*SENTENCE_END, ":", ",", ";")) or re.sub(r"^\W+", "", plain) in phrases().generic_headings:
        return False
    # a line of prose that is broken at a fixed width goes on in lower case
    if not second.after_blank and second.text[:1].islower():
        return False
    return words <= TITLE_WORDS and len(first.text) <= TITLE_CHARS


def _blocks(lines: Sequence[Line], text: str) -> list[Block]:
    wrapped = _is_wrapped(lines)
    groups: list[list[Line]] = []
    for line in lines:
        joins = wrapped and groups and not line.after_blank and not line.bullet
        if joins and not (groups[-1][-1].bullet and not groups[-1][0].bullet):
            groups[-1].append(line)
        else:
            groups.append([line])
    headings = _headings(groups)
    numbered = [bool(NUMBERED.match(group[0].text)) for group in groups]
    blocks = []
    for index, (group, heading) in enumerate(zip(groups, headings, strict=True)):
        start, end = group[0].start, group[-1].end
        beside = numbered[index] and (
            numbered[index - 1 : index] == [True] or numbered[index + 1 : index + 2] == [True]
        )
        role = "list_item" if group[0].bullet or beside else "heading" if heading else "paragraph"
        blocks.append(Block(role, (Run(text[start:end]),), (start, end)))
    return blocks


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Whether lines are broken at a fixed width: the next line's first word would not have fitted."""
    inner = [(a, b) for a, b in pairwise(lines) if not b.after_blank and not b.bullet]
    if len(inner) < WRAPPED_BREAKS:
        return False
    width = max(len(line.text) for line in lines)
    if not WRAP_WIDTH[0] <= width <= WRAP_WIDTH[1]:
        return False
    explained = sum(1 for a, b in inner if len(a.text) + 1 + len(b.text.split()[0]) > width)
    return explained >= WRAPPED_SHARE * len(inner)


def _headings(groups: Sequence[Sequence[Line]]) -> list[bool]:
    """Which groups are headings: short lines that are no sentence, above a longer one."""
    likely = [len(group) == 1 and _like_heading(group[0]) for group in groups]
    if likely:
        likely[-1] = False  # the last line: a signature, or a text that breaks off
    at = 0
    while at < len(likely):
        end = at
        while end < len(likely) and likely[end]:
            end += 1
        if end - at > HEADINGS_IN_A_ROW:
            likely[at:end] = [False] * (end - at)
        at = end + 1
    return likely


def _like_heading(line: Line) -> bool:
    words = line.text.rstrip(CLOSERS)
    if line.bullet or not words or words.endswith(NOT_HEADING_END) or "://" in words or is_byline(words):
        return False
    first = next((char for char in words if char.isalnum()), "")
    return len(words.split()) <= HEADING_WORDS and len(words) <= HEADING_CHARS and not first.islower() and first != ""
