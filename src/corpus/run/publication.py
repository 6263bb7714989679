"""One run, stage by stage, under the project's lock; and the whole way as one plain function."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from corpus.publish.commit import recover
from corpus.publish.releases import Release
from corpus.report.funnel import Funnel, read_funnel
from corpus.run.annotating import annotate_articles
from corpus.run.cleaning import clean_records
from corpus.run.deduping import dedup_records
from corpus.run.figures import Meter, StageFigures
from corpus.run.fingerprint import use_index
from corpus.run.ingesting import ingest_records
from corpus.run.inventory import Inventory, take_inventory
from corpus.run.lock import hold
from corpus.run.marks import marks_of
from corpus.run.memo import prune
from corpus.run.plan import is_unchanged, latest, plan_digest
from corpus.run.project import Project
from corpus.run.releasing import Releasing
from corpus.run.state import COPIES, Listener, Silence, State
from corpus.run.steps import STAGES
from corpus.run.workers import open_workers


@dataclass(frozen=True)
class Outcome:
    """How a run ended: `published` a version, or found everything `unchanged` since `version`."""

    kind: str
    version: str
    folder: Path
    funnel: Funnel

    @property
    def report(self) -> Path:
        """The release's data-quality report."""
        return self.folder / "report" / "index.html"


@dataclass(frozen=True)
class Options:
    """What the user asks of one run: the step to 1.0.0, or a release with the same rows made anew."""

    stable: bool = False
    rewrite: bool = False


@dataclass(frozen=True)
class _Start:
    """How things stand when a run begins."""

    fingerprints: dict[str, str]
    inventory: Inventory
    plan: str
    last: Release | None

    @classmethod
    def of(cls, project: Project) -> _Start:
        index = use_index(project.cache / "code.json")
        marks = marks_of(project)
        inventory = take_inventory(project.raw, project.cache)
        plan = plan_digest(project, inventory, marks)
        index.save()
        return cls(marks, inventory, plan, latest(project))

    def outcome(self, project: Project, options: Options) -> Outcome | None:
        """The outcome where there is nothing to do, else None."""
        last = self.last
        if options.stable or options.rewrite or last is None or last.folder is None:
            return None
        if not is_unchanged(project, self.plan, last):
            return None
        folder = project.dist / last.folder
        return Outcome("unchanged", last.version, folder, read_funnel(folder))


def unchanged(project: Project, options: Options | None = None) -> Outcome | None:
    """The outcome where nothing changed since the last release, else None: in a second, without Prefect or a model."""
    project.check()
    return _Start.of(project).outcome(project, options or Options())


class Publication:
    """A run of the flow. As a context manager it holds the project's lock (HeldError where another run has it) and its
    worker processes; `do` runs one stage; `outcome` says how it ended."""

    def __init__(self, project: Project, listener: Listener | None = None, options: Options | None = None) -> None:
        self.project = project
        self.listener: Listener = listener or Silence()
        self.options = options or Options()
        self.figures: list[StageFigures] = []
        self.outcome: Outcome | None = None
        self._stack = ExitStack()
        self._state: State | None = None
        self._releasing: Releasing | None = None

    def __enter__(self) -> Publication:
        """Take the lock, mend what a killed run left, and find out whether anything changed."""
        project = self.project
        project.check()
        self._stack.enter_context(hold(project.work))
        try:
            recover(project.dist, project.work)
            start = _Start.of(project)
            self.outcome = start.outcome(project, self.options)
            if self.outcome is None:
                workers = self._stack.enter_context(
                    open_workers(project.settings.run.workers, isolate=project.settings.run.isolate)
                )
                self._state = State(project, workers, self.listener, start.fingerprints, start.inventory)
                self._releasing = Releasing(
                    self._state, start.plan, start.last, self.options.stable, self.options.rewrite
                )
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Let the workers and the lock go."""
        self._stack.close()

    @property
    def unchanged(self) -> bool:
        """Whether there is nothing to do: the last release is what this run would publish."""
        return self.outcome is not None and self.outcome.kind == "unchanged"

    def do(self, stage: str) -> StageFigures:
        """Run one of STAGES; they must be run in order. RefusedError where a gate refuses.

        A stage can be run again after a failure: it takes up what was remembered.
        """
        state, releasing = self._state, self._releasing
        if state is None or releasing is None:
            raise RuntimeError("this publication is not open, or there is nothing to do")
        verbs: dict[str, Callable[[], None]] = {
            "ingest": lambda: ingest_records(state),
            "clean": lambda: clean_records(state),
            "dedup": lambda: dedup_records(state),
            "annotate": lambda: annotate_articles(state),
            "validate": lambda: releasing.validate(self.figures),
            "publish": lambda: self._publish(releasing),
        }
        state.meter = Meter(stage)
        verbs[stage]()
        figures = state.meter.read()
        self.figures = [*(f for f in self.figures if f.name != stage), figures]
        self.listener.finished(figures)
        return figures

    def _publish(self, releasing: Releasing) -> None:
        released = releasing.publish(self.figures)
        if released.new:
            self.outcome = Outcome("published", released.version, released.folder, read_funnel(released.folder))
        else:
            self._unchanged(released.version, released.folder)
        marks = releasing.state.fingerprints
        for step in (*marks, *COPIES):
            if (folder := self.project.cache / step).is_dir():
                prune(folder, marks[COPIES.get(step, step)])

    def _unchanged(self, version: str, folder: Path) -> None:
        self.outcome = Outcome("unchanged", version, folder, read_funnel(folder))


def publish(project: Project, listener: Listener | None = None, options: Options | None = None) -> Outcome:
    """The whole way, from raw files to a release, as one plain function: what the flow does, without Prefect.

    Raises RefusedError where a gate refuses, HeldError where another run holds the project.
    """
    with Publication(project, listener, options) as publication:
        if not publication.unchanged:
            for stage in STAGES:
                publication.do(stage)
        assert publication.outcome is not None
        return publication.outcome
