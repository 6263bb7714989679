"""Files that a release shares with its parent: those with the same bytes are one file on the disk, by hard links.

A published file is never written into: a release is made of new files and links, and taken away by unlinking.
"""

from __future__ import annotations

import filecmp
import os
from collections.abc import Mapping
from pathlib import Path

from corpus.publish.count import table_files
from corpus.publish.disk import named_faults
from corpus.publish.manifest import FileEntry
from corpus.publish.write import WrittenTable


def share_files(
    folder: Path, tables: Mapping[str, WrittenTable], parent: Path | None, known: Mapping[str, FileEntry]
) -> int:
    """Put links to the parent release's files in place of staged ones with the same SHA-256; bytes shared.

    A file whose number changed, since others before it were merged, is still the same file. `known`: the files of the
    parent's manifest. A file of the parent whose size is not the manifest's is left alone.
    """
    shared = 0
    theirs_by_sha256 = {entry.sha256: path for path, entry in known.items()}
    for file in (file for table in tables.values() for file in table.files) if parent else ():
        assert parent is not None
        path, ours = theirs_by_sha256.get(file.sha256), folder / file.path
        if path is None or not _same_size(theirs := parent / path, file.bytes):
            continue
        link = ours.with_name(f".{ours.name}.link")
        with named_faults(folder):
            link.unlink(missing_ok=True)
            try:
                os.link(theirs, link)
            except OSError:  # a filesystem without hard links, or one link too many: the staged file is as good
                continue
            link.replace(ours)
        shared += file.bytes
    return shared


def shared_files(older: Path, newer: Path, table: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names in each of two release folders of the files of a table that hold the same bytes in both."""
    by_size: dict[int, list[Path]] = {}
    for path in table_files(older, table):
        by_size.setdefault(path.stat().st_size, []).append(path)
    before, now = set(), set()
    for path in table_files(newer, table):
        for other in by_size.get(path.stat().st_size, ()):
            if other.name not in before and (path.samefile(other) or filecmp.cmp(path, other, shallow=False)):
                before.add(other.name)
                now.add(path.name)
                break
    return frozenset(before), frozenset(now)


def _same_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
