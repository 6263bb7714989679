"""A release without texts, and the same with texts out of its reader's own raw files."""

import shutil

import pytest
from datasets import load_dataset

from corpus.cli import run
from corpus.errors import ProjectError
from corpus.publish.rehydrate import rehydrate
from corpus.publish.verify import verify
from corpus.run import Project, publish
from tests.projects import rows, sample_project


@pytest.mark.slow
@pytest.mark.parametrize("text", ["standoff", "excerpt"])
def test_texts_come_back_to_the_letter_from_ones_own_raw_files(sample, tmp_path, text):
    full = sample[1].folder
    project = sample_project(tmp_path / "p")
    shutil.copytree(sample[0].work / "cache", project.work / "cache")
    toml = project.root / "corpus.toml"
    toml.write_text(toml.read_text().replace('text = "full"', f'text = "{text}"'))
    release = publish(Project.find(project.root)).folder
    assert verify(release).whole, verify(release).faults
    for page in (*release.glob("report/**/*.html"), release / "README.md"):
        assert "blade stopped" not in page.read_text()
    texts = {row["article_id"]: row["text"] for row in rows(full, "articles")}
    bare = {row["article_id"]: row["text"] for row in rows(release, "articles")}
    assert bare.keys() == texts.keys()
    assert all((shown is None) == (text == "standoff") for shown in bare.values())

    shutil.move(project.raw / "wire", project.raw / "elsewhere")
    next((project.raw / "sternblatt").iterdir()).unlink()
    found = rehydrate(release, project.raw, tmp_path / "back")
    assert (found.restored, len(found.missing)) == (len(texts) - 1, 1)
    back = {row["article_id"]: row["text"] for row in rows(tmp_path / "back", "articles")}
    assert {a for a in back if back[a] != texts[a]} == set(found.missing)
    whole = [row for row in rows(tmp_path / "back", "mentions") if row["article_id"] not in found.missing]
    assert whole
    assert all(row["surface"] == texts[row["article_id"]][row["start_char"] : row["end_char"]] for row in whole)
    assert len(load_dataset(str(tmp_path / "back"), split="train")) == len(texts)
    with pytest.raises(ProjectError, match="such a folder already"):
        rehydrate(release, project.raw, tmp_path / "back")
    said = ["rehydrate", str(project.raw), str(tmp_path / "again"), "--version", str(release)]
    assert run(said) == 1
    with pytest.raises(ProjectError, match="has its texts"):
        rehydrate(full, project.raw, tmp_path / "never")
