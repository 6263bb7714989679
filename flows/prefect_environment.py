"""What Prefect runs in: its home in the project, no telemetry, and a server of its own on loopback.

Nothing here imports Prefect, which reads its settings when it is imported: call `prepare` before.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import EnvironmentFaultError

QUIET = {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
"""No telemetry, from Prefect or from Great Expectations."""
KEEPING = {
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(7 * 86400),  # seconds; else runs are kept for ever
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P7D",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",  # 20 s are too few on a busy machine
}
"""What Prefect keeps and how long it may take; a variable that is set already wins."""
LOOPBACK = "127.0.0.1"
STOP_SECONDS = 5.0


def prepare(project_dir: Path, *, verbose: bool = False) -> None:
    """Set the environment that Prefect is to be imported in: home in `.corpus/prefect` unless PREFECT_API_URL is set.

    Raises EnvironmentFaultError where that folder can't be made.
    """
    os.environ.update(QUIET)
    for name, value in KEEPING.items():
        os.environ.setdefault(name, value)
    level = "INFO" if verbose else "WARNING"
    os.environ["PREFECT_LOGGING_LEVEL"] = os.environ["PREFECT_SERVER_LOGGING_LEVEL"] = level
    # Errors reach the caller as exceptions with a message of their own; Prefect would print each of them, twice.
    os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = level if verbose else "CRITICAL"
    for name in ("NO_PROXY", "no_proxy"):  # a proxy can't reach this machine's loopback
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), LOOPBACK)))
    if "PREFECT_API_URL" not in os.environ:
        os.environ["PREFECT_HOME"] = str(_make_home(project_dir))


def _make_home(project_dir: Path) -> Path:
    home = project_dir.resolve() / ".corpus" / "prefect"
    try:
        home.mkdir(parents=True, exist_ok=True)  # Prefect makes it without its parents, and fails after 28 s
    except OSError as error:
        raise EnvironmentFaultError(
            f"Prefect's home can't be made: {error.strerror}", where=str(home), mend="grant write permission"
        ) from error
    return home


@contextmanager
def server(project_dir: Path, *options: str) -> Iterator[str]:
    """Run Prefect's server while the block lasts and yield its API's address, or PREFECT_API_URL where that is set.

    `options` go to `prefect server start`. The server is a child in a session of its own: Ctrl-C must reach the flow
    and not the server, or the flow waits a minute for a server that is gone. It ends with this process, however that
    ends. Raises EnvironmentFaultError where it doesn't answer in time.
    """
    if outside := os.environ.get("PREFECT_API_URL"):
        yield outside
        return
    home = _make_home(project_dir)
    port = _free_port()
    this_file = str(Path(__file__).resolve())
    command = [sys.executable, "-P", this_file, "server", "start", "--host", LOOPBACK, "--port", str(port), *options]
    environment = {**os.environ, "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home / "ui")}
    log = home / "server.log"
    with log.open("wb") as output:
        child = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    url = f"http://{LOOPBACK}:{port}/api"
    try:
        _await(child, url, log)
        os.environ["PREFECT_API_URL"] = url
        yield url
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        stop(child)


def end_with_parent() -> None:
    """Ask the kernel to end this process when its parent is gone (Linux; elsewhere a killed parent leaves it)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1  # linux/prctl.h
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _await(child: subprocess.Popen[bytes], url: str, log: Path) -> None:
    seconds = float(os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"])
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and child.poll() is None:
        try:
            with opener.open(f"{url}/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    found = f"ended with code {child.returncode}" if child.poll() is not None else f"did not answer in {seconds:.0f} s"
    raise EnvironmentFaultError(f"Prefect's server {found}", where=str(log), mend="this log says why; then start again")


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a child by SIGTERM, and by SIGKILL after `STOP_SECONDS`."""
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


if __name__ == "__main__":  # the command line of Prefect, in a process that doesn't outlive its parent
    end_with_parent()
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)
