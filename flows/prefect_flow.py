"""The flow `publish`: a Prefect task around each stage of `corpus.run.Publication`. The work itself is in the package.

Import it after `prefect_environment.prepare`, since it imports Prefect.
"""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
from prefect import flow, runtime, tags, task
from prefect.artifacts import (
    create_link_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.exceptions import PrefectException
from prefect.states import Completed, Failed
from prefect_dead_runs import end_dead_runs, project_tag

from corpus.console import err
from corpus.errors import CorpusError, HeldError
from corpus.ingest.formats import TRANSIENT_ERRORS
from corpus.run import STAGES, Options, Outcome, Project, Publication, hold

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.schemas.objects import FlowRun, State, TaskRun
    from prefect.tasks import Task

    from corpus.run import Listener, StageFigures

RETRIES = 2
RETRY_DELAYS = [2.0, 10.0]  # seconds
PROGRESS_EVERY = 0.02  # of the stage: Prefect keeps each report, so there are few
listening: ContextVar[Listener | None] = ContextVar("listening", default=None)
"""Who is told of a run that this process starts; a scheduled run has nobody."""


def transient(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a failed stage may succeed when it is tried again: transient errors of a disk or network alone.

    A full disk or a missing permission is not transient, and a refusal even less.
    """
    return isinstance(state.data, OSError) and state.data.errno in TRANSIENT_ERRORS


def run_name() -> str:
    """`publish <name> <UTC time>`."""
    folder = Path(runtime.flow_run.parameters["project_dir"])
    try:
        name = Project.find(folder).settings.name
    except CorpusError:  # the run itself will say what is wrong with the project
        name = folder.name
    return f"publish {name} {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"


def say(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - Prefect's names
    """Write how a scheduled run ended into the log of `corpus serve`, with the traceback of a fault of ours."""
    if flow_run.parameters.get("scheduled"):
        err.print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC  {state.name}: {state.message}", markup=False)
        if (fault := sys.exc_info()[1]) is not None:
            err.print("".join(traceback.format_exception(fault)), markup=False, end="")


@flow(name="publish", flow_run_name=run_name, persist_result=False, on_completion=[say], on_failure=[say])
def publish(
    project_dir: str, scheduled: bool = False, stable: bool = False, rewrite: bool = False
) -> Outcome | State[Any]:
    """Publish a release of the project: ingest → clean → dedup → annotate → validate → publish.

    A `scheduled` run ends in a named state instead of an exception: Skipped where another run holds the project,
    Refused or another name where it failed, so that the schedule goes on and says why.
    """
    folder, options = Path(project_dir), Options(stable=stable, rewrite=rewrite)
    if not scheduled:
        return _publish(folder, options)
    try:
        outcome = _publish(folder, options)
    except HeldError as error:
        return Completed(name="Skipped", message=str(error))
    except CorpusError as error:
        return Failed(name=type(error).__name__.removesuffix("Error"), message=str(error))
    return Completed(name=outcome.kind.capitalize(), message=outcome.version)


def run(project_dir: Path, listener: Listener | None, options: Options | None = None) -> Outcome:
    """Run the flow in this process and return what came of it; errors come out as they were raised."""
    options = options or Options()
    token = listening.set(listener)
    try:
        with hold(Project.find(project_dir).work), tags(project_tag(project_dir)):
            with suppress(httpx.HTTPError, PrefectException):  # a history that can't be mended stops no run
                end_dead_runs(project_dir)
            outcome = publish(str(project_dir), stable=options.stable, rewrite=options.rewrite)
    finally:
        listening.reset(token)
    assert isinstance(outcome, Outcome)
    return outcome


def _publish(project_dir: Path, options: Options) -> Outcome:
    with Publication(Project.find(project_dir), Reporter(listening.get()), options) as publication:
        if not publication.unchanged:
            for name in STAGES:
                _stage(publication, name)()
        outcome = publication.outcome
    assert outcome is not None  # the last stage, or finding nothing new, sets it
    if outcome.kind == "published":
        _show(outcome)
    return outcome


def _stage(publication: Publication, name: str) -> Task[[], StageFigures]:
    @task(
        name=name, task_run_name=name, retries=RETRIES, retry_delay_seconds=RETRY_DELAYS,
        retry_condition_fn=transient, cache_policy=NO_CACHE, persist_result=False,
    )  # fmt: skip
    def stage() -> StageFigures:
        return publication.do(name)

    return stage


def _show(outcome: Outcome) -> None:
    """Leave the funnel and the way to the report with the flow run; a server that is gone loses only these."""
    with suppress(httpx.HTTPError, PrefectException):
        create_table_artifact(key="funnel", table=outcome.funnel.rows(), description=f"Funnel of {outcome.version}")
        create_link_artifact(key="report", link=outcome.report.resolve().as_uri(), link_text="Data-quality report")


class Reporter:
    """Hands a stage's progress on to the caller's listener, and to Prefect as a progress artifact of its task run."""

    def __init__(self, listener: Listener | None) -> None:
        self._listener = listener
        self._artifact: UUID | None = None
        self._total = 0
        self._done = 0
        self._shown = 0.0

    def started(self, stage: str, total: int | None) -> None:
        """A stage begins; `total` is how much there is to do, None where that is not known."""
        self._total, self._done, self._shown, self._artifact = total or 0, 0, 0.0, None
        if runtime.task_run.id:
            with suppress(httpx.HTTPError, PrefectException):
                created = create_progress_artifact(0.0, key=f"progress-{stage}", description=f"Progress of {stage}")
                self._artifact = created if isinstance(created, UUID) else None
        if self._listener:
            self._listener.started(stage, total)

    def advanced(self, stage: str, done: int) -> None:
        """`done` more of the stage's total is done."""
        self._done += done
        if self._total:
            self._report(self._done / self._total)
        if self._listener:
            self._listener.advanced(stage, done)

    def finished(self, figures: StageFigures) -> None:
        """A stage is through."""
        self._report(1.0)
        if self._listener:
            self._listener.finished(figures)

    def _report(self, share: float) -> None:
        if self._artifact and (share >= 1 or share - self._shown >= PROGRESS_EVERY):
            self._shown = share
            with suppress(httpx.HTTPError, PrefectException):
                update_progress_artifact(self._artifact, progress=min(100.0, share * 100))
