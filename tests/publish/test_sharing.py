"""Files that a release shares with its parent."""

from corpus.publish.manifest import read_manifest
from corpus.publish.sharing import share_files
from tests.publish.made import make_tables, publish, stage


def test_files_with_the_same_bytes_are_one_file_on_the_disk_and_all_others_are_new(tmp_path):
    parent = publish(tmp_path / "p")
    tables = make_tables()
    tables["links"] = tables["links"].slice(1)
    staged = tmp_path / "p" / "staged"
    facts = stage(staged, tables, version="0.2.0", parent="0.1.0")
    before = {file: (staged / file.path).read_bytes() for table in facts.tables.values() for file in table.files}
    shared = share_files(staged, facts.tables, parent, read_manifest(parent).files)
    same = {f.path: (staged / f.path).samefile(parent / f.path) for f in before}
    assert [path for path, one in same.items() if not one] == ["links/train-00000.parquet"]
    assert shared == sum(file.bytes for file in before if same[file.path])
    assert all((staged / file.path).read_bytes() == held for file, held in before.items())
    assert not list(staged.rglob(".*"))


def test_a_parent_that_lost_a_file_or_was_tampered_with_is_not_linked_to(tmp_path):
    parent = publish(tmp_path / "p")
    (parent / "links/train-00000.parquet").unlink()
    with (parent / "articles/train-00000.parquet").open("ab") as file:
        file.write(b"x")
    staged = tmp_path / "p" / "staged"
    facts = stage(staged, make_tables(), version="0.2.0", parent="0.1.0")
    share_files(staged, facts.tables, parent, read_manifest(parent).files)
    for name in ("links", "articles"):
        assert (staged / name / "train-00000.parquet").stat().st_nlink == 1
    assert (staged / "records/train-00000.parquet").stat().st_nlink == 2
