"""The verdict as a whole: what a good release gets, what each result says, and what is left behind."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.tables import TABLES
from corpus.validate import STEPS, Verdict, validate
from corpus.validate.change import CHANGE_GATES
from corpus.validate.suites import read_suites
from tests.validate.conftest import Ask
from tests.validate.release import SUITES, Release, good_release


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Verdict, Path]:
    """The whole verdict on the good release, and the folder in which it was asked."""
    folder = tmp_path_factory.mktemp("good")
    release = good_release()
    return validate(release.stage(folder / "staged"), release.context(folder)), folder


def test_a_good_release_passes_every_gate(asked: tuple[Verdict, Path]):
    verdict, _ = asked
    assert [gate for gate in verdict.gates if not gate.passed] == []
    assert not verdict.refused


def test_every_rule_of_every_suite_is_asked_once(asked: tuple[Verdict, Path]):
    names = [gate.name for gate in asked[0].gates]
    rules = {rule.gate for suite in read_suites(SUITES).values() for rule in suite.rules}
    assert len(names) == len(set(names))
    assert rules <= set(names)
    assert {f"{table}.files" for table in TABLES} | {f"{table}.rows" for table in TABLES} <= set(names)


def test_each_result_says_what_it_saw_and_what_it_allows(asked: tuple[Verdict, Path]):
    for gate in asked[0].gates:
        assert gate.observed, gate.name
        assert gate.threshold, gate.name
    unseen = {gate.name for gate in asked[0].gates if gate.rows_evaluated == 0}
    # no retracted record, no passage of a source, no repeated paragraph, and no release before
    assert unseen == {
        "ledger.retracted", "derivations.from_start_char.in_range", "derivations.from_end_char.in_range",
        "relations.derivations_from_inside", "relations.paragraphs_duplicate_of_article_id", *CHANGE_GATES,
    }  # fmt: skip


def test_nothing_is_left_behind(asked: tuple[Verdict, Path]):
    assert [path.name for path in asked[1].iterdir()] == ["staged"]


def test_a_verdict_without_gates_refuses():
    assert Verdict(()).refused


def test_what_the_wiring_knows_of_the_gates():
    assert set(STEPS[0].reads) == set(TABLES)


def test_failing_rows_are_kept_in_full_with_their_ids(release: Release, ask: Ask, tmp_path: Path):
    note = release.row("mentions", article_id="a3")
    release.rows["mentions"] += [note | {"label": "CITY", "start_char": n, "end_char": n + 1} for n in range(250)]
    gate = next(g for g in ask(release, "mentions.label.in_set").failures if g.name == "mentions.label.in_set")
    assert gate.failing_rows == 250
    assert gate.examples == ("a3",)
    assert ".corpus/failing/mentions.label.in_set.parquet" in gate.mend
    assert pq.read_table(tmp_path / ".corpus" / "failing" / f"{gate.name}.parquet").num_rows == 250


def test_failing_rows_of_an_earlier_run_are_cleared_away(release: Release, ask: Ask, tmp_path: Path):
    old = tmp_path / ".corpus" / "failing" / "old.gate.parquet"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"")
    ask(release, "no expectation")
    assert not old.exists()


def test_a_corpus_without_annotation_passes(release: Release, ask: Ask):
    release.annotated = False
    for table in ("mentions", "entities", "links"):
        release.rows[table].clear()
    assert [g.name for g in ask(release, "mentions", "entities", "links").gates if not g.passed] == []


def test_mentions_are_expected_of_twenty_english_articles(release: Release, ask: Ask):
    for table in ("mentions", "entities"):
        release.rows[table].clear()
    for n in range(20):
        release.rows["articles"].append(release.row("articles", article_id="a3") | {"article_id": f"x{n}"})
    assert "mentions.rows" in {g.name for g in ask(release, "no expectation").failures}


def test_no_paragraphs_are_expected_where_no_article_has_text(release: Release, ask: Ask):
    release.rows["paragraphs"].clear()
    for row in release.rows["articles"]:
        row["text"] = None
    failed = {g.name for g in ask(release, "relations.articles_paragraphs").failures}
    assert not failed & {"paragraphs.rows", "relations.articles_paragraphs"}


def test_a_corrupted_page_is_found_when_it_is_read(release: Release, ask: Ask):
    def spoil(staged: Path) -> None:
        file = staged / "mentions" / "train-00001.parquet"
        column = pq.read_metadata(file).row_group(0).column(TABLES["mentions"].schema.get_field_index("surface"))
        content = bytearray(file.read_bytes())
        start = column.dictionary_page_offset or column.data_page_offset
        content[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
        file.write_bytes(bytes(content))

    verdict = ask(release, "relations.mentions_surface", "mentions.label.in_set", spoil=spoil)
    failed = {gate.name: gate for gate in verdict.failures}
    assert set(failed) == {"relations.mentions_surface"}  # the other reads another column
    assert "could not be evaluated" in failed["relations.mentions_surface"].cause


def test_gates_tell_no_place_of_this_machine(release: Release, ask: Ask, tmp_path: Path):
    verdict = ask(release, "links", spoil=lambda staged: (staged / "links" / "train-00000.parquet").write_bytes(b"x"))
    assert verdict.refused
    assert not [g for g in verdict.gates if str(tmp_path) in f"{g.cause}{g.observed}{g.mend}"]


def test_a_folder_with_odd_characters_can_be_judged(release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "it's [1] * odd? ü"
    folder.mkdir()
    monkeypatch.setattr("corpus.validate.gates._rules", lambda _: [])
    assert validate(release.stage(folder / "staged"), release.context(folder)).failures == ()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.data())
def test_duckdb_counts_code_points_as_python_does(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    clean = text.replace("\0", " ")
    found = duckdb.execute(
        "SELECT length($t), substring($t, $a + 1, $b - $a), sha256($t)", {"t": clean, "a": start, "b": end}
    ).fetchone()
    assert found == (len(clean), clean[start:end], hashlib.sha256(clean.encode()).hexdigest())


def test_importing_the_gates_is_cheap():
    heavy = "great_expectations", "duckdb", "sqlalchemy", "pandas"
    code = f"import sys, corpus.validate; sys.exit(any(name in sys.modules for name in {heavy!r}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
