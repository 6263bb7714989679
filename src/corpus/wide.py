"""UTF-16 without a byte order mark, in any script."""

from __future__ import annotations

import unicodedata

CONTROLS = bytes({*range(0x20)} - set(b"\t\n\v\f\r\x1a\x1b"))
COMMON = frozenset(" \n\r\t,.0123456789、。،।")
"""Characters that are frequent in every script; with their bytes swapped they are rare ones."""
COMMON_SHARE = 0.01  # of a text's characters
NOT_SWAPPED = 4  # times as many common characters as the other byte order gives
UNUSED_SHARE = 0.01  # characters that Unicode gives no meaning, above which a decoding is no text


def unmarked(sample: bytes) -> str | None:
    """The byte order of UTF-16 in which a text begins, by the white space, stops and figures that one order gives.

    None where neither gives a text. Texts in other encodings hold no control characters.
    """
    sample = sample[: len(sample) // 2 * 2]
    if len(sample) - len(sample.translate(None, CONTROLS)) < COMMON_SHARE * len(sample) / 2:
        return None
    common = {encoding: _common(sample, encoding) for encoding in ("utf-16-le", "utf-16-be")}
    (best, most), (_, least) = sorted(common.items(), key=lambda item: -item[1])
    return best if most >= COMMON_SHARE * len(sample) / 2 and most >= NOT_SWAPPED * least and most else None


def _common(sample: bytes, encoding: str) -> int:
    """How many common characters the bytes hold in an encoding; 0 where they are no text in it."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 2:  # the sample's end may part a pair of surrogates
            return 0
        text = sample[: error.start].decode(encoding)
    unused = sum(unicodedata.category(char) in {"Cn", "Co", "Cc"} and char not in COMMON for char in text)
    return sum(char in COMMON for char in text) if unused <= UNUSED_SHARE * len(text) else 0
