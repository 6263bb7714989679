"""Records that match another corpus are rejected, with the row that they match; and what that costs another run."""

from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

from corpus.errors import SettingsError
from corpus.run import Project, publish
from corpus.run.references import contents_digest, reference_files, rows_of
from tests.projects import ROOT, article, new_project, rows

DOCS = (ROOT / "docs" / "duplicates.md").read_text()
NAMED = "\n" + DOCS.split("<!-- settings: against -->\n```toml\n")[1].split("```")[0]


def project_against(folder: Path, table: pa.Table, toml: str = NAMED) -> Project:
    project = new_project(folder, {f"a/{n}.txt": article(n) for n in range(4)}, enabled="false")
    (folder / "held").mkdir()
    pq.write_table(table, folder / "held" / "test-00000.parquet")
    path = folder / "corpus.toml"
    path.write_text(path.read_text() + toml)
    return Project.find(project.root)


def test_what_matches_is_rejected_and_the_ledger_names_the_row(tmp_path: Path) -> None:
    table = pa.table({"qid": ["q1", "q2"], "question": ["Nothing like it at all", article(2)]})
    project = project_against(tmp_path, table)
    before = contents_digest(project)
    released = publish(project)
    fates = {row["raw_path"]: row for row in rows(released.folder, "records")}
    assert {name: row["fate"] for name, row in fates.items()} == {
        f"a/{n}.txt": "rejected" if n == 2 else "published" for n in range(4)
    }
    row = fates["a/2.txt"]
    assert [reason["rule"] for reason in row["reasons"]] == ["matches_reference"]
    assert "row 'q2' of reference 'evaluation'" in row["detail"]
    assert str(tmp_path) not in row["detail"]

    assert publish(project).kind == "unchanged"
    pq.write_table(table.slice(0, 1), tmp_path / "held" / "test-00000.parquet")
    assert contents_digest(project) != before
    again = publish(project)
    assert {row["fate"] for row in rows(again.folder, "records")} == {"published"}


def test_a_saved_dataset_of_arrow_files_is_read_too(tmp_path: Path) -> None:
    project = project_against(tmp_path, pa.table({"qid": ["a"], "question": ["x"]}))
    (tmp_path / "held" / "test-00000.parquet").unlink()
    table = pa.table({"qid": [7], "question": [article(1)]})
    with pa.ipc.new_stream(str(tmp_path / "held" / "data-00000.arrow"), table.schema) as sink:
        sink.write_table(table)
    details = [row["detail"] for row in rows(publish(project).folder, "records") if row["fate"] == "rejected"]
    assert len(details) == 1
    assert "row '7'" in details[0]


@pytest.mark.parametrize(
    ("replaced", "by", "message"),
    [
        ('path = "held"', 'path = "gone"', "path 'gone' is neither a file nor a folder"),
        ('path = "held"', 'path = "flows"', "path 'flows' holds no"),
        ('text = "question"', 'text = "body"', "has no column 'body'; it has qid, question"),
        ('id = "qid"', 'id = "number"', "has no column 'number'"),
        ('text = "question"', 'text = "qid"', "column 'qid' of test-00000.parquet holds int64"),
    ],
)
def test_a_reference_that_is_not_there_is_told_by_name(tmp_path: Path, replaced: str, by: str, message: str) -> None:
    table = pa.table({"qid": [1], "question": ["x"]})
    project = project_against(tmp_path, table, NAMED.replace(replaced, by))
    (against,) = project.settings.dedup.against
    with pytest.raises(SettingsError, match="evaluation") as caught:
        list(rows_of(project, against, reference_files(project, against)[0]))
    assert message in str(caught.value)


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    project = project_against(tmp_path, pa.table({"qid": [1], "question": ["x"]}))
    (tmp_path / "held" / "test-00000.parquet").write_bytes(b"PAR1 and no more")
    (against,) = project.settings.dedup.against
    with pytest.raises(SettingsError, match=r"test-00000\.parquet can't be read"):
        list(rows_of(project, against, reference_files(project, against)[0]))
