"""What a content-addressed store need not be sent again: chunks cut by content, as Xet cuts them.

A rolling Gear hash (Xia et al. 2016), 64 KiB on average, 8 KiB at least, 128 KiB at most, as the Xet specification has
them. Where chunks end depends on the hash's table, by three points of reuse either way in a release of some megabytes,
so shares are means over TABLES tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numba
import numpy as np
import numpy.typing as npt

SMALLEST, LARGEST, MASK = 8 * 1024, 128 * 1024, np.uint64(0xFFFF << 48)
TABLES = 4
"""Tables of the Gear hash, each from its own seed."""


@dataclass(frozen=True)
class Reuse:
    """Shares of a release's Parquet bytes that its parent has already: as `chunks`, as hard-`linked` files; `tables`:
    of each table's, as chunks."""

    chunks: float
    linked: float
    tables: Mapping[str, float]


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def cuts(data: npt.NDArray[np.uint8], gear: npt.NDArray[np.uint64], mask: np.uint64) -> npt.NDArray[np.int64]:
    """The ends of the chunks of some bytes."""
    found = np.empty(len(data) // SMALLEST + 2, np.int64)
    count, start, state = 0, 0, np.uint64(0)
    for at in range(len(data)):
        state = (state << np.uint64(1)) + gear[data[at]]
        size = at + 1 - start
        if (size >= SMALLEST and (state & mask) == 0) or size >= LARGEST:
            found[count] = at + 1
            count, start, state = count + 1, at + 1, np.uint64(0)
    if start < len(data):
        found[count] = len(data)
        count += 1
    return found[:count]


def chunks(release: Path, seed: int) -> dict[str, dict[bytes, int]]:
    """Of each table: the chunks of its files by their hash, with their sizes."""
    gear = np.random.default_rng(seed).integers(0, 2**64, 256, np.uint64)
    found: dict[str, dict[bytes, int]] = {}
    for path in sorted(release.glob("*/*.parquet")):
        data = path.read_bytes()
        start = 0
        for end in cuts(np.frombuffer(data, np.uint8), gear, MASK).tolist():
            found.setdefault(path.parent.name, {})[hashlib.sha256(data[start:end]).digest()] = end - start
            start = end
    return found


def parquet_bytes(release: Path) -> int:
    """Bytes of all Parquet files of a release."""
    return sum(path.stat().st_size for path in release.glob("*/*.parquet"))


def reuse(older: Path, newer: Path) -> Reuse:
    """What of the newer release's Parquet bytes is in the older one."""
    shared: dict[str, float] = {}
    sizes: dict[str, int] = {}
    for seed in range(TABLES):
        known = {key for table in chunks(older, seed).values() for key in table}
        for name, table in chunks(newer, seed).items():
            sizes[name] = sum(table.values())
            shared[name] = shared.get(name, 0) + sum(size for key, size in table.items() if key in known) / TABLES
    total = sum(sizes.values())
    linked = sum(path.stat().st_size for path in newer.glob("*/*.parquet") if path.stat().st_nlink > 1)
    return Reuse(sum(shared.values()) / total, linked / total, {name: shared[name] / sizes[name] for name in sizes})
