from html.parser import HTMLParser
from pathlib import Path

import pytest

from corpus.errors import LedgerError
from corpus.report.funnel import Funnel, Step
from corpus.report.page import (
    ReportFacts,
    anchor,
    duration,
    flatten,
    number,
    render_page,
    share,
    size,
    waterfall,
    why_line,
    write_report,
)  # fmt: skip
from corpus.run.figures import StageFigures
from corpus.validate.verdict import GateResult, Verdict

from .conftest import HOSTILE, ROWS, TEXT, row, write_tables

VOID = {"meta", "br", "link", "img", "wbr"}
PASSED = GateResult("records.conservation", "records", "ledger", "critical", True, 8, "8 = 2 + 2 + 2 + 2", "equal")
REFUSING = GateResult(
    "articles.text.not_empty", "articles", "expectation", "critical", False, 2, "1 empty <b>", "none", 1, ("art-2",),
    "A page without text was published.", "Look at `corpus why`.",
)  # fmt: skip
WARNING = GateResult("articles.language", "articles", "change", "warning", False, 2, "de 50 %", "at most 10 %")
FIGURES = (StageFigures("ingest", 8, 8, 3, 0.51, 1.2, 90 * 2**20), StageFigures("clean", 6, 4, 0, 75.0, 140.0, 2**30))


def facts(folder: Path, *gates: GateResult, version: str | None = "0.1.0") -> ReportFacts:
    settings = {"name": "harbour", "clean": {"min_words": 25, "note": HOSTILE}, "source": []}
    return ReportFacts("harbour", f"Harbour {HOSTILE}", version, folder, Verdict(gates or (PASSED,)), FIGURES, settings)


class Reader(HTMLParser):
    """Reads a page strictly: every tag closed in order; tags, ids, links and visible text are kept."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.tags, self.ids, self.hrefs, self.sources, self.text = [], [], [], [], [], ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.append(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.hrefs += [values["href"]] if "href" in values else []
        self.sources += [values[name] for name in ("src", "srcset", "data", "action") if name in values]
        assert not any(name.startswith("on") for name in values)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.text += data


def test_the_page_is_well_formed_and_loads_nothing(staged):
    page = Reader(render_page(facts(staged)))
    assert page.sources == []
    assert all(href.startswith("#") for href in page.hrefs)
    assert {href[1:] for href in page.hrefs} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert {"header", "nav", "main", "footer"} <= set(page.tags)


def test_hostile_titles_paths_and_values_are_text_and_nothing_else(staged):
    page = Reader(render_page(facts(staged, REFUSING, version=None)))
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert page.text.count(HOSTILE) >= 3


def test_no_text_of_any_record_is_in_the_page(staged):
    page = render_page(facts(staged))
    assert not any(paragraph in page for paragraph in TEXT.split("\n\n"))


def test_every_step_is_shown_with_its_records_and_their_why_line(staged):
    page = Reader(render_page(facts(staged)))
    for label, records in {
        "rejected: too_short": 2,
        "duplicate: near_duplicate": 1,
        "quarantined: malformed": 1,
    }.items():
        assert label in page.text
        assert f"{label} {records} record" in page.text
    for record in ("rec-3", "rec-4", "rec-5", "rec-6", "rec-7", "rec-8"):
        assert f"corpus why {record} --version 0.1.0" in page.text
    assert "corpus why rec-1 " not in page.text


def test_gates_show_what_they_saw(staged):
    text = Reader(render_page(facts(staged, PASSED, WARNING))).text
    assert "All 2 gates let it through, 1 with a warning" in text
    assert "8 = 2 + 2 + 2 + 2" in text
    assert "Warning: articles.language" in " ".join(text.split())


def test_a_refused_run_says_so_and_offers_no_command_that_would_find_nothing(staged):
    text = Reader(render_page(facts(staged, PASSED, REFUSING, version=None))).text
    assert "Refused: nothing was published" in text
    assert "1 empty <b>" in text
    assert "art-2" in text
    assert "corpus why rec" not in text


def test_the_same_facts_give_the_same_page(staged, tmp_path):
    write_report(tmp_path / "one" / "report", facts(staged))
    write_report(tmp_path / "two", facts(staged))
    assert (tmp_path / "one/report/index.html").read_bytes() == (tmp_path / "two/index.html").read_bytes()


def test_tables_without_rows_break_nothing(tmp_path):
    page = Reader(render_page(facts(write_tables(tmp_path, {}))))
    assert "Every raw record is published." in page.text


def test_examples_are_the_first_by_path_however_many_there_are(tmp_path):
    many = [
        row("records", record_id=f"rec-{n:03}", raw_path=f"{(n * 37) % 100:03}.txt", fate="rejected",
            reasons=[{"rule": "too_short", "value": str(n), "threshold": "25"}])
        for n in range(100)
    ]  # fmt: skip
    text = Reader(render_page(facts(write_tables(tmp_path, {**ROWS, "records": many})))).text
    assert [f"{n:03}.txt" in text for n in range(12)] == [True] * 10 + [False] * 2


def test_a_ledger_with_an_unknown_fate_is_refused(tmp_path):
    lost = [row("records", record_id="rec-1", raw_path="one", fate="lost")]
    with pytest.raises(LedgerError):
        render_page(facts(write_tables(tmp_path, {"records": lost})))


def test_bars_of_the_waterfall_join():
    bars = waterfall(Funnel(10, 4, (Step("quarantined", "binary", 1), Step("rejected", "short", 5))))
    assert [(bar.start, bar.length) for bar in bars] == [(0, 100.0), (90.0, 10.0), (40.0, 50.0), (0, 40.0)]


def test_a_command_with_a_hostile_id_is_quoted_for_the_shell():
    assert why_line("a b;rm -rf", "0.1.0") == "corpus why 'a b;rm -rf' --version 0.1.0"


def test_an_anchor_holds_no_character_that_means_something():
    assert anchor(Step("rejected", "a b<c>", 1)) == "rejected-a-b-c-"


def test_figures_are_written_for_people():
    assert [number(-1234), size(0), size(1536), size(5 * 2**40)] == ["−1,234", "0 B", "1.5 KiB", "5.0 TiB"]
    assert [share(1, 3), share(1, 0), duration(1.234), duration(75), duration(7300)] == [
        "33.3 %", "–", "1.23 s", "1 min 15 s", "2 h 01 min",
    ]  # fmt: skip
    assert dict(flatten({"a": {"b": 1}, "c": ["ü"]})) == {"a.b": "1", "c": '["ü"]'}
