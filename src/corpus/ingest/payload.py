"""`payload_of`: the bytes of one record again, from its file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpus.errors import ProjectError
from corpus.ingest.names import MEMBER, system_path
from corpus.ingest.own import readers_of
from corpus.ingest.progress import ELSEWHERE, Only
from corpus.ingest.reading import records_of
from corpus.ingest.registry import READERS
from corpus.ingest.sniffing import Readers
from corpus.ingest.sources import source_of
from corpus.ingest.stream import descriptor_of, stream_of
from corpus.sections import Ingest, Source
from corpus.settings import load_settings

_NO_LIMIT = Ingest(  # only what was read before is read again
    max_expansion=1 << 40, max_file_bytes=1 << 62, max_expanded_bytes=1 << 62, max_record_bytes=1 << 40
)
_MEND = "put the file back as it was, or run `corpus publish` for a ledger of what is there now"
_REFUSED = "see its reasons in the ledger, and unpack the archive by hand"


def payload_of(
    raw: Path, row: Mapping[str, object], sources: Sequence[Source] = (), readers: Readers = READERS
) -> bytes:
    """The payload of the record in `row`, which has raw_path, byte_start, byte_end (bytes) and sha256.

    A record that is a stretch of its file's bytes is cut out of it; any other (a member of an archive, an HTTP body, a
    row of a table) is read again, for which `sources` are the project's [[source]] tables and `readers` include its own
    (see `readers_of`). Raises ProjectError where
    the record never had bytes, or its file is gone or no longer has these.
    """
    raw_path, start, end = str(row["raw_path"]), row["byte_start"], row["byte_end"]
    digest = row.get("sha256")
    here = isinstance(start, int) and isinstance(end, int)
    if not here and digest is None:
        raise ProjectError("no byte of this record was read", where=raw_path, mend="see its reasons in the ledger")
    path = Path(os.path.realpath(raw / system_path(raw_path)))
    try:
        if not path.is_relative_to(os.path.realpath(raw)):
            raise FileNotFoundError
        with descriptor_of(path) as descriptor:
            if isinstance(start, int) and isinstance(end, int) and MEMBER not in raw_path:
                payload = _bytes(descriptor, start, end)
                if digest is None or hashlib.sha256(payload).hexdigest() == digest:
                    return payload
        with descriptor_of(path) as descriptor:
            found = _read_again(descriptor, row, source_of(raw_path, sources), readers)
    except OSError as error:
        raise ProjectError("the raw file can't be read any more", where=raw_path, mend=_MEND) from error
    if found is None:
        place = f"bytes {start} to {end}" if here else "the payloads in this file"
        raise ProjectError(f"{place} are not those that were read", where=raw_path, mend=_MEND)
    return found


def payload_in(root: Path, row: Mapping[str, object]) -> bytes:
    """The payload of a record of the project at `root`, with its [[source]] tables and its own readers.

    Raises ProjectError as `payload_of`, SettingsError where the project's settings or readers can't be used.
    """
    settings = root / "corpus.toml"
    sources = load_settings(settings).source if settings.is_file() else ()
    return payload_of(root / "raw", row, sources, readers_of(root / "readers"))


def _bytes(descriptor: int, start: int, end: int) -> bytes:
    stream = stream_of(descriptor, _NO_LIMIT)
    if stream.compression is None:
        return os.pread(descriptor, end - start, start)
    stream.skip(start)
    return stream.read(end - start)


def _read_again(descriptor: int, row: Mapping[str, object], source: Source, readers: Readers) -> bytes | None:
    """The payload of the file's record that has the row's member and digest."""
    raw_path, digest = str(row["raw_path"]), row["sha256"]
    file, _, member = raw_path.partition(MEMBER)
    start = row["byte_start"]
    only = Only(start if isinstance(start, int) else None)
    for record in records_of(stream_of(descriptor, _NO_LIMIT), file, source, _NO_LIMIT, readers, progress=only):
        if record.fault is ELSEWHERE:
            continue
        if record.sha256 == digest and (record.member or "") == member:
            if record.payload is None:
                raise ProjectError(
                    "unchanged, but refused: its bytes are there and were never unpacked", where=raw_path, mend=_REFUSED
                )
            return record.payload
    return None
