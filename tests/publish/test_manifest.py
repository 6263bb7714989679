import json
from dataclasses import replace

import pytest

from corpus.errors import ProjectError
from corpus.publish.digest import release_digest
from corpus.publish.disk import sha256_of
from corpus.publish.manifest import is_whole, read_manifest, write_manifest
from tests.publish.made import make_tables, stage


def test_lists_every_file_but_itself(published):
    said = json.loads((published / "manifest.json").read_text())
    files = {path.relative_to(published).as_posix() for path in published.rglob("*") if path.is_file()}
    assert set(said["files"]) == files - {"manifest.json"}
    for name, entry in said["files"].items():
        assert entry["sha256"] == sha256_of(published / name) and entry["bytes"] == (published / name).stat().st_size
        assert ("rows" in entry) == name.endswith(".parquet")


def test_reads_what_it_writes(published):
    manifest = read_manifest(published)
    assert manifest.version == "0.1.0" and manifest.parent is None and manifest.text == "full"
    assert manifest.digest == release_digest({name: entry.digest for name, entry in manifest.tables.items()})
    assert manifest.tables["articles"].rows == 6 and manifest.tables["articles"].undigested == ["first_version"]
    assert manifest.tables["removals"].in_digest is False
    assert manifest.fates == {"duplicate": 2, "published": 6, "rejected": 1}
    assert manifest.config == {"clean": {"min_words": 25}} and manifest.models == {"sm": "3.8"}


def test_what_a_later_version_adds_is_left_aside(published, tmp_path):
    said = json.loads((published / "manifest.json").read_text())
    said["tables"]["articles"]["colour"] = "blue"
    (tmp_path / "manifest.json").write_text(json.dumps(said))
    assert read_manifest(tmp_path).tables["articles"].rows == 6


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 1, "tables": {"articles": {}}}'])
def test_what_is_no_manifest_says_so(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ProjectError, match="is not a manifest of a release"):
        read_manifest(tmp_path)
    with pytest.raises(ProjectError, match="this is not a release"):
        read_manifest(tmp_path / "none")


def test_it_knows_when_one_byte_of_it_changed(published):
    text = (published / "manifest.json").read_text()
    assert is_whole(text)
    for place in range(0, len(text), 97):
        other = "x" if text[place] != "x" else "y"
        assert not is_whole(text[:place] + other + text[place + 1 :])
    assert not is_whole(text + "\n")


def test_holds_no_time_and_is_the_same_for_the_same_release(tmp_path):
    facts = stage(tmp_path / "a", make_tables())
    again = stage(tmp_path / "b", make_tables())
    assert facts == again
    assert write_manifest(tmp_path / "a", facts) == write_manifest(tmp_path / "b", again)
    assert write_manifest(tmp_path / "b", replace(again, parent="0.0.1")) != write_manifest(tmp_path / "a", facts)
