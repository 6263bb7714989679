import itertools

import pytest

from corpus.errors import LedgerError
from corpus.report.facts import ReportFacts
from corpus.report.funnel import Funnel, Step
from corpus.report.material import why_line
from corpus.report.pages.run import HIDDEN, flatten
from corpus.report.pages.verdict import place_of, waterfall
from corpus.report.site import render_report, write_report
from corpus.report.wording import anchor, clipped, duration, number, plural, share, size, visible
from corpus.run.figures import StageFigures
from corpus.validate.verdict import GateResult, Verdict

from .conftest import HOSTILE, ROWS, row, write_tables
from .reader import Reader

PASSED = GateResult("records.conservation", "records", "ledger", "critical", True, 8, "8 = 2 + 2 + 2 + 2", "equal")
REFUSING = GateResult(
    "articles.text.not_empty", "articles", "expectation", "critical", False, 2, "1 empty <b>", "none", 1, ("art-2",),
    "A page without text was published.", "Look at `corpus why`.",
)  # fmt: skip
WARNING = GateResult("articles.language", "articles", "change", "warning", False, 2, "de 50 %", "at most 10 %")
FIGURES = (StageFigures("ingest", 8, 8, 3, 0.51, 1.2, 90 * 2**20), StageFigures("clean", 6, 4, 0, 75.0, 140.0, 2**30))


def facts(folder, *gates, version="0.1.0", **others) -> ReportFacts:
    settings = {"name": "harbour", "clean": {"min_words": 25, "note": HOSTILE}, "source": []}
    verdict = Verdict(gates or (PASSED,))
    return ReportFacts("harbour", f"Harbour {HOSTILE}", version, folder, verdict, FIGURES, settings, **others)


def pages(*args, **kwargs):
    """The report's pages, read strictly."""
    return {name: Reader(text) for name, text in render_report(facts(*args, **kwargs)).items()}


def all_text(found):
    return " ".join(" ".join(page.text.split()) for page in found.values())


def test_the_pages_are_well_formed_and_load_nothing(staged):
    found = pages(staged, PASSED, WARNING)
    assert {"index.html", "gates.html", "run.html"} <= found.keys()
    for name, page in found.items():
        assert page.sources == []
        assert len(page.ids) == len(set(page.ids)), name
        assert {"header", "main", "footer", "h1"} <= set(page.tags)
        assert page.tags.count("h1") == 1
        for href in page.hrefs:
            file, _, place = href.partition("#")
            assert not file or file in found, href
            assert not place or place in found[file or name].ids, href


def test_headings_do_not_jump(staged):
    for name, page in pages(staged, PASSED, WARNING).items():
        ranks = [int(tag[1]) for tag in page.tags if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
        assert ranks[0] == 1, name
        assert all(after <= before + 1 for before, after in itertools.pairwise(ranks)), (name, ranks)


def test_the_policy_allows_the_one_style_sheet_and_nothing_else(staged):
    for text in render_report(facts(staged)).values():
        assert "default-src 'none'; style-src 'sha256-" in text
        assert "unsafe" not in text
        assert "<script" not in text
        assert " style=" not in text


def test_hostile_titles_paths_and_values_are_text_and_nothing_else(staged):
    found = pages(staged, REFUSING, version=None)
    assert not any({"script", "b"} & set(page.tags) for page in found.values())
    assert all_text(found).count(HOSTILE) >= 3


def test_control_characters_and_turns_of_direction_are_written_out(tmp_path):
    nasty = "a\x00b\x1b[31m\u202egnp.exe\u2066" + "x" * 5000
    ledger = [
        row(
            "records",
            record_id="rec-1",
            raw_path=nasty,
            fate="rejected",
            reasons=[{"rule": nasty, "value": nasty, "threshold": ""}],
        )
    ]
    for text in render_report(facts(write_tables(tmp_path, {"records": ledger}))).values():
        assert not {"\x00", "\x1b", "\u202e", "\u2066"} & set(text)
        assert "x" * 500 not in text
    assert visible("naïve – ok") == "naïve – ok"
    assert visible("a\u202eb") == "a\\u202eb"
    assert clipped("x" * 1_000_000).endswith("… (1,000,000 characters)")


def test_every_step_is_shown_with_its_records_and_their_why_line(staged):
    page = pages(staged)["index.html"]
    shown = " ".join(page.text.split())
    for label, records in {
        "rejected: too_short": 2,
        "duplicate: near_duplicate": 1,
        "quarantined: malformed": 1,
    }.items():
        assert f"{label} {records} record" in shown
    for record in ("rec-3", "rec-4", "rec-5", "rec-6", "rec-7", "rec-8"):
        assert f"corpus why {record} --version 0.1.0" in page.text
    assert "corpus why rec-1 " not in page.text


def test_gates_show_what_they_saw(staged):
    text = all_text(pages(staged, PASSED, WARNING))
    assert "All 2 gates let it through, 1 with a warning" in text
    assert "8 = 2 + 2 + 2 + 2" in text
    assert "Warning: articles.language" in text


def test_a_refused_run_says_so_and_offers_no_command_that_would_find_nothing(staged):
    text = all_text(pages(staged, PASSED, REFUSING, version=None))
    assert "Refused: nothing was published" in text
    assert "1 empty <b>" in text
    assert "art-2" in text
    assert "corpus why rec" not in text


def test_the_same_facts_give_the_same_pages(staged, tmp_path):
    write_report(tmp_path / "one" / "report", facts(staged))
    write_report(tmp_path / "two", facts(staged))
    for page in (tmp_path / "two").iterdir():
        assert (tmp_path / "one" / "report" / page.name).read_bytes() == page.read_bytes()


def test_tables_without_rows_break_nothing(tmp_path):
    assert "Every raw record is published." in all_text(pages(write_tables(tmp_path, {})))


def test_examples_are_the_first_by_path_however_many_there_are(tmp_path):
    many = [
        row("records", record_id=f"rec-{n:03}", raw_path=f"{(n * 37) % 100:03}.txt", fate="rejected",
            reasons=[{"rule": "too_short", "value": str(n), "threshold": "25"}])
        for n in range(100)
    ]  # fmt: skip
    text = pages(write_tables(tmp_path, {**ROWS, "records": many}))["index.html"].text
    assert [f"{n:03}.txt" in text for n in range(12)] == [True] * 10 + [False] * 2


def test_a_ledger_with_an_unknown_fate_is_refused(tmp_path):
    lost = [row("records", record_id="rec-1", raw_path="one", fate="lost")]
    with pytest.raises(LedgerError):
        render_report(facts(write_tables(tmp_path, {"records": lost})))


def test_bars_of_the_waterfall_join():
    bars = waterfall(Funnel(10, 4, (Step("quarantined", "binary", 1), Step("rejected", "short", 5))))
    assert [(bar.start, bar.length) for bar in bars] == [(0, 100.0), (90.0, 10.0), (40.0, 50.0), (0, 40.0)]


def test_a_command_with_a_hostile_id_is_quoted_for_the_shell():
    assert why_line("a b;rm -rf", "0.1.0") == "corpus why 'a b;rm -rf' --version 0.1.0"


def test_an_anchor_holds_no_character_that_means_something():
    assert place_of(Step("rejected", "a b<c>", 1)) == anchor("rejected", "a b<c>") == "rejected-a-b-c-"


def test_figures_are_written_for_people():
    assert [number(-1234), size(0), size(1536), size(5 * 2**40)] == ["−1,234", "0 B", "1.5 KiB", "5.0 TiB"]
    assert [share(1, 3), share(1, 0), duration(1.234), duration(75), duration(7300)] == [
        "33.3 %", "–", "1.23 s", "1 min 15 s", "2 h 01 min",
    ]  # fmt: skip
    assert [plural(1, "gate"), plural(1200, "gate"), number(0.25)] == ["1 gate", "1,200 gates", "0.25"]


def test_settings_show_no_secret():
    said = {"a": {"b": 1}, "c": ["ü"], "hub_token": "hf_x", "proxy": "https://ann:pw@host/x", "source": [{"name": "n"}]}
    assert dict(flatten(said)) == {
        "a.b": "1", "c": '["ü"]', "hub_token": HIDDEN, "proxy": '"https://host/x"', "source[0].name": '"n"',
    }  # fmt: skip
