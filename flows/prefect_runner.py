"""Serves the flow `publish` on a project's schedule, from a Prefect server that runs already; a child of `serve.py`.

Usage: prefect_runner.py PROJECT_DIR
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import prefect_environment
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner
from prefect.schedules import Cron, Interval
from prefect.schedules import Schedule as PrefectSchedule
from prefect.states import Crashed

from corpus.console import err
from corpus.errors import CorpusError
from corpus.run import Project
from corpus.sections import Schedule

FLOW = Path(__file__).with_name("prefect_flow.py").resolve()
FIRST_RUN = timedelta(seconds=5)
"""An interval begins now: what lies in raw/ need not wait a day for its first run."""
UNFINISHED = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
LOOK_SECONDS = 5.0
"""How often the schedule of corpus.toml is looked at."""
SHORTEST_PACE, LONGEST_PACE = 2.0, 10.0
"""Seconds between two questions to Prefect."""


async def serve(project: Project) -> None:
    """Run the flow on the project's schedule until cancelled; a schedule changed in corpus.toml is taken up."""
    await _forget(project)
    # Whether a run may begin is for the deployment's limit to say, which cancels it: the runner's own would delay it.
    pace = asking_every(project.settings.schedule)
    runner = Runner(
        name=project.settings.name, pause_on_shutdown=False, query_seconds=pace, prefetch_seconds=pace, limit=None
    )  # fmt: skip
    await runner.aadd_deployment(deployment(project))
    watching = asyncio.create_task(_watch(project))
    running = asyncio.create_task(runner.start())
    await asyncio.sleep(0)  # it sets a handler of its own, which leaves a coroutine behind with a warning
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        watching.cancel()


def asking_every(schedule: Schedule) -> float:
    """How often Prefect is asked for runs that are due, and how long before they are: a fifth of the interval.

    A run that is fetched while the one before goes on is cancelled, so one that is fetched early may be so for nothing.
    """
    return min(LONGEST_PACE, max(SHORTEST_PACE, (schedule.seconds or 86400) / 5))


def deployment(project: Project) -> RunnerDeployment:
    """The flow with the project's schedule; a run that is due while another goes on is cancelled, not queued."""
    return RunnerDeployment.from_entrypoint(
        f"{FLOW}:publish",
        name=project.settings.name,
        schedule=_prefect(project.settings.schedule),
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        parameters={"project_dir": str(project.root), "scheduled": True},
    )


def _prefect(schedule: Schedule) -> PrefectSchedule:
    if schedule.cron:
        return Cron(schedule.cron, timezone=schedule.timezone)
    seconds = schedule.seconds
    assert seconds is not None  # `serve.py` has seen to it
    return Interval(timedelta(seconds=seconds), anchor_date=datetime.now(UTC) + FIRST_RUN, timezone=schedule.timezone)


async def _forget(project: Project) -> None:
    """Remove what an earlier server left: runs that were due while nobody served, and the slot of one that was killed.

    Runs that took place stay in Prefect's history; one that was killed is said to be so.
    """
    async with get_client() as client:
        try:
            earlier = await client.read_deployment_by_name(f"publish/{project.settings.name}")
        except ObjectNotFound:
            return
        left = await client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[earlier.id])),
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED))),
        )
        for run in left:
            await client.set_flow_run_state(run.id, Crashed(message="the schedule was stopped"), force=True)
        await client.delete_deployment(earlier.id)


async def _watch(project: Project) -> None:
    """Take up a schedule that was changed in corpus.toml. All other settings are read by each run itself."""
    known = project.settings.schedule
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            now = Project.find(project.root)
        except CorpusError:  # the next run says what is wrong
            continue
        schedule = now.settings.schedule
        if schedule != known and (schedule.interval or schedule.cron) and now.settings.name == project.settings.name:
            known = schedule
            await deployment(now).aapply()
            err.print(f"The schedule is now {schedule.interval or schedule.cron}", markup=False)


if __name__ == "__main__":
    prefect_environment.end_with_parent()
    os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "CRITICAL"  # of the runs: the flow says how each ended
    asyncio.run(serve(Project.find(Path(sys.argv[1]))))
