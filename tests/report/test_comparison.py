"""The page of `corpus diff`: what went and why, what came, what changed in words and rows; hostile input stays text."""

from corpus.cli import run
from corpus.publish.diff import diff
from corpus.publish.wordings import wordings
from corpus.report.comparison import render_comparison
from tests.publish.made import NAME, make_tables, publish


def two(tmp_path):
    first = publish(tmp_path, make_tables(6))
    tables = make_tables(7, version="0.2.0", words="<script>alert(1)</script>", skip=(2,))
    return first, publish(tmp_path, tables, version="0.2.0", parent="0.1.0")


def test_paragraphs_that_went_and_came_and_rows_are_told_of_each_changed_article(tmp_path):
    older, newer = two(tmp_path)
    found = diff(older, newer)
    words = {one.article_id: one for one in wordings(older, newer, found.articles.changed)}
    assert words["art0"].removed == ("The bridge cost 0 million euros.",)
    assert words["art0"].added == ("The bridge cost 0 million euros. <script>alert(1)</script>",)
    assert words["art0"].rows == {"paragraphs": (2, 2)}


def test_the_page_says_what_changed_and_why_and_shows_no_code_of_an_article(tmp_path):
    older, newer = two(tmp_path)
    page = render_comparison(diff(older, newer), older, newer, NAME).replace("<wbr>", "")
    assert "0.1.0 → 0.2.0" in page and "art6" in page
    assert "min_words" in page and "rejected" in page
    assert "&lt;script&gt;" in page and "<script" not in page


def test_the_command_writes_the_page(tmp_path, capsys):
    older, newer = two(tmp_path)
    assert run(["diff", str(older), str(newer), "--page", str(tmp_path / "diff.html")]) == 0
    assert "What changed" in (tmp_path / "diff.html").read_text(encoding="utf-8")
    assert run(["diff", str(older), str(older), "--page", str(tmp_path / "same.html")]) == 0
    assert "Both hold the same rows." in (tmp_path / "same.html").read_text(encoding="utf-8")
