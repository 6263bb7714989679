"""Rows of `derivations`: what each article comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus.dedup.changes import changes
from corpus.dedup.contain import Contained
from corpus.dedup.decision import Decision
from corpus.dedup.sets import ONE
from corpus.dedup.spans import Words
from corpus.dedup.standing import METHODS, NEAR, REVISION, RULES, SHORTER, Standing
from corpus.dedup.versions import ten_thousandths
from corpus.dedup.wide import Wide
from corpus.settings import Dedup
from corpus.working import DERIVED

Ints = npt.NDArray[np.int64]
TEXTS_AT_ONCE = 20_000
CHANGES_SHOWN, CHARS_SHOWN = 10, 300
"""Of a revision: changes listed, and characters of each side."""


@dataclass(frozen=True)
class Names:
    """Record ids and article ids, by place in the order of record ids."""

    record: list[str]
    article: list[str | None]


def evidence(**parts: object) -> str:
    """JSON text with sorted keys."""
    return json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def table_of(rows: list[dict[str, object]]) -> pa.Table:
    """Rows of `derivations`; columns that a row does not give are null."""
    return pa.Table.from_pylist(rows, schema=DERIVED)


def of_duplicates(
    decision: Decision, standing: Standing, names: Names, given: Mapping[int, list[str]], revised: Mapping[int, str],
    settings: Dedup,
) -> list[dict[str, object]]:  # fmt: skip
    """A row for each record that was folded, or is published with a mark, below the article that was kept."""
    held_enough = ten_thousandths(settings.version_containment)
    sizes = np.bincount(standing.parent[standing.why == NEAR], minlength=len(standing.parent)) + 1
    rows: list[dict[str, object]] = []
    for record in np.flatnonzero(decision.derives).tolist():
        kept, link = int(decision.kept[record]), int(decision.link[record])
        rule, similarity = int(decision.rule[record]), int(decision.similarity[record])
        kind = RULES[rule]
        found: dict[str, object] = {}
        if rule == NEAR:
            found |= {
                "cluster_size": int(sizes[kept]),
                "weakest_edge": standing.weakest[kept] / ONE,
                "lowest_similarity": standing.lowest[kept] / ONE,
            }
        elif rule == REVISION:
            kind = "revises"
            found["changes"] = json.loads(revised.get(link, "[]"))
        elif rule == SHORTER:
            held = int(standing.held[link])
            kind = "contains" if held >= held_enough else "near_duplicate"
            similarity = held if kind == "contains" else similarity
            found["rule"] = RULES[rule]
        if standing.parent[link] != kept or link != record:
            found["through"] = names.record[int(standing.parent[link])] if link == record else names.record[link]
        if record in given:
            found["taken_over"] = {"columns": given[record], "record_id": names.record[record]}
        rows.append(
            {
                "article_id": names.article[kept],
                "from_article_id": names.article[record],
                "from_record_id": names.record[record],
                "kind": kind,
                "similarity": similarity / ONE,
                "evidence": evidence(**found),
                "method": METHODS[int(standing.how[link])],
            }
        )
    return rows


def revisions(decision: Decision, standing: Standing, wide: Wide) -> dict[int, str]:
    """For each link of a revision: what changed towards the newer version, as a JSON list."""
    links = np.unique(decision.link[np.flatnonzero(decision.derives & (decision.rule == REVISION))])
    found: dict[int, str] = {}
    for first in range(0, len(links), TEXTS_AT_ONCE):
        part = links[first : first + TEXTS_AT_ONCE]
        texts = texts_of(wide, np.unique(np.concatenate([part, standing.parent[part]])))
        for link in part.tolist():
            made = changes(texts[link], texts[int(standing.parent[link])])
            shown = [
                {"after": change.after[:CHARS_SHOWN], "before": change.before[:CHARS_SHOWN]}
                for change in made[:CHANGES_SHOWN]
            ]
            found[link] = json.dumps(shown, ensure_ascii=False)
    return found


def texts_of(wide: Wide, records: Ints) -> dict[int, str]:
    """The texts of some records."""
    values = wide.columns(records, ["text"])["text"].to_pylist()
    return {record: text or "" for record, text in zip(records.tolist(), values, strict=True)}


def of_contained(contained: Contained, names: Names, wide: Wide) -> list[dict[str, object]]:
    """A row for each article that holds another, with both spans."""
    rows: list[dict[str, object]] = []
    for first in range(0, len(contained.longer), TEXTS_AT_ONCE):
        part = slice(first, first + TEXTS_AT_ONCE)
        longer, shorter = contained.longer[part], contained.shorter[part]
        texts = texts_of(wide, np.unique(np.concatenate([longer, shorter])))
        words = {record: Words.of(text) for record, text in texts.items()}
        for k, (outer, inner) in enumerate(zip(longer.tolist(), shorter.tolist(), strict=True)):
            start, end = words[outer].passage(words[inner])
            from_start, from_end = words[inner].passage(words[outer])
            found: dict[str, object] = {"jaccard": int(contained.similarity[first + k]) / ONE}
            for name, record in (("held_record", contained.inner), ("holding_record", contained.outer)):
                if int(record[first + k]) not in (outer, inner):
                    found[name] = names.record[int(record[first + k])]
            rows.append(
                {
                    "article_id": names.article[outer],
                    "from_article_id": names.article[inner],
                    "from_record_id": names.record[inner],
                    "kind": "contains",
                    "similarity": int(contained.share[first + k]) / ONE,
                    "start_char": start,
                    "end_char": end,
                    "from_start_char": from_start,
                    "from_end_char": from_end,
                    "evidence": evidence(**found),
                    "method": "winnowing_containment",
                }
            )
    return rows


def of_syndication(keys: pa.Table, row: Ints, decision: Decision, names: Names) -> list[dict[str, object]]:
    """A row for each published article whose canonical URL lies on another host; its source is null if not in the corpus."""
    foreign = pc.and_(keys["canonical_url"].is_valid(), pc.invert(pc.fill_null(keys["canonical_counts"], False)))
    published = np.flatnonzero(decision.published & np.asarray(foreign.to_numpy(), np.bool_)[row])
    if not len(published):
        return []
    holders: dict[str, int] = {}
    owned = pc.fill_null(keys["canonical_counts"], False).to_pylist()
    urls, canonicals = keys["url"].to_pylist(), keys["canonical_url"].to_pylist()
    for record in range(len(row) - 1, -1, -1):
        at = int(row[record])
        for url in (urls[at], canonicals[at] if owned[at] else None):
            if url:
                holders[url] = record
    hosts = keys["host"].to_pylist()
    rows: list[dict[str, object]] = []
    for record in published.tolist():
        at = int(row[record])
        url = canonicals[at]
        host, path = _host_and_path(url)
        if host in (None, hosts[at]) or path in ("", "/"):
            continue
        held = holders.get(url)
        source = None if held is None else held if decision.published[held] else int(decision.kept[held])
        if source == record:
            continue
        rows.append(
            {
                "article_id": names.article[record],
                "from_article_id": None if source is None else names.article[source],
                "from_record_id": None if held is None else names.record[held],
                "kind": "syndicates",
                "evidence": evidence(canonical_url=url),
                "method": "canonical_url",
            }
        )
    return rows


def _host_and_path(url: str) -> tuple[str | None, str]:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www.") or None, parts.path
    except ValueError:
        return None, ""
