"""A walk over raw/ that shares no code with ingest, so that what ingest overlooks is missed by somebody."""

from __future__ import annotations

import os
from pathlib import Path

from corpus.errors import ProjectError


def inventory(raw: Path) -> frozenset[str]:
    """The raw path of every place below `raw` that is not a folder, and of folders that can't be listed.

    Hidden files, links (never followed), pipes and sockets included. Names are escaped as the ledger's are: bytes that
    are no UTF-8, control characters, an exclamation mark that ends a folder's name, and a backslash that would read
    like an escape, as `\\xHH`. Raises ProjectError where `raw` is no folder.
    """
    if not raw.is_dir():
        raise ProjectError("there is no such folder", where=str(raw), mend="make it and put articles into it")
    top = os.fsencode(raw)
    found: set[bytes] = set()

    def unlisted(error: OSError) -> None:
        found.add(os.fsencode(os.path.relpath(os.fsencode(error.filename), top)))

    for folder, folders, files in os.walk(top, onerror=unlisted):
        linked = [name for name in folders if os.path.islink(os.path.join(folder, name))]  # noqa: PTH114, PTH118  # bytes
        for name in [*files, *linked]:
            found.add(os.path.relpath(os.path.join(folder, name), top))  # noqa: PTH118  # names are bytes here
    return frozenset(_escaped(name) for name in found)


def _escaped(name: bytes) -> str:
    """The raw path as the ledger writes it."""
    text = name.decode("utf-8", "surrogateescape")
    return "".join(_character(text, at) for at in range(len(text)))


def _character(text: str, at: int) -> str:
    point = ord(text[at])
    if 0xDC80 <= point <= 0xDCFF:  # a byte that is no UTF-8
        return f"\\x{point - 0xDC00:02x}"
    if point < 0x20 or point == 0x7F or text[at : at + 2] == "!/" or (text[at] == "\\" and _reads_as_escape(text, at)):
        return f"\\x{point:02x}"
    return text[at]


def _reads_as_escape(text: str, at: int) -> bool:
    digits = text[at + 2 : at + 4]
    return text[at + 1 : at + 2] == "x" and len(digits) == 2 and all(d in "0123456789abcdef" for d in digits)
