"""The command line: exit codes of the contract, plain output, messages that say how to mend."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.cli import app, run
from corpus.run.lock import hold
from tests.projects import new_project


def corpus(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "corpus.cli", *arguments], cwd=cwd, capture_output=True, text=True, check=False,
        env={**os.environ, "COLUMNS": "200", **environment},
    )  # fmt: skip


def test_help_lists_every_command_and_each_explains_itself() -> None:
    listed = corpus("--help").stdout
    for command in app.registered_commands:
        name = command.callback.__name__
        assert name in listed
        assert command.callback.__doc__
        assert corpus(name, "--help").returncode == 0


def test_no_project_is_a_usage_error(tmp_path: Path) -> None:
    done = corpus("publish", cwd=tmp_path)
    assert done.returncode == 2
    assert "corpus init" in done.stderr


def test_an_unknown_command_or_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["nonsense"]) == 2
    assert run(["publish", "--nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err


def test_a_wrong_key_names_line_and_right_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = new_project(tmp_path / "p", {"a.txt": "x"})
    toml = project.root / "corpus.toml"
    toml.write_text(toml.read_text().replace("min_words", "min_word", 1))
    assert run(["publish", "--project", str(project.root)]) == 2
    said = capsys.readouterr().err
    assert "did you mean `min_words`" in said
    assert "line " in said


def test_a_held_project_exits_with_4(tmp_path: Path) -> None:
    project = new_project(tmp_path / "p", {"a.txt": "x"})
    with hold(project.work):
        done = corpus("publish", "--project", str(project.root))
    assert done.returncode == 4
    assert str(os.getpid()) in done.stderr


def test_an_empty_raw_folder_exits_with_2(tmp_path: Path) -> None:
    project = new_project(tmp_path / "p", {})
    done = corpus("publish", "--project", str(project.root))
    assert done.returncode == 2
    assert "holds no file" in done.stderr
    assert "Traceback" not in done.stderr


def test_init_makes_a_project_and_does_not_overwrite_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "news"
    assert run(["init", str(folder), "--name", "my-news"]) == 0
    assert {"corpus.toml", "raw", "flows", "expectations"} <= {path.name for path in folder.iterdir()}
    assert run(["init", str(folder), "--name", "my-news"]) == 2
    assert run(["init", str(tmp_path / "other"), "--name", "My News"]) == 2
    assert "can't be a dataset's name" in capsys.readouterr().err


def test_releases_are_read_without_the_pipeline(release: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    blocked = ("prefect", "spacy", "trafilatura", "great_expectations", "pydantic_settings", "duckdb", "numba", "loky")
    (hidden / "sitecustomize.py").write_text(f"import sys\nfor name in {blocked!r}:\n    sys.modules[name] = None\n")
    paths = os.pathsep.join([str(hidden), *filter(None, [os.environ.get("PYTHONPATH")])])
    questions = (
        ["verify", str(release)], ["versions", "--project", str(release.parents[2])],
        ["diff", str(release), str(release)], ["why", "scrape/empty.txt", "--version", str(release)],
    )  # fmt: skip
    for arguments in questions:
        done = corpus(*arguments, cwd=tmp_path, PYTHONPATH=paths)
        assert done.returncode == 0, (arguments, done.stderr)
    done = corpus("publish", "--project", str(release.parents[2]), PYTHONPATH=paths)
    assert done.returncode == 2
    assert "corpus[pipeline]" in done.stderr


def test_verify_exits_with_1_on_a_changed_byte(release: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / release.name
    shutil.copytree(release, copy)
    page = copy / "report" / "index.html"
    page.write_bytes(page.read_bytes() + b" ")
    done = corpus("verify", str(copy))
    assert done.returncode == 1
    assert "report/index.html" in done.stdout
    assert corpus("verify", "--quick", str(release)).returncode == 0


def test_output_is_plain_where_it_is_no_terminal(release: Path) -> None:
    done = corpus("why", "scrape/shadow-photo.txt", "--version", str(release))
    assert "\x1b[" not in done.stdout
    assert "binary" in done.stdout


@pytest.mark.slow
def test_publish_says_the_funnel_the_version_and_how_to_load(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    run(["init", str(folder), "--name", "my-news"])
    done = corpus("publish", "--project", str(folder))
    assert done.returncode == 0, done.stderr
    assert "my-news 0.1.0" in done.stdout
    assert "load_dataset(" in done.stdout
    assert done.stderr == ""
    again = corpus("publish", "--project", str(folder))
    assert "no new version" in again.stdout
    flow = subprocess.run([sys.executable, str(folder / "flows" / "publish.py"), "--project", str(folder)],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert flow.returncode == 0
    assert "no new version" in flow.stdout


@pytest.mark.slow
def test_a_refusal_exits_with_3(tmp_path: Path) -> None:
    project = new_project(tmp_path / "p", {"a.txt": "too short"})
    done = corpus("publish", "--project", str(project.root))
    assert done.returncode == 3, done.stderr
    assert "gates refuse" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupt_within_generated_code_exits_with_130_too(tmp_path: Path) -> None:
    # CPython remembers an interrupt inside of exec(), as dataclasses use it, and a module run by -m would die of it.
    (tmp_path / "inside.py").write_text(
        "import corpus.cli as c\nc.app = lambda **_: exec('raise KeyboardInterrupt')\nc.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "inside"], cwd=tmp_path, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 130
    assert done.stderr.startswith("Interrupted") and "Traceback" not in done.stderr
