import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from corpus.errors import ProjectError
from corpus.report.life import plain
from corpus.report.why import render, why

from .conftest import HOSTILE, ROWS, A, row, write_tables


def ids(life):
    return [record.record_id for record in life.records]


def shown(life, width=120):
    console = Console(file=io.StringIO(), width=width)
    render(life, console)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("harbour-news/closed.html", ["rec-1"]),
        ("raw/harbour-news/closed.html", ["rec-1"]),
        ("./raw/harbour-news/closed.html", ["rec-1"]),
        (HOSTILE, ["rec-2"]),
        ("rec-5", ["rec-5"]),
        ("art-1", ["rec-1"]),
        (A, ["rec-1", "rec-3"]),
        (A[:10].upper(), ["rec-1", "rec-3"]),
        ("https://news.example/harbour", ["rec-1"]),
        ("https://news.example/harbour/", ["rec-1"]),
        ("other/feed.jsonl", ["rec-6", "rec-7"]),
    ],
)
def test_a_record_is_found_by_whatever_names_it(release, selector, expected):
    assert ids(why(release, selector)) == expected


def test_an_absolute_path_below_raw_is_found(release, tmp_path):
    raw = tmp_path / "raw"
    (raw / "harbour-news").mkdir(parents=True)
    assert ids(why(release, str(raw / "harbour-news" / "closed.html"), raw)) == ["rec-1"]


def test_the_members_of_an_archive_are_found_by_its_path(tmp_path):
    members = [row("records", record_id=f"rec-{n}", raw_path=f"all.zip!/{n}.txt", fate="rejected") for n in range(3)]
    other = row("records", record_id="rec-9", raw_path="all.zipped", fate="rejected")
    assert ids(why(write_tables(tmp_path, {"records": [*members, other]}), "raw/all.zip")) == [
        "rec-0",
        "rec-1",
        "rec-2",
    ]


def test_a_published_record_says_where_it_is_and_what_was_found_in_it(release):
    record = why(release, "rec-1").records[0]
    assert record.fate == "published"
    assert record.article.file == "articles/train-00000.parquet"
    assert record.article.annotations == (("paragraphs", 2), ("mentions", 1))
    assert [(d.kind, d.inward, d.other, d.raw_path) for d in record.derivations] == [
        ("exact_duplicate", True, "rec-3", "harbour-news/copy.html"),
        ("near_duplicate", True, "rec-4", "harbour-news/like.html"),
        ("cites", False, "art-2", ""),
    ]


def test_a_folded_record_says_what_it_was_folded_into_and_how_alike_it_was(release):
    record = why(release, "rec-4").records[0]
    assert (record.fate, record.article, record.kept.article_id) == ("duplicate", None, "art-1")
    assert [(d.other, d.similarity) for d in record.derivations] == [("art-1", 0.91)]


def test_a_contained_article_says_where_and_of_what_and_which_paragraphs_are_those_of_another(tmp_path):
    articles = [row("articles", article_id=a, record_id=f"rec-{a}", source="s", first_version="1.0.0") for a in "ab"]
    records = [
        row("records", record_id=f"rec-{a}", article_id=a, raw_path=f"{a}.txt", fate="published", kept_article_id=a)
        for a in "ab"
    ]
    held = row(
        "derivations", article_id="b", from_article_id="a", from_record_id="rec-a", kind="contains", similarity=0.97,
        start_char=40, end_char=90, from_start_char=0, from_end_char=51,
    )  # fmt: skip
    same = row(
        "paragraphs", article_id="b", paragraph_index=2, duplicate_of_article_id="a", duplicate_of_paragraph_index=0
    )
    tables = {"articles": articles, "records": records, "derivations": [held], "paragraphs": [same]}
    release = write_tables(tmp_path, tables)
    assert "→ is contained in b, similarity 0.97, here in characters 0 to 51" in shown(why(release, "rec-a"))
    holder = shown(why(release, "rec-b"))
    assert "← contains a (a.txt), similarity 0.97, here in characters 40 to 90" in holder
    assert "= paragraph 2 has the words of paragraph 0 of a" in holder


def test_every_reason_is_told_with_its_value_and_threshold(release):
    text = shown(why(release, "rec-5"))
    assert "too_short: found 3, threshold 25" in text
    assert "few_letters: found 0.2, threshold 0.5" in text
    assert "rejected" in text


def test_it_says_whether_the_bytes_are_still_there(tmp_path):
    content = b"Once upon a time."
    ledger = [
        row("records", record_id="rec-1", raw_path="one.txt", byte_start=0, byte_end=len(content), fate="rejected",
            sha256=hashlib.sha256(content).hexdigest()),
        row("records", record_id="rec-2", raw_path="pipe", fate="quarantined"),
    ]  # fmt: skip
    release, raw = write_tables(tmp_path / "r", {"records": ledger}), tmp_path / "raw"
    raw.mkdir()
    (raw / "one.txt").write_bytes(content)
    assert "unchanged" in why(release, "one.txt", raw).records[0].bytes_now
    (raw / "one.txt").write_bytes(b"Twice upon a time")
    assert "not those" in why(release, "one.txt", raw).records[0].bytes_now
    (raw / "one.txt").unlink()
    assert "can't be read" in why(release, "one.txt", raw).records[0].bytes_now
    assert why(release, "pipe", raw).records[0].bytes_now == ""


@pytest.mark.parametrize("selector", ["harbour-news/closd.html", "Closed.HTML", "raw/harbour-news/closed.htm"])
def test_a_path_that_is_not_there_gets_the_nearest_ones(release, selector):
    with pytest.raises(ProjectError) as raised:
        why(release, selector)
    assert "raw/harbour-news/closed.html" in raised.value.mend
    assert raised.value.exit_code == 2


def test_nothing_like_it_says_what_may_be_given(release):
    with pytest.raises(ProjectError, match="no record of harbour-v0.1.0 fits 'zzzzzzzzzzzz'"):
        why(release, "zzzzzzzzzzzz")


def test_a_folder_that_is_no_release_is_named(tmp_path):
    with pytest.raises(ProjectError, match="records"):
        why(tmp_path, "rec-1")


def test_a_path_with_thousands_of_records_shows_twenty_and_counts_the_others(tmp_path):
    many = [
        row("records", record_id=f"rec-{n:03}", raw_path="a.jsonl", byte_start=n, fate="rejected") for n in range(50)
    ]
    life = why(write_tables(tmp_path, {"records": many}), "a.jsonl")
    assert (len(life.records), life.more) == (20, 30)
    assert "30 more records" in shown(life)


def test_a_hostile_path_commands_no_terminal(tmp_path):
    nasty = "a\x1b[31m\x07[bold]b\n.txt"
    ledger = [row("records", record_id="rec-1", raw_path=nasty, fate="rejected")]
    text = shown(why(write_tables(tmp_path, {"records": ledger}), nasty))
    assert "\x1b" not in text
    assert "a\\x1b[31m\\x07[bold]b\\n.txt" in text
    assert plain("naïve – ok") == "naïve – ok"


@pytest.mark.parametrize("record", [r["record_id"] for r in ROWS["records"]])
def test_every_record_can_be_shown(release, record):
    assert record in shown(why(release, record), width=40).replace("\n", "")


def test_it_needs_no_more_than_the_base(release: Path):
    code = (
        "import sys\n"
        "for name in ('pydantic', 'pydantic_settings', 'prefect', 'spacy', 'jinja2'): sys.modules[name] = None\n"
        "from pathlib import Path\nfrom corpus.report.why import why\n"
        f"print(why(Path({str(release)!r}), 'rec-1', Path('.')).records[0].bytes_now)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert "not installed" in done.stdout


def test_ids_and_differences_are_whole_where_the_output_is_narrow(release):
    console = Console(file=io.StringIO(), width=40, soft_wrap=True)
    render(why(release, "rec-3"), console)
    said = console.file.getvalue()
    for line in shown(why(release, "rec-3"), 400).splitlines():
        if line.lstrip().startswith(("→", "←", "=", "•")):
            assert line in said.splitlines()
