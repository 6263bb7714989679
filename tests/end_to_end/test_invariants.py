"""What every run keeps true: conservation, order-independence, reuse, resumption, refusal."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import HeldError, ProjectError, RefusedError
from corpus.run import Options, Project, Publication, publish
from corpus.run.lock import hold
from tests.projects import article, new_project, rows, sample_project, write

FILES: dict[str, str | bytes] = {f"one/{n:03}.txt": article(n) for n in range(12)}


def digest(outcome) -> str:
    return str(json.loads((outcome.folder / "manifest.json").read_text())["digest"])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory):
    project = new_project(tmp_path_factory.mktemp("small") / "p", FILES, enabled="false")
    return project, publish(project)


def test_nothing_new_is_no_release(small) -> None:
    project, first = small
    again = publish(project)
    assert (again.kind, again.version) == ("unchanged", first.version)


def test_workers_batches_and_order_of_writing_change_nothing(small, tmp_path: Path) -> None:
    _, first = small
    backwards = dict(reversed(list(FILES.items())))
    project = new_project(tmp_path / "p", backwards, enabled="false", workers="2", batch_records="5")
    assert digest(publish(project)) == digest(first)


def test_the_same_parent_gives_the_same_parquet_bytes(small, tmp_path: Path) -> None:
    _, first = small
    project = new_project(tmp_path / "p", FILES, enabled="false", workers="1", batch_records="3")
    again = publish(project).folder
    for path in sorted(first.folder.rglob("*.parquet")):
        assert path.read_bytes() == (again / path.relative_to(first.folder)).read_bytes(), path.name


def test_an_incremental_run_equals_a_full_one_and_computes_only_what_is_new(tmp_path: Path) -> None:
    project = new_project(tmp_path / "a", FILES, enabled="false")
    publish(project)
    write(project.root, {"one/005b.txt": article(77)})
    with Publication(project) as run:
        figures = {name: run.do(name) for name in ("ingest", "clean", "dedup", "annotate", "validate", "publish")}
        assert run.outcome is not None
        grown = run.outcome
    assert figures["ingest"].reused == 12
    assert figures["clean"].reused == 12
    assert figures["dedup"].reused == 12
    assert grown.version == "0.2.0"
    full = publish(new_project(tmp_path / "b", FILES | {"one/005b.txt": article(77)}, enabled="false"))
    assert digest(grown) == digest(full)
    firsts = {row["first_version"] for row in rows(grown.folder, "articles")}
    assert firsts == {"0.1.0", "0.2.0"}


def test_a_changed_threshold_extracts_nothing_again(tmp_path: Path) -> None:
    project = new_project(tmp_path / "a", FILES | {"one/short.txt": "Brief\n\nOnly a few words here."}, enabled="false")
    publish(project)
    toml = project.root / "corpus.toml"
    toml.write_text(toml.read_text().replace("min_words = 25", "min_words = 3"))
    with Publication(Project.find(project.root)) as run:
        figures = {name: run.do(name) for name in ("ingest", "clean", "dedup", "annotate", "validate", "publish")}
        assert run.outcome is not None and run.outcome.funnel.published == 13
    assert figures["clean"].reused == figures["clean"].rows_in == 13
    assert figures["dedup"].reused == 12


def test_a_deleted_file_leaves_the_next_release(tmp_path: Path) -> None:
    project = new_project(tmp_path / "a", FILES, enabled="false")
    publish(project)
    (project.raw / "one/003.txt").unlink()
    outcome = publish(project)
    assert outcome.funnel.published == 11
    without = {k: v for k, v in FILES.items() if k != "one/003.txt"}
    assert digest(outcome) == digest(publish(new_project(tmp_path / "b", without, enabled="false")))


KILLED = """
import os, signal, sys
from pathlib import Path
from corpus.run import Project, Publication
import corpus.run.publication as module
stage = sys.argv[2]
with Publication(Project.find(Path(sys.argv[1]))) as run:
    for name in ("ingest", "clean", "dedup", "annotate", "validate", "publish"):
        if name == stage:
            os.kill(os.getpid(), signal.SIGKILL)
        run.do(name)
"""


@pytest.mark.parametrize("stage", ["clean", "dedup", "publish"])
def test_a_killed_run_is_taken_up_by_the_next(small, tmp_path: Path, stage: str) -> None:
    _, first = small
    project = new_project(tmp_path / "p", FILES, enabled="false")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(project.root), stage], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    assert not project.dist.exists() or not (project.dist / "releases.json").exists()
    with Publication(project) as run:
        figures = {name: run.do(name) for name in ("ingest", "clean", "dedup", "annotate", "validate", "publish")}
        assert run.outcome is not None
        assert digest(run.outcome) == digest(first)
    if stage != "clean":
        assert figures["clean"].reused == 12
    assert {p.name for p in project.dist.iterdir()} == {"releases.json", "tiny-v0.1.0"}


def test_a_refused_run_publishes_nothing_and_keeps_its_report(tmp_path: Path) -> None:
    project = new_project(tmp_path / "p", FILES, enabled="false")
    first = publish(project)
    before = {p: p.stat().st_mtime_ns for p in project.dist.rglob("*")}
    for path in (project.raw / "one").iterdir():
        path.write_text("too short")
    with pytest.raises(RefusedError, match="articles"):
        publish(project)
    assert {p: p.stat().st_mtime_ns for p in project.dist.rglob("*")} == before
    assert (project.work / "refused" / "index.html").is_file()
    assert not (project.work / "staging").exists()
    assert first.folder.is_dir()


def test_raw_files_that_vanish_in_numbers_are_refused(tmp_path: Path) -> None:
    many: dict[str, str | bytes] = {f"one/{n:03}.txt": article(n) for n in range(40)}
    project = new_project(tmp_path / "p", many, enabled="false")
    publish(project)
    for n in range(25):
        (project.raw / f"one/{n:03}.txt").unlink()
    with pytest.raises(RefusedError, match="vanish"):
        publish(project)


def test_a_missing_suite_refuses(tmp_path: Path) -> None:
    project = new_project(tmp_path / "p", FILES, enabled="false")
    (project.expectations / "articles.json").unlink()
    with pytest.raises(RefusedError, match="articles"):
        publish(project)


def test_an_empty_raw_folder_and_a_missing_one_are_the_users_to_mend(tmp_path: Path) -> None:
    project = new_project(tmp_path / "p", {})
    with pytest.raises(ProjectError, match="holds no file"):
        publish(project)
    shutil.rmtree(project.raw)
    with pytest.raises(ProjectError, match="no folder raw"):
        publish(project)


def test_another_run_is_told_that_the_project_is_held(small) -> None:
    project, _ = small
    code = (
        "import sys,pathlib,time\nfrom corpus.run.lock import hold\n"
        "with hold(pathlib.Path(sys.argv[1])):\n print(1, flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(project.work)], stdout=subprocess.PIPE)
    assert other.stdout is not None
    other.stdout.readline()
    try:
        with pytest.raises(HeldError):
            publish(project)
    finally:
        other.kill()
        other.wait()
    with hold(project.work):
        pass


def test_rewrite_makes_a_patch_with_the_same_rows(tmp_path: Path) -> None:
    project = new_project(tmp_path / "p", FILES, enabled="false")
    first = publish(project)
    second = publish(project, options=Options(rewrite=True))
    assert second.version == "0.1.1"
    assert digest(second) == digest(first)
    third = publish(project, options=Options(stable=True))
    assert third.version == "1.0.0"


def test_settings_and_code_are_compared_before_anything_heavy_is_imported(small) -> None:
    project, _ = small
    code = (
        "import sys, pathlib\nfrom corpus.run import Project, unchanged\n"
        "assert unchanged(Project.find(pathlib.Path(sys.argv[1]))) is not None\n"
        "heavy = ('prefect', 'spacy', 'trafilatura', 'great_expectations', 'numba', 'datasets', 'duckdb')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(project.root)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


BAD: dict[str, str | bytes] = {
    "bad/empty.txt": b"",
    "bad/nul.txt": b"\x00\x01\x02\x03" * 50,
    "bad/broken.jsonl": b'{"text": "half\n{"id": 1}\n[1, 2]\n',
    "bad/deep.html": b"<div>" * 50_000 + b"text" + b"</div>" * 50_000,
    "bad/latin.txt": "Fa\xe7ade\n\n".encode("latin-1") + b"word " * 60,
    "bad/surrogate.jsonl": b'{"id": "s", "text": "\\ud800 lone ' + b"word " * 40 + b'"}\n',
    "bad/feed.xml": b"<rss><channel><item><title>x</title>",
    "bad/\xff-name.txt".encode("latin-1").decode("latin-1"): article(99),
}


def test_bad_input_never_stops_a_run_and_never_disappears(tmp_path: Path) -> None:
    project = new_project(tmp_path / "p", FILES | BAD, enabled="false")
    raw = os.fsencode(project.raw)
    Path(os.fsdecode(raw + b"/bad/\xfe\xff.txt")).write_text(article(98))
    (project.raw / "bad" / "outside.txt").symlink_to("/etc/hostname")
    (project.raw / "bad" / "dangling.txt").symlink_to("nowhere")
    (project.raw / "bad" / "inside.txt").symlink_to(project.raw / "one/000.txt")
    os.mkfifo(project.raw / "bad" / "pipe.txt")
    outcome = publish(project)
    ledger = rows(outcome.folder, "records")
    fates = {row["raw_path"]: row["fate"] for row in ledger}
    assert fates["bad/empty.txt"] == "rejected"
    assert fates["bad/nul.txt"] == "rejected"
    assert fates["bad/outside.txt"] == fates["bad/pipe.txt"] == fates["bad/dangling.txt"] == "quarantined"
    assert {fates["bad/inside.txt"], fates["one/000.txt"]} == {"published", "duplicate"}
    assert fates["bad/latin.txt"] == "published"
    pipe = next(row for row in ledger if row["raw_path"] == "bad/pipe.txt")
    assert pipe["sha256"] is None and pipe["byte_start"] is None
    assert all(row["reasons"] for row in ledger if row["fate"] != "published")
    assert len({row["raw_path"] for row in ledger}) == len(FILES) + len(BAD) + 5
    said = json.dumps(ledger, default=str)
    assert str(project.root) not in said and "Traceback" not in said


@pytest.mark.slow
def test_an_interrupt_in_the_middle_exits_with_130_and_leaves_no_process(tmp_path: Path) -> None:
    project = sample_project(tmp_path / "p")
    # A shell's background job ignores SIGINT, and so does all it starts: the command is to hear it however pytest runs.
    front = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    command = [sys.executable, "-m", "corpus.cli", "publish", "--project", str(project.root)]
    started = subprocess.Popen(
        [sys.executable, "-c", front, *command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    deadline = time.time() + 120
    while not (project.cache / "ingest.read").exists() and time.time() < deadline:
        time.sleep(0.1)
    os.killpg(started.pid, signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert started.returncode == 130, (out, err)
    assert "Traceback" not in err
    assert not (project.dist / "releases.json").exists()
    assert publish(project).version == "0.1.0"
