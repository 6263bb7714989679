"""`read`: one file that the walk found → its records, as Arrow batches."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from corpus.ingest.faults import Fault, TransientReadError, lost_worker, unreadable
from corpus.ingest.progress import Progress
from corpus.ingest.record import Record, Task, rest
from corpus.ingest.registry import READERS
from corpus.ingest.rows import batch_of, grouped
from corpus.ingest.sniffing import Readers, sniff
from corpus.ingest.stream import Stream, descriptor_of, stream_of
from corpus.ingest.walking import Found
from corpus.sections import Ingest, Source


def read(
    found: Found, source: Source, settings: Ingest, readers: Readers = READERS, progress: Progress | None = None
) -> Iterator[pa.RecordBatch]:
    """Every record of one found file as rows of working.READ, in the file's order; at least one row.

    `readers`: those of the package, and the project's own (see `readers_of`). `progress` hears of each step, and knows
    those that are to be passed over because they killed the process before. `record_id` is null (see `identify`), and
    so is the payload where the fate is set. Memory is bounded by `ingest.max_record_bytes`, not by the file. Raises
    TransientReadError where the system can't read just now; whatever else is wrong with the file is a fate of its rows.
    """
    entry = 0
    for records in _groups(found, source, settings, readers, progress or Progress()):
        yield batch_of(records, found.raw_path, source.name, entry)
        entry += len(records)


_NO_NEXT = "The process was lost while it looked for the next record: nothing was read from here on."


class _ChangedError(Exception):
    """The file is not as it was when reading began."""


def _groups(
    found: Found, source: Source, settings: Ingest, readers: Readers, progress: Progress
) -> Iterator[list[Record]]:
    """The file's records; one that changes meanwhile is read again, unless some of its records are given already."""
    if found.fault is not None:
        yield [_nothing(found.fault)]
        return
    given = again = False
    while True:
        try:
            for group in _attempt(found, source, settings, readers, progress):
                yield group
                given = True
        except _ChangedError:
            if given or again:
                yield [_nothing(Fault("changed_while_read", "changed", "the same before and after"))]
                return
            again = True
        except TransientReadError:
            raise
        except OSError as error:
            yield [_nothing(unreadable(error))]
            return
        else:
            return


def _attempt(
    found: Found, source: Source, settings: Ingest, readers: Readers, progress: Progress
) -> Iterator[list[Record]]:
    progress.restart()
    with descriptor_of(found.path) as descriptor:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):  # since the walk
            yield [_nothing(Fault("not_a_regular_file", "replaced", "a regular file"))]
            return
        if before.st_size > settings.max_file_bytes:
            yield [_nothing(Fault("oversized_file", str(before.st_size), f"{settings.max_file_bytes} bytes"))]
            return
        records = records_of(
            stream_of(descriptor, settings), found.raw_path, source, settings, readers, progress=progress
        )
        for group in grouped(records):
            if _state(found.path) != (before.st_size, before.st_mtime_ns, before.st_ino):
                raise _ChangedError
            yield group


def records_of(
    stream: Stream,
    name: str,
    source: Source,
    settings: Ingest,
    readers: Readers = READERS,
    *,
    progress: Progress | None = None,
) -> Iterator[Record]:
    """Every record of a stream that is at its start, by the reader that its content or its name asks for.

    Where a step of the reader itself is to be passed over (see Progress), the rest of its stream is one record; but
    an archive gives one for each member that is left.
    """
    steps = progress or Progress()

    def inner(part: Stream, member: str, task: Task) -> Iterator[Record]:
        if (fault := steps.begin()) is not None:
            yield _left(part, 0, None, fault, steps)
            return
        media_type, reader = sniff(part, member, settings, readers)
        records = iter(reader.read(part, task._replace(media_type=media_type)))
        empty, archive, end = True, False, 0
        while (fault := steps.begin()) is None or (archive and not steps.stuck):
            record = next(records, None)
            if record is None:
                break
            empty, archive, end = False, archive or record.member is not None, record.byte_end or end
            yield record
        else:
            yield _left(part, part.position if archive else end, media_type, fault, steps)
            return
        if empty:  # a reader that found nothing must not make the file disappear
            yield _nothing(part.fault or Fault("empty_file", "0 records", "1 record"))

    yield from inner(stream, name, Task("", source, settings, inner, begin=steps.begin))


def _left(part: Stream, start: int, media_type: str | None, fault: Fault, steps: Progress) -> Record:
    """All that its reader left of a stream, as one record; without a digest where the reader held some of it."""
    if steps.stuck:
        fault = replace(fault, detail=_NO_NEXT)
    steps.begin()
    if part.sought or steps.stuck:  # it can't be read on, or that kills
        return Record(None, None, None, media_type, fault=fault)
    held = part.position > start
    record = rest(part, start, hashlib.sha256(), fault, media_type)._replace(fault=fault)
    return record._replace(sha256=None) if held else record


def _state(path: Path) -> tuple[int, int, int] | None:
    """Size, modification time and inode of what the path leads to now, None where that is nothing."""
    try:
        now = os.stat(path, follow_symlinks=False)  # noqa: PTH116 - a Path's own stat costs as much as the call
    except OSError:
        return None
    return now.st_size, now.st_mtime_ns, now.st_ino


def killed(found: Found, source: Source, rule: str, settings: Ingest) -> pa.RecordBatch:
    """The one row of a file that killed the process which read it (`worker_died`), or never came to an end there
    (`time_limit`)."""
    fault = lost_worker(rule, settings.max_cpu_seconds, doing="Reading", did="read", what="file")
    return batch_of([_nothing(fault)], found.raw_path, source.name, 0)


def _nothing(fault: Fault) -> Record:
    """The record of a file of which no byte was read."""
    return Record(None, None, None, None, fault=fault)
