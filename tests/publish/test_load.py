import os
import subprocess
import sys

import pytest

import corpus
from corpus.errors import ProjectError
from corpus.tables import TABLES
from tests.publish.made import NAME, make_tables, publish


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("two")
    (root / "corpus.toml").write_text(f'name = "{NAME}"\n')
    publish(root)
    publish(root, make_tables(7, version="0.2.0", words="Anew."), version="0.2.0", parent="0.1.0")
    return root


@pytest.mark.parametrize("table", TABLES)
def test_gives_the_rows_of_each_table(project, table):
    loaded = corpus.load(project / "dist" / NAME, table, revision="0.1.0")
    assert loaded.to_list() == make_tables()[table].to_pylist()
    assert list(loaded.features) == TABLES[table].schema.names


def test_gives_the_newest_release_unless_one_is_named(project):
    dist = project / "dist" / NAME
    assert corpus.load(dist).num_rows == corpus.load(project).num_rows == 7
    assert corpus.load(str(dist), revision="v0.1.0").num_rows == corpus.load(dist / f"{NAME}-v0.1.0").num_rows == 6


def test_says_what_there_is_where_something_is_not(project):
    dist = project / "dist" / NAME
    with pytest.raises(ProjectError, match="no table 'claims'.*\n.*its tables are: articles, quality"):
        corpus.load(dist, table="claims")
    with pytest.raises(ProjectError, match=r"the versions are: 0\.1\.0, 0\.2\.0"):
        corpus.load(dist, revision="0.3.0")
    with pytest.raises(ProjectError, match=r"this release is 0\.1\.0"):
        corpus.load(dist / f"{NAME}-v0.1.0", revision="0.2.0")
    with pytest.raises(ProjectError, match="no such folder"):
        corpus.load(project / "nowhere")


def test_files_made_anew_in_the_same_place_are_read_anew(tmp_path):
    folder = publish(tmp_path)
    assert corpus.load(folder)[0]["text"].endswith("euros.")
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.rmdir()
    (folder.parent / "releases.json").unlink()
    publish(tmp_path, make_tables(words="Other."))
    assert corpus.load(folder)[0]["text"].endswith("Other.")


CODE = """
import sys
import corpus
from datasets import load_dataset
for folder in sys.argv[1:]:
    rows = load_dataset(folder, split="train")
    links = load_dataset(folder, "links", split="train")
    none = list(load_dataset(folder, "removals", split="train", streaming=True))
    mine = corpus.load(folder)
    assert rows.to_list() == mine.to_list() and none == []
    print(rows.num_rows, rows[0]["text"].split()[-1], links.num_rows)
"""


def test_load_dataset_in_a_clean_process_serves_no_stale_rows(project, tmp_path):
    """Two releases of one project, then the first release of another project of the same name, with one cache."""
    other = publish(tmp_path / "other", make_tables(6, words="Elsewhere."))
    dist = project / "dist" / NAME
    folders = [dist / f"{NAME}-v0.1.0", dist / f"{NAME}-v0.2.0", other]
    environment = os.environ | {"HF_HOME": str(tmp_path / "hf"), "HF_DATASETS_CACHE": str(tmp_path / "hf" / "d")}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", CODE, *map(str, folders)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["6 euros. 12", "7 Anew. 14", "6 Elsewhere. 12"]
