"""Annotating articles, each by itself: its mentions and its links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from corpus.annotate.links import Anchor, Link, find_links
from corpus.annotate.mentions import Mention, find_mentions
from corpus.annotate.model import Model, load
from corpus.sections import Annotate
from corpus.working import ANNOTATIONS


def mark(articles: pa.RecordBatch, settings: Annotate) -> pa.RecordBatch:
    """Find the mentions and the links of each article.

    Args:
        articles: rows of working.ARTICLE_INPUT.
        settings: the model, and the languages that it is for; articles in others (or in none known) get no mentions.

    Returns:
        Rows of working.ANNOTATIONS, in the order of the articles; spans count code points of `text`, mentions are in
        order and none overlaps another, links are in the order of the text with those outside it last.

    Raises EnvironmentFaultError where the model is not installed.
    """
    rows = articles.to_pylist()
    model = load(settings.model) if any(row["language"] in settings.languages for row in rows) else None
    # words seen are forgotten at the end, or a long run would remember every word of the corpus
    zone: AbstractContextManager[object] = model.pipeline.memory_zone() if model else nullcontext()
    with zone:
        found = [_annotated(row, model if row["language"] in settings.languages else None) for row in rows]
    return pa.RecordBatch.from_pylist(found, ANNOTATIONS)


def _annotated(row: Mapping[str, Any], model: Model | None) -> dict[str, object]:
    text = row["text"] or ""
    parts = row["paragraphs"] or []
    spans = [(p["start_char"], p["end_char"]) for p in parts] or _blocks(text)
    headings = [p["start_char"] for p in parts if p["role"] == "heading"]
    anchors = [
        Anchor(a["start_char"], a["end_char"], a["anchor_text"], a["url"], a["section"], a["method"])
        for a in row["anchors"] or []
        if a["url"] is not None
    ]
    return {
        "record_id": row["record_id"],
        "mentions": _mention_rows(find_mentions(text, spans, headings, model)) if model else [],
        "links": _link_rows(find_links(text, anchors, headings, (row["canonical_url"], row["url"]))),
    }


def _blocks(text: str) -> list[tuple[int, int]]:
    """The stretches between empty lines: the paragraphs of a text that comes without any."""
    found, start = [], 0
    for part in text.split("\n\n"):
        if part.strip():
            found.append((start, start + len(part)))
        start += len(part) + 2
    return found


def _mention_rows(found: Iterable[Mention]) -> list[dict[str, object]]:
    return [
        {
            "start_char": m.start, "end_char": m.end, "surface": m.surface, "label": m.label, "name": m.name,
            "method": m.method,
        }
        for m in found
    ]  # fmt: skip


def _link_rows(found: Iterable[Link]) -> list[dict[str, object]]:
    rows = []
    for link in found:
        row = asdict(link)
        row["start_char"], row["end_char"] = row.pop("start"), row.pop("end")
        rows.append(row)
    return rows
