"""Articles that name an address on another host as their canonical one: syndicated from there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.decision import Decision
from corpus.dedup.narrow import flags

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Syndication:
    """`article`: the published record; `source`: the record that has that address, None where the corpus lacks it."""

    article: int
    source: int | None
    url: str


def syndications(keys: pa.Table, row: Ints, decision: Decision) -> list[Syndication]:
    """The published articles of KEYS whose canonical URL lies on another host; `row[i]` is the row of record i."""
    owned = flags(keys["canonical_counts"])[row]
    foreign = keys["canonical_url"].is_valid().to_numpy()[row] & ~owned & decision.published
    if not foreign.any():
        return []
    order = pa.array(row)
    canonicals, hosts = keys["canonical_url"].take(order).to_pylist(), keys["host"].take(order).to_pylist()
    wanted = {record: canonicals[record] for record in np.flatnonzero(foreign).tolist()}
    wanted = {record: url for record, url in wanted.items() if is_elsewhere(url, hosts[record])}
    addresses = set(wanted.values())
    holders: dict[str, int] = {}
    for record, url in enumerate(keys["url"].take(order).to_pylist()):
        for address in (canonicals[record] if owned[record] else None, url):
            if address is not None and address in addresses:
                holders.setdefault(address, record)
    found = [Syndication(record, holders.get(url), url) for record, url in wanted.items()]
    return [made for made in found if made.source is None or _published(made.source, decision) != made.article]


def _published(record: int, decision: Decision) -> int:
    return record if decision.published[record] else int(decision.kept[record])


def is_elsewhere(url: str, host: str | None) -> bool:
    """Whether an address names a page on a host other than `host`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    named = (parts.hostname or "").removeprefix("www.")
    return named not in ("", host) and parts.path not in ("", "/")
