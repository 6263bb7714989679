"""What is kept of fates from run to run: used where it is whole and of these settings, forgotten with a record."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc

from corpus.removal.forgetting import forget_records
from corpus.run import Project
from corpus.shards import mapped
from tests.projects import write
from tests.run.test_repeating import folded, line, project_of


def kept(project: Project) -> list[Path]:
    return sorted((project.cache / "dedup.fold").rglob("*.arrow"))


def test_what_is_kept_is_used_and_what_is_torn_or_foreign_is_not(tmp_path: Path) -> None:
    project = project_of(tmp_path / "p", range(8))
    rows = folded(project)
    files = kept(project)
    assert [path.name for path in files] == [
        f"{name}-{number}.arrow" for name in ("first", "lines", "second") for number in (0, 1)
    ]
    written = [path.stat().st_mtime_ns for path in files]
    assert folded(project) == rows
    assert [path.stat().st_mtime_ns for path in files] == written, "nothing changed, nothing is written"
    for path in files[::2]:
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    assert folded(project) == rows
    files[0].write_bytes(files[2].read_bytes())
    files[5].unlink()
    assert folded(project) == rows


def test_what_was_kept_before_an_interruption_is_not_mixed_with_what_came_after(tmp_path: Path) -> None:
    project, whole = project_of(tmp_path / "p", range(7)), project_of(tmp_path / "whole", range(9))
    folded(project)
    lines = {path.name: path.read_bytes() for path in kept(project) if path.name.startswith("lines")}
    for target in (project, whole):
        write(target.root, {"courier.jsonl": "\n".join(map(line, range(8)))})
    folded(project)
    for name, data in lines.items():
        next(path for path in kept(project) if path.name == name).write_bytes(data)
    for target in (project, whole):
        write(target.root, {"courier.jsonl": "\n".join(map(line, range(9)))})
    assert folded(project) == folded(whole)


def test_what_is_taken_out_is_forgotten_in_what_is_kept(tmp_path: Path) -> None:
    project = project_of(tmp_path / "p", range(8))
    record = str(folded(project)[0]["record_id"])
    assert forget_records(project.cache, [record])
    files = sorted(project.cache.rglob("*.arrow"))
    assert files
    for path in files:
        assert not pc.any(pc.equal(mapped(path)["record_id"], record)).as_py()
