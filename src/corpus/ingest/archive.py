"""What zip and tar have in common: members are read as files in a folder, and none leads out of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import IO

from corpus.ingest.faults import Fault
from corpus.ingest.names import MEMBER, printable
from corpus.ingest.origin import CHUNK, Origin
from corpus.ingest.record import Record, Task
from corpus.ingest.stream import Stream

TOP = ".."


def members_of(stream: Stream, name: str, origin: Origin, task: Task) -> Iterator[Record]:
    """The records of one member, read from `origin` by whoever reads such a file; their paths go through `name`."""
    part = Stream(origin, task.settings, stream.budget)
    for record in task.inner(part, name, task._replace(depth=task.depth + 1)):
        yield within(name, record)


def within(name: str, record: Record) -> Record:
    """A record of the member `name`, or of an archive that is this member."""
    shown = printable(name)
    return record._replace(member=shown if record.member is None else f"{shown}{MEMBER}{record.member}")


def fated(name: str, fault: Fault) -> Record:
    """The record of a member of which nothing was read."""
    return within(name, Record(None, None, None, None, fault=fault))


def outside(name: str) -> Fault | None:
    """The fault of a name that leads out of its archive's folder: an absolute one, one of a drive, one with `..`."""
    steps = name.replace("\\", "/").split("/")
    if TOP in steps or not steps[0] or (len(steps[0]) == 2 and steps[0][1] == ":" and len(steps) > 1):
        return Fault("member_outside", printable(name), "a path below the archive")
    return None


def too_deep(task: Task) -> Fault | None:
    """The fault of an archive inside too many others."""
    limit = task.settings.max_nesting
    return Fault("nesting_limit", str(task.depth + 1), f"{limit} archives") if task.depth >= limit else None


def whole_file(file: IO[bytes], media_type: str, fault: Fault) -> Record:
    """A file that can't be taken apart, as one record with a fault."""
    file.seek(0)
    digest, end = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        end += len(chunk)
    if not end:
        return Record(None, None, None, media_type, fault=fault)
    return Record(0, end, digest.hexdigest(), media_type, fault=fault)
