"""`corpus gc`: which folders go, that what is kept stays whole, and that a crash in the middle is mended."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from corpus.errors import ProjectError
from corpus.publish import pruning
from corpus.publish.commit import JOURNAL, recover
from corpus.publish.pruning import prune_releases
from corpus.publish.releases import find_release, read_releases
from corpus.publish.verify import verify
from tests.publish.made import NAME, make_tables, publish


@dataclass(frozen=True)
class Keep:
    keep_last: int = 0
    keep_days: int = 0
    keep_versions: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    """A project with four releases, 0.1.0 to 0.4.0, that share some files with their parents."""
    root = tmp_path_factory.mktemp("four")
    parent = None
    for number in range(1, 5):
        version = f"0.{number}.0"
        publish(root, make_tables(version=version), version=version, parent=parent)
        parent = version
    return root


@pytest.fixture
def project(four, tmp_path):
    root = tmp_path / "p"
    shutil.copytree(four, root)
    return root / "dist" / NAME, root / ".corpus"


def on_disk(dist):
    return sorted(path.name.removeprefix(f"{NAME}-v") for path in dist.iterdir() if path.is_dir())


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        (Keep(), ["0.1.0", "0.2.0", "0.3.0", "0.4.0"]),
        (Keep(keep_last=2), ["0.3.0", "0.4.0"]),
        (Keep(keep_last=1, keep_versions=("0.2.0",)), ["0.2.0", "0.4.0"]),
        (Keep(keep_last=1, keep_days=36_500), ["0.1.0", "0.2.0", "0.3.0", "0.4.0"]),
    ],
)
def test_a_release_stays_where_any_rule_keeps_it(project, keep, left):
    dist, work = project
    prune_releases(dist, work, keep)
    assert on_disk(dist) == left
    listed = read_releases(dist)
    assert [one.version for one in listed.releases] == ["0.1.0", "0.2.0", "0.3.0", "0.4.0"]
    assert [one.version for one in listed.releases if one.folder] == left
    assert all(verify(dist / f"{NAME}-v{version}").whole for version in left)
    assert not list(work.glob("*/*"))


def test_a_pruned_release_is_told_to_whoever_asks_for_it(project):
    dist, work = project
    prune_releases(dist, work, Keep(keep_last=1))
    with pytest.raises(ProjectError, match="was pruned"):
        find_release("0.1.0", dist)


def test_a_dry_run_only_lists(project):
    dist, work = project
    before = (dist / "releases.json").read_bytes()
    assert [one.version for one in prune_releases(dist, work, Keep(keep_last=3), dry_run=True)] == ["0.1.0"]
    assert on_disk(dist) == ["0.1.0", "0.2.0", "0.3.0", "0.4.0"] and (dist / "releases.json").read_bytes() == before


def test_what_is_shared_with_a_kept_release_stays_and_is_not_counted_as_freed(project):
    dist, work = project
    shared = dist / f"{NAME}-v0.2.0" / "links" / "train-00000.parquet"
    shared.unlink()
    shared.hardlink_to(dist / f"{NAME}-v0.1.0" / "links" / "train-00000.parquet")
    gone = prune_releases(dist, work, Keep(keep_last=3))
    assert gone[0].bytes - gone[0].freed == shared.stat().st_size
    assert shared.stat().st_nlink == 1 and verify(dist / f"{NAME}-v0.2.0").whole


def test_a_crash_after_the_list_was_replaced_is_finished_by_the_next_run(project, monkeypatch):
    dist, work = project

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(pruning, "discard", killed)
    with pytest.raises(KeyboardInterrupt):
        prune_releases(dist, work, Keep(keep_last=3))
    assert json.loads((work / JOURNAL).read_text())["folder"] == f"{NAME}-v0.1.0"
    recover(dist, work)
    assert on_disk(dist) == ["0.2.0", "0.3.0", "0.4.0"]
    assert not (work / JOURNAL).exists() and not (work / "leftover").exists()


def test_times_are_those_of_the_list_and_the_newest_release_never_goes(project):
    dist, _ = project
    releases = read_releases(dist)
    assert [one.version for one in pruning.prunable(releases, Keep(keep_last=1), datetime.now(UTC))] == [
        "0.1.0", "0.2.0", "0.3.0",
    ]  # fmt: skip
