import errno
import importlib.util
from pathlib import Path

import pytest

from corpus.errors import EnvironmentFaultError, HeldError, RefusedError, SettingsError
from corpus.run import STAGES, Options

from .conftest import FLOWS, Listening


@pytest.fixture
def run_flow(fakes):
    """`run_flow`, loaded by path as the command line loads it."""
    spec = importlib.util.spec_from_file_location("project_flow_publish", FLOWS / "publish.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.run_flow


def client():
    from prefect.client.orchestration import get_client

    return get_client(sync_client=True)


def last_run():
    from prefect.client.schemas.sorting import FlowRunSort

    with client() as api:
        return api.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)[0]


def test_every_stage_runs_once_in_order_and_the_outcome_comes_out(run_flow, project, fakes):
    listening = Listening()
    outcome = run_flow(project, listening)
    assert fakes.called == [*STAGES, "closed"]
    assert (outcome.kind, outcome.version) == ("published", "0.1.0")
    assert [told for told in listening.told if told[1] == "finished"] == [(name, "finished") for name in STAGES]
    assert listening.told[:2] == [("ingest", 4), ("ingest", 3)]


def test_the_run_has_a_readable_name_and_ends_completed(run_flow, project):
    run_flow(project)
    run = last_run()
    assert run.name.startswith("publish pretended 2") and run.name.endswith(" UTC")
    assert run.state_name == "Completed"


def test_what_the_user_asks_for_reaches_the_publication(run_flow, project, fakes):
    run_flow(project, options=Options(stable=True))
    assert fakes.options == Options(stable=True, rewrite=False)


def test_nothing_new_runs_no_stage(run_flow, project, fakes):
    fakes.unchanged = True
    assert run_flow(project).kind == "unchanged"
    assert fakes.called == ["closed"]


def test_a_transient_error_of_a_disk_is_tried_again(run_flow, project, fakes):
    fakes.errors["clean"] = [OSError(errno.EIO, "I/O error"), OSError(errno.ESTALE, "stale file handle")]
    assert run_flow(project).kind == "published"
    assert fakes.called.count("clean") == 3
    assert fakes.called.count("ingest") == 1


def test_a_transient_error_that_stays_comes_out_after_two_retries(run_flow, project, fakes):
    fakes.errors["clean"] = [OSError(errno.EIO, "I/O error") for _ in range(5)]
    with pytest.raises(OSError, match="I/O error"):
        run_flow(project)
    assert fakes.called == ["ingest", "clean", "clean", "clean", "closed"]


@pytest.mark.parametrize(
    "error",
    [
        RefusedError("a gate refused", mend="look"),
        SettingsError("unknown key"),
        EnvironmentFaultError("the disk is full"),
        OSError(errno.ENOSPC, "no space left"),
        PermissionError(errno.EACCES, "denied"),
        ValueError("a fault of ours"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_error_comes_out_as_it_was_raised_and_is_not_tried_again(run_flow, project, fakes, capfd, error):
    fakes.errors["validate"] = [error]
    with pytest.raises(type(error)) as raised:
        run_flow(project)
    assert raised.value is error
    assert fakes.called == [*STAGES[:5], "closed"]
    assert last_run().state_name == "Failed"
    assert capfd.readouterr() == ("", "")


def test_a_held_project_comes_out_as_held(run_flow, project, fakes):
    fakes.entering = HeldError("another run")
    with pytest.raises(HeldError):
        run_flow(project)


def test_ctrl_c_comes_out_as_it_is_and_prints_nothing(run_flow, project, fakes, capfd):
    fakes.errors["dedup"] = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        run_flow(project)
    assert fakes.called == [*STAGES[:3], "closed"]
    assert last_run().state_name == "Crashed"
    assert capfd.readouterr() == ("", "")


def test_the_run_leaves_funnel_report_and_progress(run_flow, project):
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

    run_flow(project)
    run = last_run()
    with client() as api:
        found = api.request(
            "POST",
            "/artifacts/filter",
            json={
                "artifacts": ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id])).model_dump(mode="json")
            },
        ).json()
    kinds = {artifact["key"]: artifact["type"] for artifact in found}
    assert kinds.pop("funnel") == "table"
    assert kinds.pop("report") == "markdown"
    assert kinds == {f"progress-{name}": "progress" for name in STAGES}
    assert {artifact["data"] for artifact in found if artifact["type"] == "progress"} == {100.0}
    report = next(artifact["data"] for artifact in found if artifact["key"] == "report")
    assert Path(project / "dist/pretended/pretended-v0.1.0/report/index.html").as_uri() in report


@pytest.mark.parametrize(
    ("error", "name", "kind"),
    [
        (HeldError("another run"), "Skipped", "COMPLETED"),
        (RefusedError("too few rows"), "Refused", "FAILED"),
        (SettingsError("unknown key"), "Settings", "FAILED"),
    ],
)
def test_a_scheduled_run_ends_in_a_named_state(prefect_flow, project, fakes, error, name, kind):
    fakes.entering = error
    state = prefect_flow.publish(str(project), scheduled=True, return_state=True)
    assert (state.name, state.type.value, state.message) == (name, kind, str(error))


def test_a_scheduled_run_with_nothing_new_says_so(prefect_flow, project, fakes):
    fakes.unchanged = True
    state = prefect_flow.publish(str(project), scheduled=True, return_state=True)
    assert (state.name, state.message) == ("Unchanged", "0.1.0")


def test_a_scheduled_run_of_a_broken_project_fails_with_its_reason(prefect_flow, project, fakes):
    (project / "corpus.toml").write_text("name = 7\n")
    state = prefect_flow.publish(str(project), scheduled=True, return_state=True)
    assert state.name == "Settings"
    assert "corpus.toml" in state.message


def test_a_killed_run_is_called_crashed_by_the_next_one_of_its_project_and_no_other_run_is(
    run_flow, prefect_flow, project, tmp_path
):
    from prefect.client.schemas.objects import StateType
    from prefect.states import Running
    from prefect_dead_runs import project_tag

    def left_running(*tags):  # what a process leaves that is killed in its flow
        with client() as api:
            return api.create_flow_run(
                prefect_flow.publish, parameters={"project_dir": str(project)}, tags=tags, state=Running()
            ).id

    killed = left_running(project_tag(project))
    others = [left_running(project_tag(tmp_path / "another")), left_running()]
    run_flow(project)
    with client() as api:
        state = api.read_flow_run(killed).state
        assert (state.type, state.message) == (StateType.CRASHED, "its process was ended before it was done")
        assert {api.read_flow_run(one).state.type for one in others} == {StateType.RUNNING}
    assert last_run().state_name == "Completed"
