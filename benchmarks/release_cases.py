"""Releases of real news that follow each other: one with new articles alone, one in which some new ones displace old.

A new article displaces an old one where it is a copy or a later version of it that the survivor's rule prefers: the old
one's rows go, from wherever in the tables they stand. Every following release is made upon the same first one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.data import write_news
from corpus.publish.count import table_files
from corpus.run import Project, publish
from corpus.template import init_project

NEW = (0.01, 0.10)
LATER = "later.jsonl"


@dataclass(frozen=True)
class Case:
    """A release upon the first one: `new` of its articles are new, `gone` of the first one's are not in it."""

    share: float
    displacing: bool
    new: int
    gone: int
    older: Path
    newer: Path


def first_release(root: Path, limit: int, *, annotate: bool) -> tuple[Path, list[str]]:
    """A project at `root` with a release of `limit` articles of each source less an eighth; that eighth's lines."""
    init_project(root, "news")
    shutil.rmtree(root / "raw")
    (root / "raw").mkdir()
    if not annotate:
        toml = root / "corpus.toml"
        toml.write_text(toml.read_text().replace("enabled = true", "enabled = false"))
    write_news(root / "raw", limit)
    later = _held_back(root / "raw")
    return publish(Project.find(root)).folder, later


def cases(root: Path, later: Sequence[str], older: Path) -> Iterator[Case]:
    """Every following release: additions that displace as they come, then those that displace nothing."""
    count = _column(older, "articles", "article_id").length()
    blamed: set[str] = set()
    for share in sorted(NEW, reverse=True):
        lines = list(later[: round(count * share)])
        case, found = _follow(root, lines, older, share, displacing=True)
        blamed |= found
        yield case
    alone = [line for line in later if line not in blamed]
    for share in sorted(NEW, reverse=True):
        while True:
            lines = alone[: round(count * share)]
            case, found = _follow(root, lines, older, share, displacing=False)
            if not found:
                break
            alone = [line for line in alone if line not in found]
        yield case


def _follow(root: Path, lines: list[str], older: Path, share: float, *, displacing: bool) -> tuple[Case, set[str]]:
    """Publish `lines` more in a copy of the project; and those of them that old articles were folded into."""
    copy = root.with_name(f"{root.name}-{share}-{displacing}")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy)
    (copy / "raw" / LATER).write_text("".join(lines), encoding="utf-8")
    newer = publish(Project.find(copy)).folder
    was, now = _column(older, "articles", "article_id"), _column(newer, "articles", "article_id")
    gone = was.filter(pc.invert(pc.is_in(was, value_set=now)))
    case = Case(share, displacing, len(now) - len(was) + len(gone), len(gone), older, newer)
    return case, set(_into(older, newer, gone, lines))


def _into(older: Path, newer: Path, gone: pa.ChunkedArray, lines: list[str]) -> Iterator[str]:
    """The lines whose articles the records of `gone` articles were folded into, or now are."""
    ids = ["record_id", "article_id"]
    were = pa.concat_tables(pq.ParquetFile(f).read(columns=ids) for f in table_files(older, "records"))
    wanted = were.filter(pc.is_in(were["article_id"], value_set=gone))["record_id"]
    names = ["record_id", "raw_path", "byte_start", "article_id", "kept_article_id"]
    now = pa.concat_tables(pq.ParquetFile(f).read(columns=names) for f in table_files(newer, "records"))
    kept = now.filter(pc.is_in(now["record_id"], value_set=wanted))["kept_article_id"].drop_null()
    into = now.filter(pc.and_(pc.is_in(now["article_id"], value_set=kept), pc.equal(now["raw_path"], LATER)))
    starts = np.cumsum([0, *(len(line.encode()) for line in lines)])
    for start in into["byte_start"].to_pylist():
        yield lines[int(np.searchsorted(starts, start, side="right")) - 1]


def _column(release: Path, table: str, name: str) -> pa.ChunkedArray:
    return pa.concat_tables(pq.ParquetFile(f).read(columns=[name]) for f in table_files(release, table))[name]


def _held_back(raw: Path) -> list[str]:
    """Takes the last eighth of each file's lines out of it; they come later, in an order by chance."""
    found: list[str] = []
    for path in sorted(raw.glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        keep = len(lines) * 7 // 8
        path.write_text("".join(lines[:keep]), encoding="utf-8")
        found += lines[keep:]
    return [line for line in sorted(found, key=lambda one: hashlib.sha256(one.encode()).digest()) if json.loads(line)]
