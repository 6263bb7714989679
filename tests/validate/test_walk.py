"""The walk that ingest's is held against: it finds what the file system has, under the ledger's names."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import ProjectError
from corpus.validate import inventory


def touch(raw: Path, *names: str | bytes) -> None:
    for name in names:
        path = raw / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_every_file_is_found_and_no_folder(tmp_path: Path):
    touch(tmp_path, "a.txt", "b/c.html", "b/.hidden", ".dot/d", "b/e f/ü.md")
    (tmp_path / "empty").mkdir()
    assert inventory(tmp_path) == {"a.txt", "b/c.html", "b/.hidden", ".dot/d", "b/e f/ü.md"}


def test_links_pipes_and_sockets_are_found_and_not_followed(tmp_path: Path):
    touch(tmp_path, "a/b.txt")
    (tmp_path / "to_file").symlink_to("a/b.txt")
    (tmp_path / "to_folder").symlink_to("a")
    (tmp_path / "to_nothing").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(tmp_path, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{here}/socket")  # the path of a socket is short
        os.close(here)
    found = {"a/b.txt", "to_file", "to_folder", "to_nothing", "loop", "pipe", "socket"}
    assert inventory(tmp_path) == found


def test_a_folder_that_cannot_be_listed_is_found_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    touch(tmp_path, "shut/a.txt", "open/b.txt")
    scandir = os.scandir

    def refuse(path: bytes):
        if path.endswith(b"/shut"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert inventory(tmp_path) == {"shut", "open/b.txt"}


def test_no_folder_is_an_error(tmp_path: Path):
    with pytest.raises(ProjectError, match="no such folder"):
        inventory(tmp_path / "raw")


@pytest.mark.parametrize(
    ("name", "raw_path"),
    [
        (b"caf\xe9.txt", "caf\\xe9.txt"),
        (b"line\nbreak", "line\\x0abreak"),
        (b"del\x7f", "del\\x7f"),
        (b"archive!/x", "archive\\x21/x"),
        (b"a!b!", "a!b!"),
        (b"back\\slash", "back\\slash"),
        (b"like\\x41", "like\\x5cx41"),
        (b"like\\x4", "like\\x4"),
        ("ü\N{GRINNING FACE}".encode(), "ü\N{GRINNING FACE}"),
        ("\x85".encode(), "\x85"),
    ],
)
def test_odd_names_are_escaped_as_the_ledger_escapes_them(name: bytes, raw_path: str, tmp_path: Path):
    touch(tmp_path, name)
    assert inventory(tmp_path) == {raw_path}


names = st.binary(min_size=1, max_size=12).filter(
    lambda name: not {0, ord("/")} & set(name) and name.strip(b".") != b""
) | st.sampled_from([b"a!", b"\\x41", b"\\\\x41", b"\\x5cx41", b"!", b"\xff\\x", "é".encode()])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(st.tuples(names, names), max_size=6))
def test_ingest_finds_the_same(found: list[tuple[bytes, bytes]], tmp_path_factory: pytest.TempPathFactory):
    ingest = pytest.importorskip("corpus.ingest", reason="ingest can't be imported")
    raw = tmp_path_factory.mktemp("raw")
    touch(raw, *(b"/".join(pair) for pair in found))
    assert inventory(raw) == {one.raw_path for one in ingest.walk(raw)}
