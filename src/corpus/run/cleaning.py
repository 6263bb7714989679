"""Driving `clean`: extract what is spooled, then judge every document."""

from __future__ import annotations

import uuid
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from corpus import clean, ingest
from corpus.run.ingesting import sources_of
from corpus.run.local import DOCUMENT_ROWS, CleanTask, run_clean, with_keys
from corpus.run.memo import KEY, Selection
from corpus.run.state import State
from corpus.run.workers import Done
from corpus.shards import read_rows, write_shard
from corpus.working import DOCUMENTS, JUDGED


def clean_records(state: State) -> None:
    """Set `state.judged`, `state.going` and the places of the documents that go on."""
    waiting = state.inputs.filter(pc.is_null(state.inputs["fate"])).select(["record_id", "content_key"])
    state.meter.rows_in = waiting.num_rows
    spooled = sum(rows for _, rows in state.spools)
    state.listener.started("clean", waiting.num_rows)
    state.listener.advanced("clean", waiting.num_rows - spooled)
    sources = sources_of(state)
    size = state.settings.run.batch_records
    settings = state.settings
    tasks = [
        CleanTask(
            spool, start, min(start + size, rows), settings.clean, sources, settings.privacy, state.memo.new_shard()
        )
        for spool, rows in state.spools
        for start in range(0, rows, size)
    ]
    _extract(state, tasks)
    state.memo.refresh()
    state.meter.reused = waiting.num_rows - spooled
    places = state.memo.select(waiting["content_key"].combine_chunks())
    judged = _judge(state, waiting["record_id"], places)
    goes_on = pc.is_null(judged["fate"])
    state.judged = judged
    state.going = waiting.filter(goes_on)
    state.documents = places.take(goes_on.to_numpy().nonzero()[0])
    state.meter.rows_out = state.going.num_rows
    for spool, _ in state.spools:
        spool.unlink(missing_ok=True)
    state.spools = []


def _extract(state: State, tasks: list[CleanTask]) -> None:
    """Run tasks; one whose worker died is done again record by record, and the one that kills there is quarantined."""
    while tasks:
        again: list[CleanTask] = []
        for done in state.each(run_clean, tasks, risky=True):
            task = done.task
            if not done.died:
                state.listener.advanced("clean", task.end - task.start)
            elif task.progress is None:
                again.append(replace(task, progress=state.scratch / f"{uuid.uuid4().hex}.row"))
            else:
                killer = int(task.progress.read_text()) if task.progress.exists() else task.start
                _quarantine(replace(task, start=killer), done)
                state.listener.advanced("clean", 1)
                parts = ((task.start, killer), (killer + 1, task.end))
                again += [replace(task, start=start, end=end, progress=None) for start, end in parts if start < end]
        tasks = [replace(task, shard=state.memo.new_shard()) for task in again]


def _quarantine(task: CleanTask, done: Done[CleanTask, int]) -> None:
    row = pq.ParquetFile(task.spool).read(columns=["record_id", "content_key"]).slice(task.start, 1)
    empty: dict[str, object] = dict.fromkeys(DOCUMENTS.names)
    fault = ingest.lost_worker(done.rule, task.settings.max_cpu_seconds, doing="Cleaning", did="cleaned")
    fated = {
        "record_id": row["record_id"][0].as_py(), "fate": fault.fate, "detail": fault.detail,
        "reasons": [{"rule": fault.rule, "value": fault.value, "threshold": fault.threshold}],
    }  # fmt: skip
    documents = pa.RecordBatch.from_pylist([{**empty, **fated}], DOCUMENTS)
    keyed = pa.Table.from_batches([with_keys(documents)]).cast(DOCUMENT_ROWS)
    write_shard(task.shard, keyed.add_column(0, pa.field("key", KEY), row["content_key"].cast(KEY)))


def _judge(state: State, record_ids: pa.ChunkedArray, places: Selection) -> pa.Table:
    """The verdicts in the order of the places. They are cheap, so they are taken anew in every run: a changed
    threshold extracts nothing again. One shard is held at a time."""
    step = next(step for step in clean.STEPS if step.verb == "judge")
    columns = list(step.reads["documents"]) or DOCUMENTS.names
    parts, positions = [], []
    for path, rows, at in state.memo.by_shard(places):
        for batch in read_rows(path, rows, columns).combine_chunks().to_batches():
            parts.append(clean.judge(batch, state.settings.clean, state.settings.filter))
        positions.append(at)
    if not parts:
        return JUDGED.empty_table()
    back = np.argsort(np.concatenate(positions), kind="stable")
    judged = pa.Table.from_batches(parts).cast(JUDGED).take(pa.array(back))
    return judged.set_column(0, "record_id", record_ids.combine_chunks()).combine_chunks()
