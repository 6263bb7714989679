import subprocess
from dataclasses import replace

import pytest

from corpus.errors import EnvironmentFaultError, RefusedError
from corpus.publish import reload
from corpus.publish.count import count_files
from corpus.publish.reload import reload_tables
from tests.publish.made import make_tables, stage


@pytest.fixture
def staged(tmp_path):
    folder = tmp_path / ".corpus" / "staging" / "x"
    return folder, stage(folder, make_tables()).tables, tmp_path / ".corpus"


def test_gives_what_was_written_and_leaves_nothing_behind(staged):
    folder, tables, work = staged
    counted = reload_tables(folder, tables, work)
    assert counted == {name: count_files(folder, name) for name in tables}
    assert [path.name for path in work.iterdir()] == ["staging"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(tables)


@pytest.mark.parametrize("said", [{"digest": "0" * 64}, {"rows": 3}])
def test_other_rows_are_refused(staged, monkeypatch, said):
    folder, tables, work = staged
    counted = {name: replace(count_files(folder, name), **said) for name in tables}
    monkeypatch.setattr(reload, "_load", lambda *_: counted)
    with pytest.raises(RefusedError, match=f"load_dataset gives articles with {next(iter(said))} "):
        reload_tables(folder, tables, work)


def test_a_file_that_can_not_be_loaded_is_refused(staged):
    folder, tables, work = staged
    path = folder / tables["links"].files[0].path
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(RefusedError, match="load_dataset can't load the staged tables"):
        reload_tables(folder, {"links": tables["links"]}, work)
    assert not (work / "reload").exists()


def test_a_full_disk_is_no_fault_of_the_tables(staged, monkeypatch):
    folder, tables, work = staged
    said = "datasets.exceptions.DatasetGenerationError: OSError: [Errno 28] No space left on device"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, "", said))
    with pytest.raises(EnvironmentFaultError, match="No space left"):
        reload_tables(folder, tables, work)
