"""formats.toml, read once: magic numbers, suffixes, usual field names, transient errors."""

from __future__ import annotations

import errno
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_PRINTABLE = re.compile(rb"[ -~]*")
SHORT_MAGIC = 5  # a printable magic number below this length can begin a text ("OTTO"), so it needs a second sign


@dataclass(frozen=True)
class Magic:
    """Magic numbers of several kinds in one expression; `match` names the kind that a head begins with."""

    pattern: re.Pattern[bytes]
    kinds: tuple[str, ...]
    weak: frozenset[int]

    def match(self, head: bytes) -> tuple[str, bool] | None:
        """The kind, and whether its magic number is proof by itself."""
        found = self.pattern.match(head)
        if found is None or found.lastindex is None:
            return None
        number = found.lastindex - 1
        return self.kinds[number], number not in self.weak


def magic(table: Mapping[str, list[str]]) -> Magic:
    """Compile a table of kind -> hexadecimal magic numbers: `?` is any digit, `offset:` comes first."""
    kinds: list[str] = []
    parts: list[bytes] = []
    weak: set[int] = set()
    for kind, numbers in table.items():
        for number in numbers:
            offset, _, digits = number.rpartition(":")
            body = b"".join(_byte(digits[i : i + 2]) for i in range(0, len(digits), 2))
            if "?" not in digits and not offset:
                plain = bytes.fromhex(digits)
                if len(plain) < SHORT_MAGIC and _PRINTABLE.fullmatch(plain):
                    weak.add(len(kinds))
            parts.append(b"(" + b".{%d}" % int(offset or 0) + body + b")")
            kinds.append(kind)
    return Magic(re.compile(b"|".join(parts), re.DOTALL), tuple(kinds), frozenset(weak))


def _byte(digits: str) -> bytes:
    if digits == "??":
        return b"."
    if "?" not in digits:
        return re.escape(bytes.fromhex(digits))
    values = [value for value in range(256) if all(d in ("?", x) for d, x in zip(digits, f"{value:02x}", strict=True))]
    return b"[" + b"".join(b"\\x%02x" % value for value in values) + b"]"


_DATA: dict[str, Any] = tomllib.loads(files("corpus.ingest").joinpath("formats.toml").read_text(encoding="utf-8"))

COMPRESSION = magic({name: kind["magic"] for name, kind in _DATA["compression"].items()})
COMPRESSION_SUFFIXES = tuple(suffix for kind in _DATA["compression"].values() for suffix in kind["suffixes"])
BINARY = magic(_DATA["binary"])
SUFFIXES: Mapping[str, frozenset[str]] = {kind: frozenset(names) for kind, names in _DATA["suffixes"].items()}
UNSUPPORTED = magic(_DATA["unsupported"]["magic"])
UNSUPPORTED_SUFFIXES: Mapping[str, str] = _DATA["unsupported"]["suffixes"]

HEAD_BYTES: int = _DATA["text"]["head_bytes"]
CONTROLS = bytes(sorted({*range(32), 127} - set(_DATA["text"]["allowed_controls"])))
MIN_NUL_SHARE: float = _DATA["text"]["min_nul_share"]
MAX_STRAY_NUL_SHARE: float = _DATA["text"]["max_stray_nul_share"]

PAGE_ELEMENTS = frozenset(_DATA["markup"]["page"])
FRAGMENT_ELEMENTS = frozenset(_DATA["markup"]["fragment"])
FEEDS: Mapping[str, str] = _DATA["markup"]["feeds"]
ENTRIES = frozenset(_DATA["markup"]["entries"])
PEOPLE: tuple[str, ...] = tuple(_DATA["markup"]["people"])
MAX_PEOPLE_BYTES: int = _DATA["markup"]["max_people_bytes"]

USUAL_FIELDS: Mapping[str, tuple[str, ...]] = {name: tuple(usual) for name, usual in _DATA["fields"].items()}
MAX_JSON_DEPTH: int = _DATA["json"]["max_depth"]

DOCUMENT_MEMBERS = tuple(name.encode() for name in _DATA["archives"]["document_members"])
DOCUMENT_SUFFIXES: Mapping[str, str] = _DATA["archives"]["document_suffixes"]
WACZ_MARKERS = tuple(str(name) for name in _DATA["archives"]["wacz_markers"])
WACZ_ARCHIVE: str = _DATA["archives"]["wacz_archive"]
WACZ_WARC: str = _DATA["archives"]["wacz_warc"]
HTTP_STATUSES = frozenset(_DATA["http"]["statuses"])
KEPT_HEADERS = frozenset(_DATA["http"]["kept"])
KEPT_LINES: int = _DATA["http"]["kept_lines"]
KEPT_CHARS: int = _DATA["http"]["kept_chars"]
WARC_READ = frozenset(_DATA["warc"]["read"])
WARC_FATED = frozenset(_DATA["warc"]["fated"])

TRANSIENT_ERRORS = frozenset(getattr(errno, name) for name in _DATA["errors"]["transient"] if hasattr(errno, name))
