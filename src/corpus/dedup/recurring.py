"""Which lines recur on their host, counted for some lines alone where only some articles have changed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from corpus.dedup.given import Samples
from corpus.dedup.link_kernels import bloom_of
from corpus.dedup.recount_kernels import gather_lines

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


def lines_of(paragraphs: Iterable[Samples], host: Hashes, lines: Hashes | None = None) -> tuple[Hashes, Ints]:
    """The lines of some records (hashes of their paragraphs' words) as hashes of host and line, and whose each is.

    `host`: a hash of each record's, 0 where not known (none of its lines is one); `lines`: of these alone (sorted).
    """
    wanted = np.empty(0, np.uint64) if lines is None else lines
    bloom, found, owners = bloom_of(wanted), [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for some in paragraphs:
        line, owner = np.empty(len(some.values), np.uint64), np.empty(len(some.values), np.int64)
        n = gather_lines(some.values, some.bounds, some.numbers, host, wanted, bloom, lines is None, line, owner)
        found.append(line[:n])
        owners.append(owner[:n])
    return np.concatenate(found), np.concatenate(owners)


def line_keys(host: Hashes, lines: Hashes) -> Hashes:
    """Hashes of host and line."""
    from corpus.dedup.recount_kernels import line_hashes

    return np.asarray(line_hashes(host, lines))


def recurring(line: Hashes, owner: Ints, clusters: Ints, least: int) -> Hashes:
    """The lines (sorted) that stand in at least so many clusters."""
    order = np.lexsort((clusters[owner], line))
    line, cluster = line[order], clusters[owner][order]
    if not len(line):
        return line
    other = np.concatenate([[True], line[1:] != line[:-1]])
    starts = np.flatnonzero(other)
    counts = np.add.reduceat((other | np.concatenate([[True], cluster[1:] != cluster[:-1]])).astype(np.int64), starts)
    return line[starts[counts >= least]]


def among(values: Hashes, lines: Hashes) -> npt.NDArray[np.bool_]:
    """Which values are among `lines` (sorted)."""
    at = np.searchsorted(lines, values)
    if not len(lines):
        return np.zeros(len(values), np.bool_)
    return np.asarray((at < len(lines)) & (lines[np.minimum(at, len(lines) - 1)] == values))
