"""Whether a release may be pushed: whole, as it was published, and its full texts under licences that say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path

from corpus.errors import FaultFoundError, RefusedError
from corpus.publish.count import table_files
from corpus.publish.disk import sha256_of
from corpus.publish.manifest import Manifest
from corpus.publish.relations import batches
from corpus.publish.releases import INDEX, MANIFEST, read_releases
from corpus.publish.verify import verify

SHOWN = 5


def check_whole(folder: Path, manifest: Manifest) -> None:
    """Raise RefusedError where `releases.json` does not list the folder as it is, FaultFoundError where `verify` finds
    a fault."""
    if (folder.parent / INDEX).is_file():
        listed = read_releases(folder.parent).find(manifest.version)
        if listed is None or listed.folder != folder.name or listed.manifest_sha256 != sha256_of(folder / MANIFEST):
            raise RefusedError(
                f"this is not release {manifest.version} as {INDEX} lists it",
                where=str(folder),
                mend="push a release as `corpus publish` made it",
            )
    found = verify(folder)
    if not found.whole:
        faults = "\n  ".join(map(str, found.faults[:SHOWN]))
        raise FaultFoundError(
            f"{len(found.faults)} faults, so it is not pushed:\n  {faults}",
            where=str(folder),
            mend="`corpus verify` lists them all; publish it anew with `corpus publish --rewrite`",
        )


def check_licences(folder: Path, manifest: Manifest, licences: Collection[str]) -> None:
    """Raise RefusedError where a full text's licence is unknown, or not one of `licences` (SPDX ids)."""
    if manifest.text != "full":
        return
    allowed = {one.lower() for one in licences}
    kept: Counter[str] = Counter()
    for batch in batches(folder, "articles", ["license"]) if table_files(folder, "articles") else ():
        kept.update(one or "unknown" for one in batch.column(0).to_pylist() if (one or "").lower() not in allowed)
    if kept:
        which = ", ".join(f"{name} ({count})" for name, count in sorted(kept.items())[:SHOWN])
        raise RefusedError(
            f"{sum(kept.values())} articles are published in full under licences that are not on the list: {which}",
            where=str(folder),
            mend='publish with `[publish] text = "standoff"` or "excerpt", state the licence of a source in its '
            "[[source]] where it is known, or add to `[hub] licenses` what may be republished. Unknown never means yes",
        )
