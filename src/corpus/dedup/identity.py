"""Which article a record is: its own id within its source, else its own canonical URL, else its payload's digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.narrow import codes, flags, paired

Ints = npt.NDArray[np.int64]
OWN_ID, CANONICAL, PAYLOAD = 0, 1, 2
KINDS = ("id", "url", "sha256")


@dataclass(frozen=True)
class Identities:
    """For each record, in the order of record ids: `kind` of its identity and `group`, equal for equal identities."""

    keys: pa.Table
    row: Ints
    kind: Ints
    group: Ints

    def article_ids(self, records: Ints, kinds: Ints) -> list[str]:
        """The article ids of `records`, taking for each the given kind of identity."""
        found = np.empty(len(records), object)
        for kind, names in enumerate((("source", "own_id"), ("canonical_url",), ("sha256",))):
            at = np.flatnonzero(kinds == kind)
            rows = pa.array(self.row[records[at]])
            columns = [_all_prefixed(self.keys[name].take(rows)) for name in names]
            start = _prefixed(KINDS[kind])
            found[at] = [_named(start + b"".join(parts)) for parts in zip(*columns, strict=True)]
        ids: list[str] = found.tolist()
        return ids

    def payloads(self, records: Ints) -> list[str]:
        """The SHA-256 of each record's payload."""
        digests: list[str] = self.keys["sha256"].take(pa.array(self.row[records])).to_pylist()
        return digests


def identities(keys: pa.Table, row: Ints) -> Identities:
    """The identity of each record of KEYS; `row[i]` is the row of record i."""
    own = codes(keys["own_id"])
    own[np.asarray(pc.fill_null(pc.equal(keys["own_id"], ""), False).to_numpy(), np.bool_)] = -1
    url = np.where(flags(keys["canonical_counts"]), codes(keys["canonical_url"]), -1)
    kind = np.where(own >= 0, OWN_ID, np.where(url >= 0, CANONICAL, PAYLOAD))
    value = np.where(own >= 0, own, np.where(url >= 0, url, codes(keys["sha256"])))
    within = np.where(own >= 0, codes(keys["source"]) + 1, 0)
    return Identities(keys, row, kind[row], paired(paired(kind, within), value)[row])


def article_id(*parts: str) -> str:
    """`a_` and 32 hexadecimal digits: BLAKE2b of the parts, each with its length before it."""
    return _named(b"".join(map(_prefixed, parts)))


def _prefixed(part: str) -> bytes:
    data = part.encode("utf-8", "surrogatepass")
    return len(data).to_bytes(8, "little") + data


def _all_prefixed(parts: pa.ChunkedArray) -> list[bytes]:
    values = parts.cast(pa.binary()).to_pylist()
    lengths = {length: length.to_bytes(8, "little") for length in set(map(len, values))}
    return [lengths[len(value)] + value for value in values]


def _named(whole: bytes) -> str:
    return "a_" + hashlib.blake2b(whole, digest_size=16).hexdigest()
