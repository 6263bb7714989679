"""Corruptions of a finished release's own files, which the check before the commit and `corpus verify` must find."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq


@dataclass(frozen=True)
class PublishedKill:
    """What is done to a release's folder, the check of `corpus verify` that must say so, and words of its fault."""

    what: str
    check: str
    spoil: Callable[[Path], object]
    says: str


def _card_number(folder: Path) -> None:
    card = folder / "README.md"
    text = card.read_text()
    changed = re.sub(r"(\| published \| )(\d+)", lambda m: f"{m[1]}{int(m[2]) + 1}", text)
    assert changed != text
    card.write_text(changed)


def _manifest_number(folder: Path) -> None:
    said = json.loads((folder / "manifest.json").read_text())
    said["tables"]["articles"]["rows"] += 1
    (folder / "manifest.json").write_text(json.dumps(said))


def _row_lost(folder: Path) -> None:
    shard = sorted((folder / "links").glob("*.parquet"))[-1]
    pq.write_table(pq.read_table(shard).slice(1), shard)


PUBLISHED_KILLS = [
    PublishedKill("a number of the card changed", "files", _card_number, "README.md"),
    PublishedKill("a number of the manifest changed", "manifest", _manifest_number, "not as it was written"),
    PublishedKill("a row of a shard lost", "files", _row_lost, "links"),
]
