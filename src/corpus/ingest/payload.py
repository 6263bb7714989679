"""`payload_of`: the bytes of one record again, from its file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from corpus.errors import ProjectError
from corpus.ingest.names import system_path
from corpus.ingest.stream import Stream, descriptor_of
from corpus.sections import Ingest

_NO_LIMIT = Ingest(max_expansion=1 << 40, max_file_bytes=1 << 62)  # only what was read before is read again


def payload_of(raw: Path, row: Mapping[str, object]) -> bytes:
    """The payload of the record in `row`, which has raw_path, byte_start, byte_end (bytes) and sha256.

    Raises ProjectError where the record never had bytes, or its file is gone or no longer has these.
    """
    raw_path, start, end = str(row["raw_path"]), row["byte_start"], row["byte_end"]
    if not isinstance(start, int) or not isinstance(end, int):
        raise ProjectError("no byte of this record was read", where=raw_path, mend="see its reasons in the ledger")
    path = Path(os.path.realpath(raw / system_path(raw_path)))
    try:
        if not path.is_relative_to(os.path.realpath(raw)):
            raise FileNotFoundError
        with descriptor_of(path) as descriptor:
            payload = _bytes(descriptor, start, end)
    except OSError as error:
        raise ProjectError("the raw file can't be read any more", where=raw_path, mend=_MEND) from error
    digest = row.get("sha256")
    if digest is not None and hashlib.sha256(payload).hexdigest() != digest:
        raise ProjectError(f"bytes {start} to {end} are not those that were read", where=raw_path, mend=_MEND)
    return payload


_MEND = "put the file back as it was, or run `corpus publish` for a ledger of what is there now"


def _bytes(descriptor: int, start: int, end: int) -> bytes:
    stream = Stream(descriptor, _NO_LIMIT)
    if stream.compression is None:
        return os.pread(descriptor, end - start, start)
    while stream.position < start and stream.read(min(start - stream.position, 1 << 20)):
        pass
    return stream.read(end - start)
