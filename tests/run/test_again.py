"""`corpus verify --full`: made again from raw files, a release has the same digests, or it is said what differs."""

from __future__ import annotations

import json
import shutil

import pytest

from corpus.cli import run
from corpus.publish.verify import verify
from corpus.run import Project, publish
from corpus.run.again import verify_again
from tests.projects import article, new_project, write

FILES: dict[str, str | bytes] = {f"one/{n}.txt": article(n) for n in range(6)}


@pytest.mark.slow
def test_the_raw_files_give_the_digests_again_and_other_raw_files_do_not(tmp_path, capsys) -> None:
    project = new_project(tmp_path / "p", FILES, enabled="false")
    publish(project)
    write(project.root, {"two/late.txt": article(31)})
    release = publish(project).folder
    assert run(["verify", "--full", "--json", "--project", str(project.root)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["checks"][-1] == "made again" and not said["faults"]
    assert not (project.work / "again").exists()

    write(project.root, {"one/3.txt": article(3) + "\n\nAnd a last word from nobody."})
    wrong = [fault.what for fault in verify_again(verify(release), Project.find(project.root)).faults]
    assert any(what.startswith("articles: made again, its digest is") for what in wrong)
    assert wrong[-1].startswith("the raw files are not those")
    shutil.rmtree(project.raw / "two")
    assert run(["verify", "--full", "--project", str(project.root)]) == 1
