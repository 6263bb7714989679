"""The walk finds everything, opens nothing and never hangs."""

from __future__ import annotations

import inspect
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import ProjectError
from corpus.ingest import Kind, TransientReadError, walk, walking
from tests.ingest.conftest import read_all, rule


def kinds(raw: Path) -> dict[str, str]:
    return {found.raw_path: found.kind for found in walk(raw)}


def test_files_are_sorted_by_raw_path_and_hidden_ones_are_among_them(raw: Path) -> None:
    for name in ("b.txt", "a/z.txt", ".DS_Store", "a/.hidden/x.md", "a.txt"):
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_text("x")
    assert [found.raw_path for found in walk(raw)] == [".DS_Store", "a.txt", "a/.hidden/x.md", "a/z.txt", "b.txt"]


def test_the_state_of_a_file_is_that_of_the_system(raw: Path) -> None:
    (raw / "a.txt").write_bytes(b"1234")
    (found,) = walk(raw)
    state = (raw / "a.txt").stat()
    assert (found.size, found.mtime_ns, found.ctime_ns, found.inode, found.kind) == (
        4, state.st_mtime_ns, state.st_ctime_ns, state.st_ino, "file",
    )  # fmt: skip


def test_an_empty_folder_holds_nothing_and_a_missing_one_is_an_error(raw: Path) -> None:
    (raw / "empty").mkdir()
    assert walk(raw) == []
    with pytest.raises(ProjectError, match="can't be listed"):
        walk(raw / "nowhere")
    (raw / "file").write_text("x")
    with pytest.raises(ProjectError):
        walk(raw / "file")


def test_a_link_to_a_file_within_raw_is_read_and_every_other_link_has_its_fate(raw: Path) -> None:
    (raw / "a").mkdir()
    (raw / "a" / "real.txt").write_text("A text.")
    (raw.parent / "outside.txt").write_text("A secret.")
    (raw / "in.txt").symlink_to("a/real.txt")
    (raw / "chain.txt").symlink_to("in.txt")
    (raw / "out.txt").symlink_to(raw.parent / "outside.txt")
    (raw / "out-folder").symlink_to(raw.parent)
    (raw / "gone.txt").symlink_to("nowhere.txt")
    (raw / "loop.txt").symlink_to("loop.txt")
    (raw / "folder").symlink_to("a")
    (raw / "a" / "up").symlink_to("..")
    rows = {row["raw_path"]: row for row in read_all(raw)}
    assert rows["in.txt"]["payload"] == rows["chain.txt"]["payload"] == rows["a/real.txt"]["payload"] == b"A text."
    assert len({row["record_id"] for row in rows.values()}) == len(rows) == 9
    assert {path: rule(row) for path, row in rows.items() if row["fate"]} == {
        "out.txt": "symlink_outside_raw",
        "out-folder": "symlink_outside_raw",
        "gone.txt": "symlink_broken",
        "loop.txt": "symlink_broken",
        "folder": "symlink_to_folder",
        "a/up": "symlink_to_folder",
    }
    assert {row["fate"] for row in rows.values()} == {None, "quarantined"}


def test_a_sibling_whose_name_begins_like_raw_is_outside(raw: Path) -> None:
    sibling = raw.parent / "raw-other"
    sibling.mkdir()
    (sibling / "x.txt").write_text("x")
    (raw / "x.txt").symlink_to(sibling / "x.txt")
    assert kinds(raw) == {"x.txt": Kind.SYMLINK_OUTSIDE}


def test_raw_may_be_a_link_itself(raw: Path) -> None:
    (raw / "a.txt").write_text("x")
    (raw / "b.txt").symlink_to("a.txt")
    (raw.parent / "link").symlink_to(raw)
    assert kinds(raw.parent / "link") == {"a.txt": "file", "b.txt": "file"}


def test_pipes_sockets_and_devices_are_quarantined_unopened(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(raw / "pipe")
    (raw / "link-to-pipe").symlink_to("pipe")
    monkeypatch.chdir(raw)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("sock")
        rows = {row["raw_path"]: row for row in read_all(raw)}
    assert {path: row["reasons"][0]["value"] for path, row in rows.items()} == {
        "pipe": "named_pipe", "link-to-pipe": "named_pipe", "sock": "socket",
    }  # fmt: skip
    for row in rows.values():
        assert (row["fate"], rule(row)) == ("quarantined", "not_a_regular_file")
        assert row["byte_start"] is row["byte_end"] is row["sha256"] is row["payload"] is None


def test_a_folder_that_may_not_be_entered_is_a_record_of_its_own(as_nobody: Callable[[], Path]) -> None:
    folder = as_nobody()
    os.seteuid(os.getuid())
    (folder / "closed").mkdir()
    (folder / "closed" / "x.txt").write_text("x")
    (folder / "closed").chmod(0)
    (folder / "open.txt").write_text("x")
    as_nobody()
    rows = {row["raw_path"]: row for row in read_all(folder)}
    assert set(rows) == {"closed", "open.txt"}
    assert rows["closed"]["fate"] == "quarantined"
    assert rows["closed"]["reasons"] == [{"rule": "unreadable", "value": "EACCES", "threshold": "readable"}]


def test_a_folder_that_fails_for_now_is_the_callers_to_try_again(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (raw / "sub").mkdir()
    scandir = os.scandir

    def failing(path: str):
        if str(path).endswith("sub"):
            raise OSError(116, "Stale file handle")
        return scandir(path)

    monkeypatch.setattr(walking.os, "scandir", failing)
    with pytest.raises(TransientReadError) as caught:
        walk(raw)
    assert caught.value.errno == 116


def test_names_that_are_not_utf8_are_printable_distinct_and_read(raw: Path) -> None:
    for name in (b"caf\xe9.txt", b"caf\xff.txt", b"caf\\xe9.txt", b"new\nline.txt", "naïve.txt".encode()):
        (Path(os.fsdecode(os.fsencode(raw) + b"/" + name))).write_bytes(b"The text of " + name.replace(b"\xe9", b"e"))
    rows = read_all(raw)
    assert [row["raw_path"] for row in rows] == [
        "caf\\x5cxe9.txt", "caf\\xe9.txt", "caf\\xff.txt", "naïve.txt", "new\\x0aline.txt",
    ]  # fmt: skip
    assert len({row["record_id"] for row in rows}) == 5


def test_a_deep_tree_needs_no_recursion(raw: Path) -> None:
    folder = raw.joinpath(*["d"] * 300)
    folder.mkdir(parents=True)
    (folder / "x.txt").write_text("x")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 60)
    try:
        (found,) = walk(raw)
    finally:
        sys.setrecursionlimit(limit)
    assert found.raw_path.count("/") == 300
