"""Kills a commit at every line of it and inside each of its writes, and tells what a reader sees and what is left.

`python -m tests.publish.killing` prints the table of docs/releases.md.
"""

from __future__ import annotations

import inspect
import json
import linecache
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from corpus.publish import commit as committing
from corpus.publish import disk
from corpus.publish.commit import commit, recover
from corpus.publish.releases import INDEX, Release, find_release, read_releases

NAME = "harbour-news"
OLD, NEW = "0.1.0", "0.2.0"
TRACED = (inspect.getfile(committing), inspect.getfile(disk))


@dataclass(frozen=True)
class Killed:
    """One kill: the line of `commit` in which the process died, and what came of it.

    `seen`: the version that a reader got afterwards, whole. `left`: what lay about until the next run.
    """

    step: str
    seen: str
    left: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """A project with release 0.1.0, and 0.2.0 staged."""

    root: Path
    release: Release

    @property
    def dist(self) -> Path:
        return self.root / "dist" / NAME

    @property
    def work(self) -> Path:
        return self.root / ".corpus"

    @property
    def staged(self) -> Path:
        return self.work / "staging" / f"{NAME}-v{NEW}"

    def commit(self) -> None:
        commit(self.staged, self.dist, self.work, self.release)

    def seen(self) -> str:
        """What a reader gets: the newest version, every byte of it there."""
        folder = find_release(None, self.dist)
        said = json.loads((folder / "manifest.json").read_text())
        for name, text in said["files"].items():
            assert (folder / name).read_text() == text, name
        for one in read_releases(self.dist).releases:
            assert (self.dist / str(one.folder) / "manifest.json").is_file(), one.version
        return str(said["version"])

    def left(self) -> tuple[str, ...]:
        """What is neither a listed release nor staged."""
        listed = {one.folder for one in read_releases(self.dist).releases} | {INDEX}
        stray = [f"dist/{path.name}" for path in self.dist.iterdir() if path.name not in listed]
        work = [f".corpus/{path.name}" for path in self.work.iterdir() if path.name != "staging"]
        return tuple(sorted(_without_pid(name) for name in stray + work))


def _without_pid(name: str) -> str:
    return name.rstrip("0123456789").rstrip(".") if INDEX in name else name


def make(root: Path) -> Scene:
    """The scene, anew."""
    releases = [
        Release(OLD, None, "2024-05-01T00:00:00Z", "d1", "m1", {"articles": 1}, f"{NAME}-v{OLD}"),
        Release(NEW, OLD, "2024-05-01T00:00:00Z", "d2", "m2", {"articles": 1}, f"{NAME}-v{NEW}"),
    ]
    for one in releases:
        folder = root / ".corpus" / "staging" / str(one.folder)
        (folder / "articles").mkdir(parents=True)
        files = {"articles/train-00000.parquet": f"rows of {one.version}", "README.md": f"card of {one.version}"}
        for name, text in files.items():
            (folder / name).write_text(text)
        (folder / "manifest.json").write_text(json.dumps({"version": one.version, "files": files}))
    scene = Scene(root, releases[1])
    commit(root / ".corpus" / "staging" / f"{NAME}-v{OLD}", scene.dist, scene.work, releases[0])
    return scene


def in_child(scene: Scene, prepare: Callable[[], None]) -> int:
    """Commit in a child process; its exit code, negative where a signal killed it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            prepare()
            scene.commit()
            code = 0
        finally:
            sys.settrace(None)
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _step(frame: FrameType | None) -> str:
    """The line of `commit` from which all this was called."""
    while frame is not None and frame.f_code is not commit.__code__:
        frame = frame.f_back
    assert frame is not None
    return linecache.getline(TRACED[0], frame.f_lineno).strip()


def kill_before_line(number: int, told: Path) -> Callable[[], None]:
    """Die by SIGKILL before the line of that number, counted as they are run; `told` then says which it was."""

    def prepare() -> None:
        count = -1

        def trace(frame: FrameType, event: str, _: object) -> Callable[..., object] | None:
            nonlocal count
            if frame.f_code.co_filename not in TRACED:
                return None
            if event == "line":
                count += 1
                if count == number:
                    told.write_text(json.dumps(_step(frame)))
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)

    return prepare


def kill_inside_write(number: int, told: Path) -> Callable[[], None]:
    """Die by SIGKILL in the middle of the write of that number: half of its text is on the disk."""

    def prepare() -> None:
        real = Path.open
        count = -1

        def opening(path: Path, mode: str = "r", *arguments: object, **said: object) -> object:
            nonlocal count
            file = real(path, mode, *arguments, **said)  # type: ignore[call-overload]
            if "w" not in mode:
                return file
            count += 1
            if count == number:
                write = file.write

                def half(text: str) -> None:
                    write(text[: len(text) // 2])
                    file.flush()
                    told.write_text(json.dumps(f"{_step(sys._getframe())}, half of the file written"))
                    os.kill(os.getpid(), signal.SIGKILL)

                file.write = half
            return file

        Path.open = opening  # type: ignore[method-assign,assignment]

    return prepare


def kills(folder: Path) -> Iterator[Killed]:
    """Kill a commit at every line and inside every write; after each, the next run finishes the job."""
    first = make(folder / "scene")
    for at in (kill_before_line, kill_inside_write):
        for number in range(1000):
            root, told = folder / "now", folder / "told.json"
            shutil.rmtree(root, ignore_errors=True)
            shutil.copytree(folder / "scene", root)
            scene = Scene(root, first.release)
            code = in_child(scene, at(number, told))
            if code == 0:
                break
            assert code == -signal.SIGKILL, code
            killed = Killed(json.loads(told.read_text()), scene.seen(), scene.left())
            finish(scene, folder / "scene")
            yield killed


def finish(scene: Scene, origin: Path) -> None:
    """What the next run does; then nothing is left, and the new release is there."""
    recover(scene.dist, scene.work)
    assert not [name for name in scene.left() if name.startswith("dist/")], scene.left()
    if read_releases(scene.dist).latest == OLD:
        if not scene.staged.is_dir():  # it was moved, and not listed: it is staged anew
            shutil.copytree(origin / ".corpus" / "staging" / scene.staged.name, scene.staged)
        scene.commit()
    assert scene.seen() == NEW and scene.left() == (), scene.left()


def table(found: list[Killed]) -> str:
    """The kills as a Markdown table: each step of `commit` once, with all that was seen and left in it."""
    steps: dict[str, list[Killed]] = {}
    for one in found:
        steps.setdefault(one.step, []).append(one)
    lines = ["| killed in the step | kills | a reader sees, whole | left until the next run |", "|---|---:|---|---|"]
    for step, killed in steps.items():
        seen = " or ".join(sorted({one.seen for one in killed}))
        left = ", ".join(f"`{name}`" for name in sorted({name for one in killed for name in one.left})) or "nothing"
        lines.append(f"| `{step}` | {len(killed)} | {seen} | {left} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        sys.stdout.write(table(list(kills(Path(temporary)))))
