import errno
import json
import os
import shutil
import stat
from dataclasses import replace

import pytest

from corpus.errors import EnvironmentFaultError, HeldError, ProjectError
from corpus.publish.commit import commit, recover
from corpus.publish.releases import Release, find_release, read_releases

NAME = "harbour-news"
V1, V2 = f"{NAME}-v0.1.0", f"{NAME}-v0.2.0"


def fill(folder, version):
    """As little as a release can be: what it holds is nothing to the commit."""
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / "train-00000.parquet").write_text(f"rows of {version}")
    files = {"articles/train-00000.parquet": {"bytes": 13}}
    (folder / "manifest.json").write_text(json.dumps({"version": version, "files": files}))


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A project with one release and a second one staged: copied for each test."""
    root = tmp_path_factory.mktemp("ready")
    first = Release("0.1.0", None, "2024-05-01T00:00:00Z", "d1", "m1", {"articles": 1}, V1)
    second = Release("0.2.0", "0.1.0", "2024-05-01T00:00:00Z", "d2", "m2", {"articles": 1}, V2)
    for release in (first, second):
        fill(root / ".corpus" / "staging" / release.folder, release.version)
    commit(root / ".corpus" / "staging" / V1, root / "dist" / NAME, root / ".corpus", first)
    return root, second


@pytest.fixture
def project(ready, tmp_path):
    root, release = ready
    shutil.copytree(root, tmp_path / "p")
    return Project(tmp_path / "p", release)


class Project:
    def __init__(self, root, release):
        self.root, self.release = root, release
        self.dist, self.work = root / "dist" / NAME, root / ".corpus"
        self.staged = self.work / "staging" / V2

    def commit(self, **said):
        return commit(self.staged, self.dist, self.work, replace(self.release, **said))

    def listed(self):
        return [release.version for release in read_releases(self.dist).releases]

    def seen(self):
        """What a reader sees: the newest version and whether every file of it is there."""
        folder = find_release(None, self.dist)
        manifest = json.loads((folder / "manifest.json").read_text())
        assert all((folder / name).stat().st_size == entry["bytes"] for name, entry in manifest["files"].items())
        return manifest["version"]

    def stray(self):
        there = {path.name for path in self.dist.iterdir()}
        return there - {"releases.json"} - {f"{NAME}-v{version}" for version in self.listed()}


def test_moves_the_folder_and_lists_it(project):
    folder = project.commit()
    assert folder == project.dist / V2 and folder.is_dir() and not project.staged.exists()
    assert project.listed() == ["0.1.0", "0.2.0"] and project.seen() == "0.2.0" and not project.stray()
    assert sorted(path.name for path in project.work.iterdir()) == ["staging"]


def test_modes_are_those_of_published_files(project):
    (project.staged / "manifest.json").chmod(0o600)
    project.staged.chmod(0o700)
    for path in [folder := project.commit(), *folder.rglob("*"), project.dist / "releases.json"]:
        assert not path.is_symlink()
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644)


def test_the_parent_must_still_be_the_newest(project):
    with pytest.raises(HeldError, match="made upon 0.0.9, but the newest is 0.1.0"):
        project.commit(parent="0.0.9")
    with pytest.raises(HeldError, match="made upon None"):
        project.commit(parent=None)
    with pytest.raises(HeldError, match="already"):
        project.commit(version="0.1.0", folder=V1)
    assert project.listed() == ["0.1.0"] and not project.stray() and project.staged.is_dir()


def test_needs_a_manifest(project):
    (project.staged / "manifest.json").unlink()
    with pytest.raises(ProjectError, match="manifest"):
        project.commit()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("call", ["rename", "replace", "fsync"])
def test_a_machine_that_refuses_any_call_leaves_everything_as_it_was(project, monkeypatch, call, code):
    """Each call of that name in turn is refused, until the commit gets through."""
    real = getattr(os, call)
    for refused in range(200):
        monkeypatch.setattr(os, call, _refusing(real, refused, code))
        before = {path.name for path in project.staged.rglob("*")}
        try:
            project.commit()
        except EnvironmentFaultError as error:
            assert error.exit_code == 2 and error.mend
            if project.listed() == ["0.1.0"]:
                assert project.seen() == "0.1.0" and not project.stray()
                assert {path.name for path in project.staged.rglob("*")} == before
                assert not list(project.work.glob("releases.json*")) and not (project.work / "committing.json").exists()
                continue
        break
    monkeypatch.setattr(os, call, real)
    assert project.seen() == "0.2.0" and not project.stray() and refused >= 1


def _refusing(real, number, code):
    calls = iter(range(1000))

    def refusing(*arguments, **said):
        if next(calls) == number:
            raise OSError(code, os.strerror(code))
        return real(*arguments, **said)

    return refusing


CALLS = ("rename", "replace", "fsync", "open", "chmod", "unlink", "mkdir")


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_a_kill_at_any_call_shows_the_old_release_or_the_new_and_the_next_run_finishes(ready, tmp_path, after):
    outcomes = []
    for number in range(500):
        root = tmp_path / str(number)
        shutil.copytree(ready[0], root)
        project = Project(root, ready[1])
        if _killed_at(project, number, after=after):
            outcomes.append(project.seen())
            recover(project.dist, project.work)
            assert not project.stray()
            if project.listed() == ["0.1.0"]:
                if not project.staged.is_dir():  # it was in dist/, and is gone: the next run stages it anew
                    shutil.copytree(ready[0] / ".corpus" / "staging" / V2, project.staged)
                project.commit()
            assert project.seen() == "0.2.0" and project.listed() == ["0.1.0", "0.2.0"] and not project.stray()
            assert {path.name for path in project.work.iterdir()} <= {"staging"}
            shutil.rmtree(root)
        else:
            break
    assert outcomes == sorted(outcomes) and set(outcomes) == {"0.1.0", "0.2.0"}  # one moment where it turns


def _killed_at(project, number, *, after):
    """Commit in a child that dies at the call of that number; whether it died."""
    child = os.fork()
    if child == 0:
        count = 0

        def wrap(real):
            def call(*arguments, **said):
                nonlocal count
                count += 1
                here = count == number + 1
                if here and not after:
                    os._exit(9)
                try:
                    return real(*arguments, **said)
                finally:
                    if here:
                        os._exit(9)

            return call

        for name in CALLS:
            setattr(os, name, wrap(getattr(os, name)))
        try:
            project.commit()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_recovers_from_a_crash_before_the_first_release_was_listed(project):
    for name in (V1, "releases.json"):
        path = project.dist / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(project.staged, project.dist / V2)
    (project.work / "committing.json").write_text(json.dumps({"folder": V2}))
    assert recover(project.dist, project.work) == (V2,)
    assert list(project.dist.iterdir()) == []


def test_does_not_delete_what_no_crash_explains(project):
    (project.dist / f"{NAME}-v0.9.0").mkdir()
    (project.dist / f"{NAME}-v0.9.0" / "notes.txt").write_text("mine")
    (project.dist / "other").mkdir()
    assert recover(project.dist, project.work) == (f"{NAME}-v0.9.0",)
    assert (project.work / "leftover" / f"{NAME}-v0.9.0.0" / "notes.txt").read_text() == "mine"
    assert (project.dist / "other").is_dir()


def test_a_lost_list_of_releases_is_an_error_and_no_new_beginning(project):
    (project.dist / "releases.json").unlink()
    with pytest.raises(ProjectError, match=f"releases.json is missing, but there are releases: {V1}"):
        recover(project.dist, project.work)
    assert (project.dist / V1).is_dir()


def test_recovering_where_nothing_happened_does_nothing(project):
    assert recover(project.dist, project.work) == ()
    assert recover(project.root / "none", project.work) == ()
