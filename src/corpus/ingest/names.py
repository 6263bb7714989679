"""File names as the ledger prints them, and back.

A name that is not UTF-8 can't stand in Arrow, and one with control characters can't be printed safely. Such bytes are
written `\\xHH`, as Python's backslashreplace has it; `!` at a folder's end too, since `!/` divides an archive from its
member. A backslash that would read like an escape is one itself, so that the way back is exact.
"""

from __future__ import annotations

import os
import re

MEMBER = "!/"
_UNSAFE = re.compile(rb"[\x00-\x1f\x7f]|\\(?=x[0-9a-f]{2})|!(?=/)")
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")


def printable(relative: str) -> str:
    """A path below raw/, as the system gives it (surrogateescape), in the form of `raw_path`."""
    if relative.isascii() and relative.isprintable() and "\\" not in relative and MEMBER not in relative:
        return relative
    name = _UNSAFE.sub(lambda found: b"\\x%02x" % found[0][0], os.fsencode(relative))
    return name.decode("utf-8", "backslashreplace")


def system_path(raw_path: str) -> str:
    """The path below raw/ of the file that holds `raw_path`: the inverse of `printable`, without the member."""
    name = raw_path.split(MEMBER, 1)[0].encode("utf-8")
    return os.fsdecode(_ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode("ascii")), name))
