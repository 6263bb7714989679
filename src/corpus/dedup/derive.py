"""Rows of `derivations`: what each article comes from."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpus.dedup.changes import changes
from corpus.dedup.contain import Contained
from corpus.dedup.decision import KEPT_FOR, OTHERWISE, Decision, kept_for
from corpus.dedup.passages import passages
from corpus.dedup.sets import ONE
from corpus.dedup.standing import METHODS, NEAR, REVISION, RULES, SHORTER
from corpus.dedup.survivor import Taken
from corpus.dedup.syndicate import syndications
from corpus.dedup.work import Work
from corpus.working import DERIVED

Ints = npt.NDArray[np.int64]
Span = tuple[int, int]
AS_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False)
TEXTS_AT_ONCE, ROWS_AT_ONCE = 20_000, 4_096
PAIRS_AT_ONCE = 256
"""Pairs whose passages are looked for at once, so that their texts stay near the processor."""
CHANGES_SHOWN, CHARS_SHOWN = 10, 300
"""Of a revision: changes listed, and characters of each side."""


@dataclass(frozen=True)
class Derivation:
    """A row of `derivations`: records by number, similarity in ten-thousandths, spans in code points."""

    article: int
    source: int | None
    kind: str
    method: str
    evidence: dict[str, object]
    similarity: int | None = None
    span: Span | None = None
    from_span: Span | None = None


def derived_table(work: Work, decision: Decision, taken: Taken, contained: Contained) -> pa.Table:
    """All derivations that `dedup` found, ordered by article, kind, source and evidence."""
    found = itertools.chain(
        _of_duplicates(work, decision, taken),
        _of_contained(work, contained),
        (
            Derivation(made.article, made.source, "syndicates", "canonical_url", {"canonical_url": made.url})
            for made in syndications(work.keys, work.corpus.row, decision)
        ),
    )
    articles = pa.array(decision.article, pa.string())
    tables = [DERIVED.empty_table()]
    while part := list(itertools.islice(found, ROWS_AT_ONCE)):
        tables.append(_rows(work, part, articles))
    order = [(name, "ascending") for name in ("article_id", "kind", "from_record_id", "evidence")]
    return pa.concat_tables(tables).combine_chunks().sort_by(order)


def _rows(work: Work, found: list[Derivation], articles: pa.Array) -> pa.Table:
    """The rows of some derivations; `articles`: the article id of each record."""
    spans = [(d.span or (None, None)) + (d.from_span or (None, None)) for d in found]
    source = pa.array([d.source for d in found], pa.int64())
    columns = {
        "article_id": articles.take(pa.array([d.article for d in found], pa.int64())),
        "from_article_id": articles.take(source),
        "from_record_id": work.keys["record_id"].take(pa.array(work.corpus.row).take(source)),
        "kind": [d.kind for d in found],
        "similarity": [None if d.similarity is None else d.similarity / ONE for d in found],
        "start_char": [span[0] for span in spans],
        "end_char": [span[1] for span in spans],
        "from_start_char": [span[2] for span in spans],
        "from_end_char": [span[3] for span in spans],
        "evidence": [AS_JSON.encode(d.evidence) if d.evidence else "{}" for d in found],
        "method": [d.method for d in found],
    }
    return pa.table([columns[name] for name in DERIVED.names], schema=DERIVED)


def _of_duplicates(work: Work, decision: Decision, taken: Taken) -> Iterator[Derivation]:
    """A row for each record that was folded, or is published with a mark, below the article that was kept."""
    standing = work.standing
    record_id = work.keys["record_id"]
    revised, spans = _revisions(work, decision), _spans_of_shorter(work, decision)
    sizes = np.bincount(standing.parent[standing.why == NEAR], minlength=len(work.corpus)) + 1
    records = np.flatnonzero(decision.derives)
    kept, link, rule = decision.kept[records], decision.link[records], decision.rule[records]
    parts = np.where(rule <= NEAR, kept_for(work.corpus, kept, records), OTHERWISE)
    between = np.where(link != records, link, standing.parent[link])
    through = record_id.take(pa.array(work.corpus.row[between], mask=between == kept)).to_pylist()
    columns = (
        records, kept, link, rule, parts, decision.similarity[records], standing.how[link], standing.held[link],
        sizes[kept], standing.weakest[kept], standing.lowest[kept],
    )  # fmt: skip
    rows = zip(*(column.tolist() for column in columns), through, strict=True)
    for record, article, joined, why, part, near, how, held, size, weakest, lowest, via in rows:
        kind, similarity = RULES[why], near
        evidence: dict[str, object] = {"kept_for": KEPT_FOR[part]} if part != OTHERWISE else {}
        if why == NEAR:
            evidence["cluster_size"] = size
            evidence["weakest_edge"] = weakest / ONE
            evidence["lowest_similarity"] = lowest / ONE
        elif why == REVISION:
            kind, evidence["changes"] = "revises", revised[joined]
        elif why == SHORTER:
            evidence["rule"] = RULES[why]
            enough = held >= work.levels.version_contained
            kind, similarity = ("contains", held) if enough else ("near_duplicate", near)
        if via is not None:
            evidence["through"] = via
        if record in taken.given:
            evidence["taken_over"] = taken.given[record]
        span, from_span = spans.get(record, (None, None)) if kind == "contains" else (None, None)
        yield Derivation(article, record, kind, METHODS[how], evidence, similarity, span, from_span)


def _spans_of_shorter(work: Work, decision: Decision) -> dict[int, tuple[Span | None, Span | None]]:
    """For each shorter version: the passage that the article kept has of it, and where that is in it."""
    records = np.flatnonzero(decision.derives & (decision.rule == SHORTER))
    return dict(zip(records.tolist(), _passages(work, decision.kept[records], records), strict=True))


def _passages(work: Work, holding: Ints, held: Ints) -> Iterator[tuple[Span | None, Span | None]]:
    """For each pair of records the passage that they share: its span in either text, None where there is none."""
    for first in range(0, len(holding), TEXTS_AT_ONCE):
        pair = np.stack([holding, held])[:, first : first + TEXTS_AT_ONCE]
        records, both = np.unique(pair, return_inverse=True)
        texts = work.wide.columns(records, ["text"])["text"].combine_chunks()
        for start in range(0, pair.shape[1], PAIRS_AT_ONCE):
            chosen, ends = np.unique(both.reshape(2, -1)[:, start : start + PAIRS_AT_ONCE], return_inverse=True)
            near = texts.take(pa.array(chosen))
            for begin, end, from_begin, from_end in passages(near, *ends.reshape(2, -1)).tolist():
                yield ((begin, end), (from_begin, from_end)) if begin < end else (None, None)


def _revisions(work: Work, decision: Decision) -> dict[int, list[dict[str, str]]]:
    """For each link of a revision: what changed towards the newer version."""
    links = np.unique(decision.link[np.flatnonzero(decision.derives & (decision.rule == REVISION))])
    found: dict[int, list[dict[str, str]]] = {}
    for first in range(0, len(links), TEXTS_AT_ONCE):
        part = links[first : first + TEXTS_AT_ONCE]
        texts = work.wide.texts(np.unique(np.concatenate([part, work.standing.parent[part]])))
        for link in part.tolist():
            made = changes(texts[link], texts[int(work.standing.parent[link])])[:CHANGES_SHOWN]
            found[link] = [{"after": c.after[:CHARS_SHOWN], "before": c.before[:CHARS_SHOWN]} for c in made]
    return found


def _of_contained(work: Work, contained: Contained) -> Iterator[Derivation]:
    """A row for each article that holds another, with both spans."""
    c = contained
    columns = (c.longer, c.shorter, c.outer, c.inner, c.share, c.similarity)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    spans = _passages(work, contained.longer, contained.shorter)
    for (longer, shorter, outer, inner, share, similarity), (span, from_span) in zip(rows, spans, strict=True):
        evidence: dict[str, object] = {"jaccard": similarity / ONE}
        for name, record in (("holding_record", outer), ("held_record", inner)):
            if record not in (longer, shorter):
                evidence[name] = work.keys["record_id"][int(work.corpus.row[record])].as_py()
        yield Derivation(longer, shorter, "contains", "winnowing_containment", evidence, share, span, from_span)
