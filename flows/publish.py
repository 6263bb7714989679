"""The flow raw → release, run once: `python flows/publish.py [--project DIR]` does what `corpus publish` does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))  # the files beside this one, from wherever it is loaded

import prefect_environment

if TYPE_CHECKING:
    from corpus.run import Listener, Options, Outcome


def run_flow(
    project_dir: Path,
    listener: Listener | None = None,
    *,
    options: Options | None = None,
    verbose: bool = False,
) -> Outcome:
    """Run the flow on the project and return what came of it; `listener` is told of every stage.

    Needs no running server: it starts one for itself unless PREFECT_API_URL is set. The package's own errors come out
    as they were raised; EnvironmentFaultError where Prefect's server can't be started.
    """
    prefect_environment.prepare(project_dir, verbose=verbose)
    with prefect_environment.server(project_dir, "--no-ui", "--no-scheduler", "--no-late-runs") as url:
        import prefect_flow
        from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings

        # Prefect may have been imported, and so have read its settings, before there was this server. Its log lines
        # say what the states say, and those still on their way when the server ends would be an error message.
        with temporary_settings({PREFECT_API_URL: url, PREFECT_LOGGING_TO_API_ENABLED: False}):
            return prefect_flow.run(project_dir.resolve(), listener, options)


if __name__ == "__main__":
    from corpus.cli import run

    sys.exit(run(["publish", *sys.argv[1:]]))
