"""Driving `ingest`: read the files that are new, and those of which a record is not cleaned yet."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus import ingest
from corpus.errors import LedgerError, SettingsError
from corpus.run.deaths import Deaths, place_of
from corpus.run.inventory import File
from corpus.run.keys import key_of, source_facts
from corpus.run.local import DOCUMENT_ROWS
from corpus.run.memo import KEY, Memo
from corpus.run.reading import INPUT_ROWS, NONE, IngestTask, ToRead, halves, run_ingest
from corpus.run.state import State
from corpus.run.workers import Done
from corpus.sections import Source

TASK_BYTES = 32 * 1024**2
LEDGER = [
    "record_id", "raw_path", "source", "own_id", "byte_start", "byte_end", "sha256", "media_type", "fate", "reasons",
    "detail", "structured", "content_key", "payload_bytes",
]  # fmt: skip


def sources_of(state: State) -> dict[str, Source]:
    """The source of each file below raw/, by name. SettingsError where two [[source]] of one name differ."""
    found: dict[str, Source] = {}
    for file in state.inventory.files:
        source = ingest.source_of(file.found.raw_path, state.settings.source)
        known = found.setdefault(source.name, source)
        if (source_facts(known), known.on_duplicate) != (source_facts(source), source.on_duplicate):
            raise SettingsError(
                f"two [[source]] tables are named {source.name!r} (path {known.path!r} and {source.path!r}) and differ",
                where=str(state.project.root / "corpus.toml"),
                mend="give them different names",
            )
    return found


def ingest_records(state: State) -> None:
    """Set `state.inputs` and spool the payloads that `clean` needs."""
    ledger = state.memo_of("ingest.read", INPUT_ROWS)
    state.memo = state.memo_of("clean.extract", DOCUMENT_ROWS)
    sources = sources_of(state)
    files = state.inventory.files
    by_path = [ingest.source_of(file.found.raw_path, state.settings.source) for file in files]
    keys = pa.array([_file_key(file, source) for file, source in zip(files, by_path, strict=True)], KEY)
    new = set(ledger.unknown(keys).tolist())
    to_read = sorted(new | _not_cleaned(ledger, state.memo, keys))
    state.meter.rows_in = len(files)
    state.listener.started("ingest", len(files))
    state.listener.advanced("ingest", len(files) - len(to_read))
    known = _known_keys(state)
    _clear(state.scratch)
    state.spools = []
    lost = _lost_before(ledger, keys.take(pa.array([i for i in to_read if i not in new], pa.int64())))
    tasks = [
        IngestTask(
            tuple(
                ToRead(files[i].found, sources[by_path[i].name], key, lost.get(key, NONE))
                for i, key in ((i, keys[i].as_py()) for i in group)
            ),
            state.settings.ingest,
            ledger.new_shard() if new.issuperset(group) else state.scratch / f"{uuid.uuid4().hex}.parquet",
            state.scratch / f"{uuid.uuid4().hex}.spool",
            state.scratch / f"{uuid.uuid4().hex}.place",
            known,
            state.project.readers,
        )
        for group in [*_groups(sorted(new), files, state), *_groups([i for i in to_read if i not in new], files, state)]
    ]
    _read(state, ledger, tasks)
    ledger.refresh()
    if len(missing := ledger.unknown(keys)):
        raise LedgerError(
            f"{len(missing)} files have no row in the ledger, {files[missing[0]].found.raw_path} first",
            mend="report this as a fault",
        )
    rows = ledger.all_rows(keys, LEDGER)
    state.inputs = rows.sort_by("record_id").combine_chunks()
    state.meter.rows_out = rows.num_rows
    state.meter.reused = len(files) - len(to_read)


def _read(state: State, ledger: Memo, tasks: list[IngestTask]) -> None:
    """Run tasks; one whose worker died is run again, without what killed there."""
    rounds = [tasks]
    while rounds:
        again: list[IngestTask] = []
        for done in state.each(run_ingest, rounds.pop(), risky=True):
            task = done.task
            if done.result is not None:
                if done.result[1]:
                    state.spools.append((task.spool, done.result[1]))
                state.listener.advanced("ingest", len(task.files))
                continue
            if task.inputs.parent == state.scratch:  # its rows are in the ledger already, and say that it can be read
                raise LedgerError(
                    f"reading {task.files[0].found.raw_path} or a file beside it killed its worker this time",
                    mend="give the machine more memory, or [run] fewer workers",
                )
            again += [
                replace(
                    task,
                    files=files,
                    inputs=ledger.new_shard(),
                    spool=state.scratch / f"{uuid.uuid4().hex}.spool",
                    marker=state.scratch / f"{uuid.uuid4().hex}.place",
                )
                for files in _parts(done)
            ]
        rounds += [[task] for task in again]  # each by itself, so that no other one dies of it


def _parts(done: Done[IngestTask, tuple[int, int]]) -> tuple[tuple[ToRead, ...], ...]:
    """The files of a task whose worker died, with where it died; in halves where nobody knows, so that one is alone."""
    files, at = done.task.files, place_of(done.task.marker)
    if at is None and len(files) > 1:
        middle = len(files) // 2
        return files[:middle], files[middle:]
    place, step = at or (0, 0)
    deaths = files[place].deaths.with_another(step, done.rule, done.task.settings.max_restarts)
    return ((*files[:place], files[place]._replace(deaths=deaths), *files[place + 1 :]),)


def _lost_before(ledger: Memo, keys: pa.Array) -> dict[bytes, Deaths]:
    """Where reading known files was lost when it was done."""
    if not len(keys):
        return {}
    rows = ledger.all_rows(keys, ["key", "lost_steps"])
    rows = rows.filter(pc.is_valid(rows["lost_steps"]))
    return {
        row["key"]: Deaths(tuple((lost["step"], lost["rule"]) for lost in row["lost_steps"]))
        for row in rows.to_pylist()
    }


def _file_key(file: File, source: Source) -> bytes:
    """What the records of a file depend on. A file that can't be hashed is known by its metadata."""
    found = file.found
    content = file.sha256 or f"{found.size} {found.mtime_ns} {found.ctime_ns}"
    return key_of(found.raw_path, found.kind, content, source.name, source_facts(source))


def _not_cleaned(ledger: Memo, documents: Memo, keys: pa.Array) -> set[int]:
    """Positions of known files of which a record that goes on is not among the documents."""
    rows = ledger.all_rows(keys, ["key", "content_key", "fate"])
    rows = rows.filter(pc.is_null(rows["fate"]))
    if not rows.num_rows:
        return set()
    lacking = documents.unknown(rows["content_key"])
    places = pc.index_in(pc.unique(rows["key"].take(pa.array(lacking))), value_set=keys)
    return set(places.to_pylist())


def _known_keys(state: State) -> Path | None:
    if not len(state.memo):
        return None
    path = state.project.cache / "cleaned.npy"
    np.save(path, halves(state.memo.keys))
    return path


def _groups(places: list[int], files: tuple[File, ...], state: State) -> list[list[int]]:
    """Files for one task: so many, or so many bytes."""
    groups: list[list[int]] = []
    size = 0
    for i in places:
        here = files[i].found.size or 0
        if not groups or len(groups[-1]) >= state.settings.run.batch_records or size + here > TASK_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(i)
        size += here
    return groups


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
