"""`[publish] text`: what excerpt and standoff leave out, and that nothing of it is left anywhere in the release."""

import hashlib

import pytest

from corpus.publish.disk import sha256_of
from corpus.publish.verify import verify
from corpus.publish.withheld import leaks, withhold
from corpus.tables import TABLES
from tests.projects import rows, table
from tests.publish.made import NAME, Cut, finish, make_tables, publish, stage

COPIES = ("surface", "anchor_text", "source_text", "description", "value", "evidence")


def cut(tmp_path, text, chars=30):
    full = tmp_path / "full"
    facts = stage(full, make_tables())
    folder = tmp_path / text
    return folder, facts, withhold(full, facts.tables, folder, text=text, excerpt_chars=chars, cut=Cut())


def test_every_column_that_the_contract_names_as_a_copy_is_registered_as_one():
    for one in TABLES.values():
        for column in one.columns:
            assert (column.copies is not None) == (column.name in (*COPIES, "correction")), (one.name, column.name)


def test_standoff_holds_no_text_but_ids_offsets_and_hashes(tmp_path):
    folder, facts, tables = cut(tmp_path, "standoff")
    full = tmp_path / "full"
    for article, whole in zip(rows(folder, "articles"), rows(full, "articles"), strict=True):
        assert article["text"] is None and article["description"] is None
        assert article == whole | {"text": None, "description": None, "correction": None}
    for mention, whole in zip(rows(folder, "mentions"), rows(full, "mentions"), strict=True):
        assert mention == whole | {"surface": None, "value": None}
    assert {link["anchor_text"] for link in rows(folder, "links")} == {None}
    assert sha256_of(folder / "paragraphs/train-00000.parquet") == sha256_of(full / "paragraphs/train-00000.parquet")
    assert tables["articles"].digest != facts.tables["articles"].digest
    assert not list(leaks(folder, "standoff"))
    assert any("articles.text: 6 rows" in leak for leak in leaks(full, "standoff"))
    assert any("mentions.surface: 12 rows" in leak for leak in leaks(full, "standoff"))


def test_an_excerpt_ends_between_words_and_keeps_only_words_within_it(tmp_path):
    folder, _, _ = cut(tmp_path, "excerpt", 36)
    full = {row["article_id"]: row["text"] for row in rows(tmp_path / "full", "articles")}
    for row in rows(folder, "articles"):
        text, whole = row["text"], full[row["article_id"]]
        assert 0 < len(text) <= 36 and whole.startswith(text) and whole[len(text)].isspace()
        assert row["text_sha256"] == hashlib.sha256(whole.encode()).hexdigest() and row["n_chars"] == len(whole)
    kept = {row["surface"] for row in rows(folder, "mentions")}
    assert kept == {"Ana Ortiz", None}  # "today" stands beyond the cut
    assert {row["anchor_text"] for row in rows(folder, "links")} == {"Köln", None}
    assert not list(leaks(folder, "excerpt"))


@pytest.mark.parametrize("text", ["excerpt", "standoff"])
def test_a_release_without_whole_texts_verifies_and_one_that_leaks_does_not(tmp_path, text):
    from dataclasses import replace

    from corpus.publish.commit import commit

    root = tmp_path / "p"
    staged = root / ".corpus" / "staging" / f"{NAME}-v0.1.0"
    full = root / ".corpus" / "full"
    facts = stage(full, make_tables())
    tables = withhold(full, facts.tables, staged, text=text, excerpt_chars=30, cut=Cut())
    folder = commit(
        staged, root / "dist" / NAME, root / ".corpus", finish(staged, replace(facts, tables=tables, text=text))
    )
    assert verify(folder).whole, verify(folder).faults
    leaking = publish(tmp_path / "q", text=text)
    assert text == "excerpt" or any("leaves out" in fault.what for fault in verify(leaking).faults)
    assert table(folder, "articles").num_rows == 6
