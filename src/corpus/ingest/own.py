"""A project's own readers: Python files in its `readers/` folder, each with a READER, used before the package's own."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType, TracebackType
from typing import cast

from corpus.errors import SettingsError
from corpus.ingest.faults import Fault, ReaderFailedError
from corpus.ingest.record import Head, Reader, Record, Task, rest
from corpus.ingest.registry import READERS
from corpus.ingest.sniffing import Readers
from corpus.ingest.stream import Stream

_MEND = "docs/readers.md shows a reader; move the file out of readers/ to go on without it"


def readers_of(folder: Path | None) -> Readers:
    """All readers there are: those of this folder first, then the package's.

    Raises SettingsError where a file in the folder can't be imported or holds no reader.
    """
    files = sources_of_readers(folder)
    if not files:
        return READERS
    return READERS._replace(own=tuple(_loaded(path, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files))


def sources_of_readers(folder: Path | None) -> list[Path]:
    """The files of a project's readers, sorted; those whose name begins with `_` are for them to import."""
    if folder is None or not folder.is_dir():
        return []
    return sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))


class _Failure:
    """Whatever the code of a project raises ends here: it is none of ours, and may be anything."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.words = ""

    def __enter__(self) -> _Failure:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        self.name, self.words = kind.__name__, str(error)
        return True


class _Guarded:
    """A reader of a project, whose faults cost the file that they happen in, never the run."""

    def __init__(self, reader: Reader, file: str) -> None:
        self._reader, self._file = reader, file
        self.suffixes: Mapping[str, str] = reader.suffixes

    def recognise(self, head: Head) -> str | None:
        """As the project's reader says. Raises ReaderFailedError."""
        found: object = None
        with _Failure() as failure:
            found = self._reader.recognise(head)
        if failure.name is not None or not isinstance(found, str | None):
            raise ReaderFailedError(self._said(failure.name or f"a {type(found).__name__}, no media type"))
        return found

    def read(self, stream: Stream, task: Task) -> Iterator[Record]:
        """The records that the project's reader gives; where it fails, the rest of the stream as one with a fault."""
        records: Iterator[Record] = iter(())
        with _Failure() as failure:
            records = iter(self._reader.read(stream, task))
        while failure.name is None:
            record: object = None
            with _Failure() as failure:
                record = next(records, None)
            if failure.name is None and record is None:
                return
            if failure.name is None and not isinstance(record, Record):
                failure.name = f"a {type(record).__name__}, no Record"
            elif failure.name is None:
                yield cast(Record, record)
        fault = Fault("reader_failed", self._said(failure.name), "records")
        yield rest(stream, stream.position, hashlib.sha256(), fault, task.media_type)

    def _said(self, what: str) -> str:
        return f"readers/{self._file}: {what}"


@lru_cache(maxsize=64)
def _loaded(path: Path, digest: str) -> Reader:
    """The READER of a file, imported once in each state of its source (`digest`)."""
    name = f"corpus_readers_{path.stem}_{digest[:16]}"
    module = _imported(path, name)
    reader = getattr(module, "READER", None)
    wanted = [part for part in ("suffixes", "recognise", "read") if not hasattr(reader, part)]
    if reader is None or wanted or not isinstance(reader.suffixes, Mapping):
        lacks = "no READER" if reader is None else f"a READER without {' and '.join(wanted) or 'a mapping of suffixes'}"
        raise SettingsError(f"holds {lacks}", where=f"readers/{path.name}", mend=_MEND)
    return cast(Reader, _Guarded(cast(Reader, reader), path.name))


def _imported(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None  # it is a .py file
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent))  # for what the readers share
    try:
        with _Failure() as failure:
            spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    if failure.name is not None:
        del sys.modules[name]
        raise SettingsError(
            f"can't be imported: {failure.name}: {failure.words}", where=f"readers/{path.name}", mend=_MEND
        )
    return module
