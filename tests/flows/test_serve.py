import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from corpus.errors import EnvironmentFaultError, HeldError, SettingsError
from corpus.run import Project, hold

import prefect_environment  # isort: skip - flows/ is on the path since conftest
import serve  # isort: skip
import status  # isort: skip


def settings(project: Path, lines: str) -> None:
    (project / "corpus.toml").write_text(f'name = "pretended"\n[schedule]\n{lines}\n')


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('interval = "15s"', "every 15s"),
        ('cron = "0 6 * * *"\ntimezone = "Europe/London"', "at '0 6 * * *' (Europe/London)"),
    ],
)
def test_the_schedule_is_that_of_the_settings(project, lines, expected):
    settings(project, lines)
    assert serve.describe(Project.find(project)) == expected


def test_without_a_schedule_it_says_what_to_write(project):
    with pytest.raises(SettingsError) as raised:
        serve.serve(project)
    assert 'interval = "6h"' in raised.value.mend
    assert str(project / "corpus.toml") in str(raised.value)


def test_a_schedule_is_served_by_one_process_only(project):
    settings(project, 'interval = "15s"')
    code = "import sys, time; from pathlib import Path; from corpus.run import hold\n"
    code += "with hold(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    other = subprocess.Popen([sys.executable, "-c", code, project / ".corpus" / "prefect"], stdout=subprocess.PIPE)
    try:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(HeldError, match="already"):
            serve.serve(project)
        assert status.holder(project / ".corpus" / "prefect" / "lock") == other.pid
    finally:
        other.kill()
        other.wait()
    assert status.holder(project / ".corpus" / "prefect" / "lock") is None


def test_the_deployment_never_lets_two_runs_overlap(prefect_flow, project):
    import prefect_runner

    settings(project, 'interval = "10m"')
    deployment = prefect_runner.deployment(Project.find(project))
    assert (deployment.concurrency_limit, deployment.concurrency_options.collision_strategy) == (1, "CANCEL_NEW")
    assert deployment.parameters == {"project_dir": str(project), "scheduled": True}
    assert deployment.schedules[0].schedule.interval.total_seconds() == 600
    settings(project, 'cron = "0 6 * * *"\ntimezone = "Europe/London"')
    schedule = prefect_runner.deployment(Project.find(project)).schedules[0].schedule
    assert (schedule.cron, schedule.timezone) == ("0 6 * * *", "Europe/London")


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [('interval = "15s"', 3), ('interval = "1s"', 2), ('interval = "1d"', 10), ('cron = "* * * * *"', 10)],
)
def test_prefect_is_asked_often_enough_and_not_more(prefect_flow, project, lines, seconds):
    import prefect_runner

    settings(project, lines)
    assert prefect_runner.asking_every(Project.find(project).settings.schedule) == seconds


def test_home_is_in_the_project_and_nothing_is_sent(project, monkeypatch):
    monkeypatch.setattr(os, "environ", {})
    prefect_environment.prepare(project)
    assert os.environ["PREFECT_HOME"] == str(project / ".corpus" / "prefect")
    assert (project / ".corpus" / "prefect").is_dir()
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == os.environ["GX_ANALYTICS_ENABLED"] == "false"


def test_a_server_of_the_users_own_is_used_as_it_is(project, monkeypatch):
    monkeypatch.setattr(os, "environ", {"PREFECT_API_URL": "http://prefect.example/api"})
    prefect_environment.prepare(project)
    assert "PREFECT_HOME" not in os.environ
    with prefect_environment.server(project) as url:
        assert url == "http://prefect.example/api"
    assert not (project / ".corpus").exists()


def test_a_home_that_can_not_be_made_is_told(project, monkeypatch):
    monkeypatch.setattr(os, "environ", {})
    (project / ".corpus").write_text("in the way")
    with pytest.raises(EnvironmentFaultError, match=os.strerror(errno.ENOTDIR)):
        prefect_environment.prepare(project)


def test_status_needs_no_server_and_no_release(project, capsys):
    settings(project, 'interval = "15s"')
    assert status.status(project) == 0
    text = capsys.readouterr().out
    assert "none yet" in text
    assert "15s" in text
    assert "nobody" in text


def test_status_says_who_is_at_work(project, capsys):
    with hold(project / ".corpus"):
        status.status(project)
    assert f"a run in process {os.getpid()}" in capsys.readouterr().out


def wait_for(log: Path, text: str, process: subprocess.Popen, seconds: float, times: int = 1) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        said = log.read_text()
        if said.count(text) >= times:
            return said
        assert process.poll() is None, said
        time.sleep(0.2)
    raise AssertionError(f"{text!r} was not said {times} times in {seconds} s: {log.read_text()}")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_serve_fires_again_and_again_and_leaves_nothing_behind(tmp_path):
    from corpus.template import init_project

    project, log = tmp_path / "project", tmp_path / "log"
    init_project(project, "served")
    text = (project / "corpus.toml").read_text()
    assert '# interval = "6h"' in text
    (project / "corpus.toml").write_text(text.replace('# interval = "6h"', 'interval = "15s"'))
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT")}
    with log.open("wb") as output:
        command = [sys.executable, str(project / "flows" / "serve.py"), "--project", str(project)]
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={**environment, "PYTHONUNBUFFERED": "1"}, start_new_session=True
        )
    family = []
    try:
        wait_for(log, "Published: 0.1.0", process, 400)
        wait_for(log, "Unchanged: 0.1.0", process, 200)
        family = psutil.Process(process.pid).children(recursive=True)
        assert len(family) >= 2  # the server and the runner
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert time.monotonic() - started < 15
    finally:
        if process.poll() is None:
            process.kill()
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    releases = json.loads((project / "dist" / "served" / "releases.json").read_text())
    assert [release["version"] for release in releases["releases"]] == ["0.1.0"]
    assert "Traceback" not in log.read_text()
