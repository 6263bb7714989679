"""One Prefect server for all tests of flows, and a publication that only pretends to work."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

FLOWS = Path(__file__).parents[2] / "flows"
sys.path.insert(0, str(FLOWS))


@dataclass
class Fakes:
    """What the pretended publication does: `unchanged`, the errors that stages raise in turn, what was called."""

    unchanged: bool = False
    entering: BaseException | None = None
    errors: dict[str, list[BaseException]] = field(default_factory=lambda: defaultdict(list))
    called: list[str] = field(default_factory=list)
    options: object = None


@dataclass
class Listening:
    """A listener that writes down what it is told."""

    told: list[tuple[str, object]] = field(default_factory=list)

    def started(self, stage: str, total: int | None) -> None:
        self.told.append((stage, total))

    def advanced(self, stage: str, done: int) -> None:
        self.told.append((stage, done))

    def finished(self, figures: object) -> None:
        self.told.append((figures.name, "finished"))


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Prefect's test harness: its temporary server's address."""
    import prefect_environment

    before = dict(os.environ)
    os.environ.pop("PREFECT_API_URL", None)
    prefect_environment.prepare(tmp_path_factory.mktemp("home"))
    from prefect.settings import PREFECT_API_URL
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=180):
        os.environ["PREFECT_API_URL"] = str(PREFECT_API_URL.value())
        yield os.environ["PREFECT_API_URL"]
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def prefect_flow(prefect_server: str) -> ModuleType:
    """The flow's module, imported in Prefect's test environment."""
    import prefect_flow

    return prefect_flow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project's folder, with settings and one article."""
    (tmp_path / "corpus.toml").write_text('name = "pretended"\n')
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "one.txt").write_text("Once upon a time.\n")
    return tmp_path


@pytest.fixture
def fakes(prefect_flow: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Fakes:
    """Puts a pretended publication in the place of the real one."""
    from corpus.report.funnel import Funnel
    from corpus.run import Outcome, StageFigures

    fakes = Fakes()

    class Pretended:
        def __init__(self, project, listener, options):
            fakes.options = options
            self.project, self.listener, self.unchanged = project, listener, fakes.unchanged
            folder = project.dist / "pretended-v0.1.0"
            self.outcome = Outcome("unchanged" if fakes.unchanged else "published", "0.1.0", folder, Funnel(2, 2, ()))

        def __enter__(self):
            if fakes.entering:
                raise fakes.entering
            return self

        def __exit__(self, *error):
            fakes.called.append("closed")

        def do(self, name):
            fakes.called.append(name)
            self.listener.started(name, 4)
            self.listener.advanced(name, 3)
            if fakes.errors[name]:
                raise fakes.errors[name].pop(0)
            figures = StageFigures(name, 2, 2, 0, 0.0, 0.0, 0)
            self.listener.finished(figures)
            return figures

    monkeypatch.setattr(prefect_flow, "Publication", Pretended)
    monkeypatch.setattr(prefect_flow, "RETRY_DELAYS", [0.01])
    return fakes
