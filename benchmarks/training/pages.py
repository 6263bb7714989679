"""Pages to learn from: walked, measured and labelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from benchmarks.training.kinds import KINDS_ONLY
from benchmarks.training.labels import COVERED, Floats, by_extractors, by_text, tokens
from corpus.clean.body.context import Ints
from corpus.clean.body.features import page_columns
from corpus.clean.body.hints import hints_of
from corpus.clean.body.measures import LOCAL, local_measures
from corpus.clean.body.names import Naming, naming, words_of
from corpus.clean.body.tags import CODES
from corpus.clean.body.walk import outline
from corpus.clean.decode import decode
from corpus.clean.document import Quarantined
from corpus.clean.page import parse, prepared, read_page

BY_HAND = {
    "scrapinghub": 2.0, "wcxb_article": 1.5, "magic_html": 1.2, "readability": 0.7, "wcxb_other": 0.5, "defuddle": 0.5,
}  # fmt: skip
"""Weight of the sets that were labelled by hand or by expectation."""
BY_EXTRACTORS = 0.25
ORIGIN = {"scrapinghub": 0, "wcxb_article": 0, "magic_html": 0, "wcxb_other": 2, "readability": 3, "defuddle": 3}
"""Whose idea of an article a label follows: the second forest is told, and asked for 0 in use; 1: extractors'."""
HEADINGS = frozenset(CODES[f"h{level}"] for level in range(1, 7))
LIMIT = 10**8
PAGE_WEIGHT, LINE_WEIGHT, MOST = 10.0, 2.0, 60.0  # of a page: 10 and 2 for the root of its lines, 60 at most


@dataclass(frozen=True)
class Labelled:
    """A page as columns over its elements and lines; `labels` 1 for article text."""

    collection: str
    host: str
    origin: int
    parent: Ints
    tag: Ints
    flags: Ints
    words: list[set[str]]
    held_by: Ints
    signature: Ints
    local: npt.NDArray[np.float32]
    texts: list[str]
    labels: npt.NDArray[np.int8]
    weights: Floats


def labelled_pages(path: Path) -> Iterator[Labelled]:
    """The pages of a Parquet file (see README.md) that can be labelled, in its order."""
    for batch in pq.ParquetFile(path).iter_batches(batch_size=64):
        for row in batch.to_pylist():
            if row["set"] in KINDS_ONLY:
                continue
            try:
                page = _labelled(row)
            except Quarantined:
                continue
            if page is not None:
                yield page


def _labelled(row: dict[str, object]) -> Labelled | None:
    html = row["html"]
    assert isinstance(html, bytes)
    page = read_page(parse(prepared(decode(html, None).text), max_nodes=LIMIT, max_chars=LIMIT))
    names: list[set[str]] = []

    def noted(classes: str, identity: str) -> Naming:
        names.append(words_of(classes, identity))
        return naming(classes, identity)

    seen = outline(page.tree, noted)
    if not seen.segments:
        return None
    texts = [segment.text for segment in seen.segments]
    marks = _marks(row, texts)
    if marks is None:
        return None
    found, sure = marks
    columns, nodes = page_columns(seen), seen.nodes
    local = local_measures(seen.segments, hints_of(page))
    tag = np.array(nodes.tag, np.int64)
    name = str(row["set"])
    return Labelled(
        collection=name,
        host=str(row["host"]),
        origin=ORIGIN.get(name, 1),
        parent=columns.parent,
        tag=tag,
        flags=np.array(nodes.flags, np.int64),
        words=names[-len(nodes.tag) :],  # a page may be walked twice
        held_by=columns.held_by,
        signature=columns.signature,
        local=local,
        texts=texts,
        labels=_without_title(found > 0.5, local, tag[columns.held_by]),
        weights=_weights(texts, np.abs(found - 0.5) * 2, sure) * BY_HAND.get(name, BY_EXTRACTORS),
    )


def _marks(row: dict[str, object], texts: list[str]) -> tuple[Floats, Floats] | None:
    """How sure each line is article text, and what its label counts."""
    gold = row.get("gold")
    if isinstance(gold, str) and gold:
        found, covered = by_text(texts, gold)
        return (found, np.ones(len(texts))) if covered >= COVERED else None
    many = {name: [str(text) for text in _listed(row.get(name))] for name in ("candidates", "with_", "without")}
    return by_extractors(texts, many["candidates"], many["with_"], many["without"])


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _weights(texts: list[str], distance: Floats, sure: Floats) -> Floats:
    """A line counts by the root of its words, a page by the root of its lines."""
    sizes = np.sqrt([max(1, len(tokens(text))) for text in texts]) + 1
    weights: Floats = sure * np.clip(distance, 0.1, 1) * sizes
    whole = min(MOST, PAGE_WEIGHT + LINE_WEIGHT * float(np.sqrt(len(texts))))
    return weights * (whole / (float(weights.sum()) + 1e-9))


def _without_title(labels: npt.NDArray[np.bool_], local: npt.NDArray[np.float32], tags: Ints) -> npt.NDArray[np.int8]:
    """The title is no part of the text, neither above it nor as a heading."""
    units, title = local[:, LOCAL.index("units")], local[:, LOCAL.index("is_title")] > 0
    long_ = np.flatnonzero(labels & (units > 200))
    first = long_[0] if len(long_) else 0
    headings = np.isin(tags, list(HEADINGS))
    return np.where(title & ((np.arange(len(labels)) <= first) | headings), 0, labels).astype(np.int8)
