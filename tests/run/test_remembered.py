"""What `why` shows of a removed text: the project's own machine remembers it."""

import io
from functools import partial
from pathlib import Path

from rich.console import Console

from corpus.report.why import render, why
from corpus.run import Project, publish
from corpus.run.remembered import remembered_text
from tests.projects import article, new_project, rows


def test_why_shows_how_a_removed_text_differs_from_the_one_that_was_kept(tmp_path: Path) -> None:
    text = article(3, 20)
    files = {"a/old.txt": text.replace("near", "beside", 1), "b/new.txt": f"{text}\n\nAnd it ends here with a note."}
    project: Project = new_project(tmp_path, files, enabled="false")
    release = publish(project).folder
    (folded,) = [row for row in rows(release, "records") if row["fate"] == "duplicate"]
    text_of = partial(remembered_text, project.cache)
    life = why(release, str(folded["record_id"]), project.raw, text_of)
    console = Console(file=io.StringIO(), width=150)
    render(life, console)
    shown = " ".join(console.file.getvalue().split())
    assert str(folded["kept_article_id"]) in shown
    assert "near_duplicate" in shown
    assert "similarity 0." in shown
    assert "[-beside-]" in shown
    assert "{+near+}" in shown
    assert "And it ends here with a note" in shown

    assert text_of(str(folded["record_id"]), "0" * 64) is None, "another payload's text is not shown for it"
    assert why(release, str(folded["record_id"])).records[0].difference is None, "no text without the project's machine"
