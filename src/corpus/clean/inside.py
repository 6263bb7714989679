"""Where a structured record's content lies in its payload: in strings of JSON, in an element of a feed, or as it is.

A place is believed only where what is written there, read again, gives the content letter for letter, and nothing else
in the payload does.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.clean.provenance import ENTITY
from corpus.clean.repair import SURROGATES

STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)(?:"|\\?\Z)', re.S)  # one without end goes on to the end
ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.S)
LONGEST_ESCAPE = 12  # code points that spell one: a pair of surrogates
BETWEEN = "\n\n"  # what a reader puts between a text's parts
NAME = re.compile(r"<(?:[^\s<>/:]{1,64}:)?([^\s<>/:]{1,64})")
CONTENT = frozenset({"content", "encoded"})  # elements of a feed that hold the whole text, if one does
CDATA, CDATA_END = "<![CDATA[", "]]>"
COMMENT, COMMENT_END = "<!--", "-->"

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Inside:
    """Of each code point of a content, the code points of the decoded payload that spell it; -1: nothing there does."""

    begins: Ints
    ends: Ints

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """What spells the content's code points `start` to `end` (exclusive), where that is one unbroken stretch."""
        begins, ends = self.begins[start:end], self.ends[start:end]
        if not len(begins) or begins.min() < 0 or (begins[1:] != ends[:-1]).any():
            return None
        return int(begins[0]), int(ends[-1])


def inside(payload: str, content: str) -> Inside | None:
    """The way from a content into the decoded payload that it was read from, None where there is none."""
    first = payload.lstrip("\ufeff \t\r\n")[:1]
    if first == "{":
        return _in_json(payload, content)
    if first == "<" and (found := _in_feed(payload, content)) is not None:
        return found
    at = payload.find(content)
    if at < 0 or payload.find(content, at + 1) >= 0:
        return None
    begins = at + np.arange(len(content), dtype=np.int64)
    return Inside(begins, begins + 1)


def _in_json(payload: str, content: str) -> Inside | None:
    """The one string that is the content, or the strings that are its parts."""
    by_opening: dict[str, list[tuple[str, int, str]]] = {}  # value, where it is written, and how
    for match in STRING.finditer(payload):
        written = match[1]
        if not written or len(written) > LONGEST_ESCAPE * len(content):
            continue
        value = _value(written) if "\\" in written else written
        if value:
            by_opening.setdefault(value.partition(BETWEEN)[0], []).append((value, match.start(1), written))
    begins = np.full(len(content), -1, np.int64)
    ends = begins.copy()
    at, placed = 0, False
    while at < len(content):
        border = content.find(BETWEEN, at)
        opening = content[at:] if border < 0 else content[at:border]
        fitting = [found for found in by_opening.get(opening, ()) if _is_part(content, at, found[0])]
        longest = max((len(value) for value, _, _ in fitting), default=len(opening))
        fitting = [found for found in fitting if len(found[0]) == longest]
        if len(fitting) == 1:
            value, start, written = fitting[0]
            here = _spelled(written, start, [match.span() for match in ESCAPE.finditer(written)])
            if len(here[0]) == len(value):
                begins[at : at + longest], ends[at : at + longest] = here
                placed = True
        at += longest + len(BETWEEN)
    return Inside(begins, ends) if placed else None


def _is_part(content: str, at: int, value: str) -> bool:
    end = at + len(value)
    return content.startswith(value, at) and (end == len(content) or content.startswith(BETWEEN, end))


def _value(written: str) -> str:
    try:
        value = json.loads(f'"{written}"', strict=False)
    except json.JSONDecodeError:
        return ""
    return SURROGATES.sub("\ufffd", value) if isinstance(value, str) else ""


def _spelled(written: str, start: int, spans: Sequence[tuple[int, int]]) -> tuple[Ints, Ints]:
    """Where each code point begins and ends that is written from `start` on; `spans`: of it, each spells one."""
    steps = np.zeros(len(written) + 1, np.int64)
    if spans:
        edges = np.array(spans, np.int64)
        np.add.at(steps, edges[:, 0] + 1, 1)
        np.add.at(steps, edges[:, 1], -1)
    begins = start + np.flatnonzero(np.cumsum(steps[:-1]) == 0)
    return begins, np.append(begins[1:], start + len(written)) if len(begins) else begins


def _in_feed(payload: str, content: str) -> Inside | None:
    """The one element whose character data is the content; one for the whole text goes before the others."""
    found: list[tuple[bool, Inside]] = []
    for name, pieces in _elements(payload):
        if sum(end - start for start, end, _ in pieces) >= len(content):
            here = _character_data(payload, pieces, content)
            if here is not None:
                found.append((name in CONTENT, here))
    first = [here for is_content, here in found if is_content] or [here for _, here in found]
    return first[0] if len(first) == 1 else None


def _elements(payload: str) -> Iterator[tuple[str, list[tuple[int, int, bool]]]]:
    """The character data between two tags: the name of the tag before it, and its pieces (start, end, is CDATA)."""
    name, pieces, at = "", list[tuple[int, int, bool]](), 0
    while at < len(payload):
        opening = payload.find("<", at)
        opening = len(payload) if opening < 0 else opening
        if opening > at:
            pieces.append((at, opening, False))
        if opening == len(payload):
            break
        if payload.startswith(CDATA, opening):
            end = payload.find(CDATA_END, opening)
            end = len(payload) if end < 0 else end
            pieces.append((opening + len(CDATA), end, True))
            at = end + len(CDATA_END)
            continue
        if payload.startswith(COMMENT, opening):
            end = payload.find(COMMENT_END, opening)
            at = len(payload) if end < 0 else end + len(COMMENT_END)
            continue
        if pieces:
            yield name, pieces
            pieces = []
        tag = NAME.match(payload, opening)
        name = tag[1].lower() if tag else ""
        end = payload.find(">", opening)
        at = len(payload) if end < 0 else end + 1
    if pieces:
        yield name, pieces


def _character_data(payload: str, pieces: Sequence[tuple[int, int, bool]], content: str) -> Inside | None:
    values, begins, ends = [], [], []
    for start, end, is_cdata in pieces:
        written = payload[start:end]
        spans = [(at, at + 2) for at in _pairs(written)]
        value = written
        if not is_cdata and "&" in written:
            entities = [match.span() for match in ENTITY.finditer(written) if html.unescape(match[0]) != match[0]]
            spans = sorted([*spans, *entities])
            value = html.unescape(written)
        here = _spelled(written, start, spans)
        value = value.replace("\r\n", "\n")
        if len(value) != len(here[0]):
            return None  # an entity that is more than one code point
        values.append(value)
        begins.append(here[0])
        ends.append(here[1])
    value = "".join(values).replace("\r", "\n")
    if value.strip() != content:
        return None
    lead = len(value) - len(value.lstrip())
    part = slice(lead, lead + len(content))
    return Inside(np.concatenate(begins)[part], np.concatenate(ends)[part])


def _pairs(written: str) -> list[int]:
    """Where line ends of two characters are, which XML reads as one."""
    return [match.start() for match in re.finditer("\r\n", written)] if "\r" in written else []
