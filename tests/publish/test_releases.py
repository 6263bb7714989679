import json

import pytest

from corpus.errors import ProjectError
from corpus.publish.releases import Release, Releases, find_dist, find_release, project_root, read_releases
from corpus.publish.versions import show_versions, versions, versions_json

ONE = Release("0.1.0", None, "2024-05-01T00:00:00Z", "d1", "m1", {"articles": 5}, None)
TWO = Release("0.2.0", "0.1.0", "2024-05-02T00:00:00Z", "d2", "m2", {"articles": 6}, "tiny-v0.2.0")


@pytest.fixture
def project(tmp_path):
    dist = tmp_path / "dist" / "tiny"
    (dist / "tiny-v0.2.0").mkdir(parents=True)
    (dist / "tiny-v0.2.0" / "manifest.json").write_text("{}")
    (dist / "releases.json").write_text(Releases("0.2.0", (ONE, TWO)).text())
    (tmp_path / "corpus.toml").write_text('name = "tiny"\n[clean]\nunknown = 1\n')
    return tmp_path


def test_reads_what_it_writes(project):
    read = read_releases(project / "dist" / "tiny")
    assert read == Releases("0.2.0", (ONE, TWO)) and read.newest == TWO
    said = json.loads(read.text())
    assert said["latest"] == "0.2.0" and list(said) == ["latest", "releases"]
    assert list(said["releases"][0]) == [
        "version",
        "parent",
        "published_at",
        "digest",
        "manifest_sha256",
        "counts",
        "folder",
    ]


def test_no_list_means_no_release_yet(tmp_path):
    assert read_releases(tmp_path) == Releases() and Releases().newest is None


@pytest.mark.parametrize("text", ["{", "[]", '{"latest": null}', '{"latest": null, "releases": [{"version": "1"}]}'])
def test_a_broken_list_says_where_and_what(tmp_path, text):
    (tmp_path / "releases.json").write_text(text)
    with pytest.raises(ProjectError, match=r"releases\.json: is not a list of releases"):
        read_releases(tmp_path)


def test_a_latest_that_is_not_listed_is_an_error(tmp_path):
    (tmp_path / "releases.json").write_text(Releases("0.3.0", (TWO,)).text())
    with pytest.raises(ProjectError, match=r"latest is 0\.3\.0"):
        read_releases(tmp_path)


@pytest.mark.parametrize("what", [None, "0.2.0", "v0.2.0"])
def test_finds_a_release_by_version_from_anywhere_in_the_project(project, monkeypatch, what):
    folder = project / "dist" / "tiny" / "tiny-v0.2.0"
    monkeypatch.chdir(folder)  # deep inside; an unknown setting is nothing to a reader
    assert find_release(what) == folder
    assert find_release(what, project) == folder == find_release(what, project / "dist" / "tiny")


def test_a_folder_needs_no_project(project, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    folder = project / "dist" / "tiny" / "tiny-v0.2.0"
    assert find_release(folder) == folder and find_release(str(folder)) == folder
    assert find_release(folder.parent) == folder
    with pytest.raises(ProjectError, match=r"neither releases\.json nor corpus\.toml"):
        find_release("0.2.0")


def test_names_what_is_there_where_a_release_is_not(project):
    with pytest.raises(ProjectError, match=r"no release '0\.7\.0'; the versions are: 0\.1\.0, 0\.2\.0"):
        find_release("0.7.0", project)
    with pytest.raises(ProjectError, match=r"0\.1\.0 was pruned"):
        find_release("0.1.0", project)
    (project / "dist" / "tiny" / "releases.json").unlink()
    with pytest.raises(ProjectError, match="no release yet"):
        find_release(None, project)


def test_a_project_without_a_name_says_so(tmp_path):
    (tmp_path / "corpus.toml").write_text("title = 'x'")
    with pytest.raises(ProjectError, match="its name can't be read"):
        find_dist(tmp_path)
    assert project_root(tmp_path) == tmp_path and project_root(tmp_path / "none") is None


def test_lists_releases_for_programs_and_people(project):
    from rich.console import Console

    assert versions(project) == (ONE, TWO) == versions(project / "dist" / "tiny")
    releases = read_releases(project / "dist" / "tiny")
    assert json.loads(versions_json(releases))["releases"][1]["version"] == "0.2.0"
    out = Console(record=True, width=120, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    show_versions(releases, out)
    text = out.export_text()
    assert text.index("0.2.0 (latest)") < text.index("0.1.0") and "pruned" in text
