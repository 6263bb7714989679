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


@dataclass(frozen=True)
class Identities:
    """For each record, in the order of record ids: `kind` of its identity and `group`, equal for equal identities."""

    keys: pa.Table
    row: Ints
    kind: Ints
    group: Ints

    def parts(self, records: Ints, kinds: Ints) -> list[tuple[str, ...]]:
        """What the article ids of `records` are made from, taking for each the given kind of identity."""
        rows = pa.array(self.row[records])
        names = ("source", "own_id", "canonical_url", "sha256")
        source, own, url, sha = (self.keys[name].take(rows).to_pylist() for name in names)
        return [
            ("id", s, o) if k == OWN_ID else ("url", u) if k == CANONICAL else ("sha256", d)
            for k, s, o, u, d in zip(kinds.tolist(), source, own, url, sha, strict=True)
        ]

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
    """`a_` and 32 hexadecimal digits: BLAKE2b of the length-prefixed parts."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "little") + data)
    return f"a_{state.hexdigest()}"
