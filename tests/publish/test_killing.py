"""The one commit under fire: killed anywhere, without room, without permission, two at once, with a clock gone back."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import EnvironmentFaultError, HeldError
from corpus.publish.releases import read_releases
from corpus.run.lock import hold
from tests.publish.killing import NEW, OLD, Scene, kills, make, table

DOCS = Path(__file__).resolve().parents[2] / "docs" / "releases.md"


def test_a_kill_anywhere_shows_the_old_release_or_the_new_one_whole_and_the_next_run_leaves_nothing(tmp_path):
    found = list(kills(tmp_path))  # asserts, after each, that the next run finishes and leaves nothing
    assert len(found) > 100
    lines = [one.seen for one in found if "half of the file" not in one.step]
    assert lines == sorted(lines) and set(lines) == {OLD, NEW}  # one moment where it turns
    assert {one.seen for one in found if "half of the file" in one.step} == {OLD}
    assert table(found) in DOCS.read_text(encoding="utf-8"), "python -m tests.publish.killing prints the table"


@pytest.fixture
def small_disk(tmp_path):
    """A filesystem of 256 kB; the test is skipped where none can be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(asked, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small filesystem can be mounted here (it takes root and CAP_SYS_ADMIN)")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_told_leaves_the_old_release_and_room_lets_the_next_run_through(small_disk):
    scene = make(small_disk / "p")
    filler = small_disk / "filler"
    with pytest.raises(OSError), filler.open("wb", buffering=0) as file:  # No space left on device
        while True:
            file.write(b"x" * 512)
    before = {path.relative_to(scene.root) for path in scene.root.rglob("*")}
    with pytest.raises(EnvironmentFaultError, match="No space left on device"):
        scene.commit()
    assert scene.seen() == OLD and scene.left() == ()
    assert {path.relative_to(scene.root) for path in scene.root.rglob("*")} == before
    filler.unlink()
    scene.commit()
    assert scene.seen() == NEW and scene.left() == ()


@pytest.mark.parametrize("locked", ["dist", "work"])
def test_a_folder_that_may_not_be_written_to_is_told_and_nothing_is_changed(locked):
    root = Path(tempfile.mkdtemp())
    try:
        scene = make(root / "p")
        folder = scene.dist if locked == "dist" else scene.work
        _give_away(root)
        folder.chmod(0o555)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                if os.geteuid() == 0:
                    os.setgid(NOBODY)
                    os.setuid(NOBODY)
                try:
                    scene.commit()
                except EnvironmentFaultError as error:
                    code = 0 if "Permission denied" in error.message and error.mend else 2
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        folder.chmod(0o755)
        assert scene.seen() == OLD and scene.left() == () and scene.staged.is_dir()
        scene.commit()
        assert scene.seen() == NEW
    finally:
        shutil.rmtree(root)


NOBODY = 65534


def _give_away(root: Path) -> None:
    root.chmod(0o755)
    if os.geteuid() == 0:
        for path in [root, *root.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)


def test_of_publishers_at_once_one_publishes_and_the_others_are_told_that_it_is_held(tmp_path):
    make(tmp_path / "p")
    children = []
    start = tmp_path / "start"
    for number in range(6):
        staged = tmp_path / "p" / ".corpus" / "staging" / f"mine{number}"
        shutil.copytree(tmp_path / "p" / ".corpus" / "staging" / f"harbour-news-v{NEW}", staged)
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = _publishing(tmp_path / "p", staged, start)
            finally:
                os._exit(code)
        children.append(child)
    start.touch()
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert sorted(codes) == [0, 4, 4, 4, 4, 4]
    dist = tmp_path / "p" / "dist" / "harbour-news"
    assert [one.version for one in read_releases(dist).releases] == [OLD, NEW]
    assert len([path for path in dist.iterdir() if path.is_dir()]) == 2


def _publishing(root: Path, staged: Path, start: Path) -> int:
    from corpus.publish.commit import commit
    from corpus.publish.releases import Release

    while not start.exists():
        pass
    release = Release(NEW, OLD, "2024-05-01T00:00:00Z", "d2", "m2", {"articles": 1}, f"harbour-news-v{NEW}")
    try:
        with hold(root / ".corpus"):
            commit(staged, root / "dist" / "harbour-news", root / ".corpus", release)
    except HeldError as error:
        return error.exit_code
    return 0


def test_a_clock_that_went_back_changes_neither_order_nor_newest(tmp_path):
    scene = make(tmp_path)
    Scene(tmp_path, replace(scene.release, published_at="1999-12-31T23:59:59Z")).commit()
    listed = read_releases(scene.dist)
    assert [one.version for one in listed.releases] == [OLD, NEW] and listed.latest == NEW
    assert scene.seen() == NEW
