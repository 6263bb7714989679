"""How a text with markup begins: enough to tell a web page from a feed, other XML and plain text."""

from __future__ import annotations

import re
from typing import NamedTuple

from corpus.ingest.formats import FRAGMENT_ELEMENTS, PAGE_ELEMENTS

_NAME = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s/>])")
_DOCTYPE = re.compile(rb"<!doctype\s+([\w.:-]+)", re.IGNORECASE)
_SPACE = b" \t\r\n\f"
_SKIPPED = ((b"<?", b"?>"), (b"<!--", b"-->"))


class Opening(NamedTuple):
    """The declared document type and the first element, in lower case (None where there is none), and XML or not."""

    doctype: str | None
    element: str | None
    xml: bool


def opening(data: bytes) -> Opening:
    """What a text begins with, past white space, declarations, instructions and comments."""
    at, xml, doctype = _past(data, 0), False, None
    while data.startswith(b"<", at):
        if closing := next((end for start, end in _SKIPPED if data.startswith(start, at)), None):
            xml = xml or data.startswith(b"<?xml", at)
            at = data.find(closing, at)
        elif named := _DOCTYPE.match(data, at):
            doctype, closing = named[1].decode("latin-1").lower(), b">"
            inner, at = data.find(b"[", at), data.find(b">", at)
            if 0 <= inner < at:  # an internal subset holds declarations of its own
                at = data.find(b">", data.find(b"]", inner))
        else:
            element = _NAME.match(data, at)
            return Opening(doctype, element[1].decode("latin-1").lower() if element else None, xml)
        if at < 0:
            break
        at = _past(data, at + len(closing))
    return Opening(doctype, None, xml)


def is_page(first: Opening) -> bool:
    """A whole page of HTML or XHTML."""
    return "html" in (first.doctype, first.element) or (not first.xml and first.element in PAGE_ELEMENTS)


def is_fragment(first: Opening) -> bool:
    """A piece of HTML, as articles are stored in fields."""
    return not first.xml and first.element in FRAGMENT_ELEMENTS


def _past(data: bytes, at: int) -> int:
    if at == 0 and data.startswith(b"\xef\xbb\xbf"):
        at = 3
    end = len(data)
    while at < end and data[at] in _SPACE:
        at += 1
    return at
