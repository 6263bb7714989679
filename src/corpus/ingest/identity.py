"""`identify`: the ids of a file's records, from what they are and never from where they stand."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b

import pyarrow as pa


def identify(inputs: pa.Table) -> pa.Array:
    """A `record_id` for each row of ONE file's records (working.INPUTS), in the rows' order.

    The id comes from the raw path (with its member) and the record's own id, with the payload's sha256 where the file
    has that own id more than once; without one, from the payload's sha256; without bytes, from the rule that decided
    its fate. An ordinal tells apart rows that are equal in all that, in the order of `entry`.
    """
    paths, own_ids, digests, entries = (
        inputs.column(name).to_pylist() for name in ("raw_path", "own_id", "sha256", "entry")
    )
    rules = [None] * len(paths) if None not in digests else [_rule(row) for row in inputs.column("reasons").to_pylist()]
    times = Counter((path, own) for path, own in zip(paths, own_ids, strict=True) if own is not None)
    ids = [""] * len(paths)
    seen: Counter[tuple[str, ...]] = Counter()
    for row in sorted(range(len(paths)), key=entries.__getitem__):
        path, own = paths[row], own_ids[row]
        content = ("payload", digests[row]) if digests[row] is not None else ("rule", rules[row] or "")
        if own is None:
            key = (path, *content)
        elif times[path, own] == 1:
            key = (path, "own_id", own)
        else:
            key = (path, "own_id", own, *content)
        ids[row] = _digest(*key, str(seen[key]))
        seen[key] += 1
    return pa.array(ids, pa.string())


def _rule(reasons: list[dict[str, str]] | None) -> str | None:
    return reasons[0]["rule"] if reasons else None


def _digest(*parts: str) -> str:
    """BLAKE2b (RFC 7693) of the parts, each behind its length, so that no two lists of parts are one string."""
    digest = blake2b(digest_size=16, person=b"corpus.record")
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return f"r_{digest.hexdigest()}"
