"""`corpus push` and loading what was pushed, through the real client, against a stand-in for the hub over HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from tests.hub.standin import TOKEN, Hub, Trouble, serve
from tests.publish.made import NAME, make_tables, publish

REPO = f"owner/{NAME}"


@pytest.fixture
def hub():
    state = Hub()
    server = serve(state)
    yield state
    server.shutdown()
    server.server_close()


def licensed(n: int = 6, licence: str | None = "CC-BY-4.0", **said) -> dict[str, pa.Table]:
    tables = make_tables(n, **said)
    articles = tables["articles"]
    at = articles.schema.get_field_index("license")
    values = pa.array([licence] * articles.num_rows, pa.string())
    tables["articles"] = articles.set_column(at, articles.schema.field(at), values)
    return tables


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Path:
    """A project with one release whose articles are all CC-BY-4.0, for reading only."""
    root = tmp_path_factory.mktemp("ready")
    (root / "corpus.toml").write_text(f'name = "{NAME}"\n')
    publish(root, licensed())
    return root


def corpus(hub: Hub, tmp_path: Path, *arguments: str, token: str = TOKEN) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ, "HF_ENDPOINT": hub.url, "HF_TOKEN": token, "HF_HOME": str(tmp_path / "hf"), "COLUMNS": "200",
        "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_DATASETS_CACHE": str(tmp_path / "hf" / "datasets"),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, env=environment, timeout=200
    )
    assert TOKEN not in done.stdout + done.stderr
    return done


def push(hub: Hub, tmp_path: Path, project: Path, *more: str, token: str = TOKEN):
    return corpus(hub, tmp_path, "-m", "corpus.cli", "push", REPO, "--project", str(project), *more, token=token)


LOAD = """
import sys
from datasets import load_dataset
name = sys.argv[1]
articles = load_dataset(name, revision="v0.1.0", split="train")
mentions = load_dataset(name, "mentions", revision="v0.1.0", split="train")
streamed = load_dataset(name, revision="v0.1.0", split="train", streaming=True)
print(len(articles), len(mentions), sum(1 for _ in streamed), articles[0]["text"][:9])
"""


def test_a_release_is_one_commit_and_its_tag_and_loads_from_there(hub, ready, tmp_path) -> None:
    done = push(hub, tmp_path, ready, "--private")
    assert done.returncode == 0, done.stderr
    assert hub.private is True
    release = ready / "dist" / NAME / f"{NAME}-v0.1.0"
    local = {p.relative_to(release).as_posix(): p.read_bytes() for p in release.rglob("*") if p.is_file()}
    assert hub.commits[1:] == [local]
    assert hub.tags == {"v0.1.0": 1}
    order = [one for one in hub.asked if "/commit/" in one or "/tag/" in one or "/resolve/" in one]
    assert "/commit/" in order[0] and "/tag/" in order[1] and all("/resolve/v0.1.0/" in one for one in order[2:])
    assert {one.split("/resolve/v0.1.0/")[1] for one in order[2:]} == local.keys()

    again = push(hub, tmp_path, ready)
    assert again.returncode == 0 and "there already" in again.stdout
    assert len(hub.commits) == 2

    loaded = corpus(hub, tmp_path, "-c", LOAD, REPO)
    assert loaded.returncode == 0, loaded.stderr[-2000:]
    assert loaded.stdout.split("\n")[-2] == "6 12 6 Ana Ortiz"


@pytest.mark.slow
def test_what_fails_for_a_while_is_tried_again_and_waits_as_long_as_it_is_told_to(hub, ready, tmp_path) -> None:
    hub.troubles += [
        Trouble("PUT", "/lfs/", "500"), Trouble("PUT", "/lfs/", "429"), Trouble("PUT", "/lfs/", "cut"),
        Trouble("POST", "/objects/batch", "503"), Trouble("POST", "/preupload/", "429"),
        Trouble("POST", "/repos/create", "500"), Trouble("POST", "/commit/", "500"), Trouble("POST", "/tag/", "502"),
        Trouble("POST", "/commit/", "429", wait=3), Trouble("POST", "/tag/", "429", wait=3),
    ]  # fmt: skip
    done = push(hub, tmp_path, ready)
    assert done.returncode == 0, done.stderr
    assert len(hub.commits) == 2 and hub.tags == {"v0.1.0": 1}
    assert not any(trouble.times for trouble in hub.troubles)
    for where in ("/commit/", "/tag/"):
        at = [when for one, when in zip(hub.asked, hub.asked_at, strict=True) if where in one]
        assert len(at) == 3 and at[2] - at[1] >= 3  # as long as Retry-After said; by itself it would wait 2 s


@pytest.mark.slow
@pytest.mark.parametrize("where", ["/commit/", "/tag/"])
def test_what_was_done_and_whose_answer_was_lost_is_not_done_twice(hub, ready, tmp_path, where) -> None:
    hub.troubles.append(Trouble("POST", where, "late"))
    done = push(hub, tmp_path, ready)
    assert done.returncode == 0, done.stderr
    assert hub.count("POST", where) == 2
    assert len(hub.commits) == 2 and hub.tags == {"v0.1.0": 1}


@pytest.mark.slow
@pytest.mark.parametrize("where", ["/commit/", "/tag/"])
def test_a_push_that_was_cut_short_is_taken_up_where_it_stopped(hub, ready, tmp_path, where) -> None:
    hub.troubles.append(Trouble("POST", where, "501"))  # a status that is not tried again
    first = push(hub, tmp_path, ready)
    assert first.returncode == 2 and "push again" in first.stderr
    assert not hub.tags
    uploads = hub.count("PUT", "/lfs/")
    assert uploads == len(hub.objects) > 0
    second = push(hub, tmp_path, ready)
    assert second.returncode == 0, second.stderr
    assert hub.count("PUT", "/lfs/") == uploads
    assert len(hub.commits) == 2 and hub.tags == {"v0.1.0": 1}


@pytest.mark.slow
def test_other_bytes_than_were_pushed_are_found_by_reading_back(hub, ready, tmp_path) -> None:
    name = "links/train-00000.parquet"
    right = (ready / "dist" / NAME / f"{NAME}-v0.1.0" / name).read_bytes()
    hub.wrong[name] = right[:100] + bytes([right[100] ^ 1]) + right[101:]
    done = push(hub, tmp_path, ready)
    assert done.returncode == 1
    assert name in done.stderr and "sha256" in done.stderr


@pytest.mark.slow
def test_a_wrong_token_is_told_without_being_shown(hub, ready, tmp_path) -> None:
    done = push(hub, tmp_path, ready, token="hf_anotherwrongone")
    assert done.returncode == 2 and "401" in done.stderr
    assert "hf_another" not in done.stdout + done.stderr
    assert len(hub.commits) == 1


@pytest.mark.slow
def test_a_later_release_is_one_more_commit_without_what_it_has_not(hub, tmp_path) -> None:
    (tmp_path / "corpus.toml").write_text(f'name = "{NAME}"\n')
    publish(tmp_path, licensed())
    assert push(hub, tmp_path, tmp_path).returncode == 0
    second = publish(tmp_path, licensed(8), version="0.2.0", parent="0.1.0")
    hub.commits[-1]["old/file.txt"] = b"x"
    done = push(hub, tmp_path, tmp_path)
    assert done.returncode == 0, done.stderr
    assert hub.tags == {"v0.1.0": 1, "v0.2.0": 2}
    assert hub.commits[2].keys() == {p.relative_to(second).as_posix() for p in second.rglob("*") if p.is_file()}
    hub.commits[2]["README.md"] += b"!"
    assert push(hub, tmp_path, tmp_path).returncode == 4
