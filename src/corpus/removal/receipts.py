"""The receipt of a retraction: what went, and what is left where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.publish.disk import named_faults, write_synced
from corpus.removal.finding import InRelease

RECEIPTS = "receipts"


@dataclass(frozen=True)
class Receipt:
    """What a retraction found and did; `left`: versions that hold articles of it still, and how many;
    `raw_paths`: files below raw/ that held it when it was published; `scrubbed`: versions written anew."""

    selector: str
    reason: str
    requested_at: str
    dry_run: bool
    articles: tuple[str, ...]
    raw_paths: tuple[str, ...]
    left: dict[str, int]
    scrubbed: tuple[str, ...] = ()
    forgotten_rows: int = 0
    forgotten_folders: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The receipt as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def keep_receipt(work: Path, receipt: Receipt) -> Path:
    """Write a receipt below `.corpus/receipts/`, by its time and a number; the file."""
    folder = work / RECEIPTS
    stamp = receipt.requested_at.replace(":", "").replace("-", "")
    with named_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        number = 1
        while (path := folder / f"{stamp}-{number}.json").exists():
            number += 1
        write_synced(path, receipt.text)
        path.chmod(0o600)
    return path


def lines(receipt: Receipt, found: tuple[InRelease, ...]) -> Iterator[str]:
    """A receipt for people: what goes, what is left, and what to do next."""
    goes = "would go" if receipt.dry_run else "go with the next release"
    yield f"{len(receipt.articles)} articles {goes}, by {receipt.selector}:"
    shown: dict[str, str] = {}
    for release in found:
        shown |= {one.article_id: one.title or one.url or "" for one in release.articles}
    yield from (f"  {article}  {shown[article]}".rstrip() for article in sorted(shown))
    yield f"{len(receipt.raw_paths)} files below raw/ hold them, their copies or earlier versions:"
    yield from (f"  raw/{path}" for path in receipt.raw_paths)
    for version, count in receipt.left.items():
        yield f"Release {version} still holds {count} of the articles."
    for version in receipt.scrubbed:
        yield f"Release {version} was written anew without them."
    if receipt.dry_run:
        yield "This was a dry run: nothing was written."
        return
    if receipt.forgotten_rows or receipt.forgotten_folders:
        folders = ", ".join(f".corpus/{name}" for name in receipt.forgotten_folders)
        yield f"Forgotten: {receipt.forgotten_rows} rows of remembered work{'; ' + folders if folders else ''}."
    if receipt.left:
        yield "Old releases stay as they are: `--scrub` writes them anew; `corpus removals A..B` lists ids to drop."
    yield "Next: `corpus publish`. Then delete those files below raw/: as long as they are there, they are read again."
    yield "Copies elsewhere (a hub, backups, loaders' caches) are not in this command's reach."
