"""Documents in UTF-16 and UTF-32 as one byte a unit, in which a scan for ASCII signs finds their places."""

from __future__ import annotations

import numpy as np

_UNITS = {"utf-16-le": "<u2", "utf-16-be": ">u2", "utf-32-le": "<u4", "utf-32-be": ">u4"}
_BEYOND = np.array([0xD6 if unit == 0xD7 else 0xF6 if unit == 0xF7 else unit for unit in range(0xC0, 0x100)], np.uint8)
"""What stands for units beyond ASCII: Latin-1's letters, without × and ÷, so that names in XML stay names."""


def width_of(encoding: str | None) -> int:
    """The bytes of a unit; 1 for a superset of ASCII (None)."""
    return np.dtype(_UNITS[encoding]).itemsize if encoding else 1


def narrowed(data: bytes, encoding: str | None) -> bytes:
    """A byte for each whole unit: the `n`-th one is at the bytes from `n` × `width_of(encoding)` on."""
    if encoding is None:
        return data
    units = np.frombuffer(data, _UNITS[encoding], len(data) // width_of(encoding))
    return bytes(np.where(units < 0x80, units, _BEYOND[units & 0x3F]).astype(np.uint8))
