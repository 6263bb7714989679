"""Runs of the flow whose process was killed: Prefect would call them Running for ever, so the next run ends them.

A run that `corpus publish` starts holds the project's lock for as long as it lives, and the kernel takes the lock from
it when it dies. So whoever holds the lock knows that every other such run is dead. A tag says which runs those are:
those of this project on this machine, since a Prefect server may serve others. Runs of the schedule are looked after by
`prefect_runner.py`.
"""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
    TaskRunFilter,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.states import Crashed

UNFINISHED = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
KILLED: State[None] = Crashed(message="its process was ended before it was done")


def project_tag(root: Path) -> str:
    """What marks the runs of one project on one machine: neither is named."""
    return "project-" + hashlib.sha256(f"{platform.node()}\n{root.resolve()}".encode()).hexdigest()[:16]


def end_dead_runs(root: Path) -> int:
    """Say Crashed of every run of the project at `root` that has not ended; returns how many. The caller holds the
    project's lock, and its own run has not begun."""
    dead = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[project_tag(root)]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED)),
    )
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_run_filter=dead)
        for run in runs:
            _end_tasks(client, FlowRunFilter(id=FlowRunFilterId(any_=[run.id])))
            client.set_flow_run_state(run.id, KILLED, force=True)
    return len(runs)


def _end_tasks(client: SyncPrefectClient, run: FlowRunFilter) -> None:
    unfinished = TaskRunFilter(state=TaskRunFilterState(type=TaskRunFilterStateType(any_=UNFINISHED)))
    for task in client.read_task_runs(flow_run_filter=run, task_run_filter=unfinished):
        client.set_task_run_state(task.id, KILLED, force=True)
