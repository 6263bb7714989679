"""Citations: links of published articles that point at other articles of the corpus."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from corpus.annotate.addresses import normalised, same_place
from corpus.working import DERIVED, TARGETS

METHOD = "links/same-address 1"


@dataclass(frozen=True)
class Cited:
    """`targets`: working.TARGETS, by address; `derived`: derivations of the kind cites, by article and source."""

    targets: pa.Table
    derived: pa.Table


def cite(citing: pa.Table, addresses: pa.Table) -> Cited:
    """Find which links point at an article of the corpus.

    Two addresses are one place if they are equal but for scheme, www and a final slash, both normalised alike. Where
    several articles claim one address it is that of the smallest article id, canonical addresses before others.

    Args:
        citing: rows of working.CITING, canonical_url normalised as `mark` does.
        addresses: rows of working.ADDRESSES.

    Returns:
        The article of each linked address that has one, and a `cites` derivation for each pair of different articles,
        with the span of the first link (those without a place in the text last) and its address as evidence.
    """
    owner = _owners(addresses)
    linked = pc.unique(citing["canonical_url"]).drop_null().to_pylist()
    found = {url: owner[place] for url in sorted(linked) if (place := same_place(url)) in owner}
    targets = pa.table({"canonical_url": list(found), "article_id": list(found.values())}, schema=TARGETS)
    known = pa.array(list(found), pa.string())
    rows = citing.filter(pc.is_in(citing["canonical_url"], value_set=known)).to_pylist()
    first: dict[tuple[str, str], dict[str, object]] = {}
    for row in sorted(rows, key=_order):
        pair = (row["article_id"], found[row["canonical_url"]])
        if pair[0] != pair[1]:
            first.setdefault(pair, row)
    derived = [
        {
            "article_id": article,
            "from_article_id": source,
            "kind": "cites",
            "start_char": row["start_char"],
            "end_char": row["end_char"],
            "evidence": json.dumps({"url": row["canonical_url"], "section": row["section"]}, ensure_ascii=False),
            "method": METHOD,
        }
        for (article, source), row in sorted(first.items(), key=lambda item: item[0])
    ]
    return Cited(targets, pa.Table.from_pylist(derived, DERIVED))


def _owners(addresses: pa.Table) -> dict[str, str]:
    """Place -> the article that has it."""
    owner: dict[str, str] = {}
    for column in ("canonical_url", "url"):
        pairs = zip(addresses["article_id"].to_pylist(), addresses[column].to_pylist(), strict=True)
        for article, url in sorted((a, u) for a, u in pairs if u):
            if address := normalised(url):
                owner.setdefault(same_place(address), article)
    return owner


def _order(row: dict[str, object]) -> tuple[str, bool, object, object, str, str]:
    start, end = row["start_char"], row["end_char"]
    place = (start is None, start if start is not None else 0, end if end is not None else 0)
    return (str(row["article_id"]), *place, str(row["canonical_url"]), str(row["section"]))
