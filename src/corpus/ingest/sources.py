"""Which [[source]] of corpus.toml a file belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.errors import SettingsError
from corpus.ingest.names import MEMBER
from corpus.sections import Source


def source_of(raw_path: str, sources: Sequence[Source]) -> Source:
    """The last of `sources` whose glob matches `raw_path`, else one named after the first folder (or the file).

    In a glob `*` and `?` stop at `/`, `**` does not, and a final `/` means all that is below. A record inside an
    archive is matched by its own path and by its archive's.
    """
    archive = raw_path.split(MEMBER, 1)[0]
    for source in reversed(sources):
        pattern = glob(source.path)
        if pattern.fullmatch(raw_path) or pattern.fullmatch(archive):
            return source
    return _unnamed(archive.split("/", 1)[0], "/" in archive)


@lru_cache(maxsize=4096)
def _unnamed(name: str, folder: bool) -> Source:
    return Source(path=f"{name}/**" if folder else name, name=name)


@lru_cache(maxsize=1024)
def glob(pattern: str) -> re.Pattern[str]:
    """A path glob as a regular expression (as Python 3.13's `glob.translate`, hidden files included).

    Raises SettingsError where the pattern is none.
    """
    if pattern.endswith("/"):
        pattern += "**"
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[!?\]?[^]/]*\])", pattern.removeprefix("./").removeprefix("/"))
    try:
        return re.compile("".join(_piece(piece) for piece in pieces), re.DOTALL)
    except re.error as error:
        raise SettingsError(
            f"the path {pattern!r} of a [[source]] is no glob: {error.msg}",
            where="corpus.toml",
            mend="write it like news/**/*.html; a literal bracket is [[]",
        ) from error


def _piece(piece: str) -> str:
    fixed = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if piece in fixed:
        return fixed[piece]
    if len(piece) > 2 and piece[0] == "[" and piece[-1] == "]":
        inside = piece[1:-1]
        negated = inside.startswith("!")
        members = re.sub(r"([\\\[\]^&~|])", r"\\\1", inside.removeprefix("!"))
        return f"(?!/)[{'^' if negated else ''}{members}]"
    return re.escape(piece)
