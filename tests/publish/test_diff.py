import json
from dataclasses import replace

import pyarrow as pa
import pytest
from rich.console import Console

import corpus
from corpus.publish.changes import Changed, Removed, article_changes
from corpus.publish.diff import show_diff
from corpus.publish.sharing import shared_files
from corpus.tables import TABLES
from tests.publish.made import NAME, Cut, finish, hashed, make_tables, publish, rows_of, stage


def edited(tables):
    """Article 1 has another title, article 2 lost a mention; the rest is as it was."""
    titles = tables["articles"]["title"].to_pylist()
    titles[1] = "Bridge reopened"
    at = tables["articles"].schema.get_field_index("title")
    tables["articles"] = tables["articles"].set_column(at, tables["articles"].schema.field(at), pa.array(titles))
    tables["mentions"] = tables["mentions"].filter(pa.array([n != 4 for n in range(len(tables["mentions"]))]))
    return tables


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("diff")
    publish(root, make_tables(6))
    new = edited(make_tables(6, version="0.2.0"))
    more = make_tables(8, skip=(0, 3), version="0.2.0")
    tables = {name: pa.concat_tables([new[name], more[name].slice(0, 0)]) for name in new}
    publish(root, tables, version="0.2.0", parent="0.1.0", config={"clean": {"min_words": 30}})
    publish(root, more, version="0.3.0", parent="0.2.0", inventory_digest=hashed("more raw"), models={"sm": "4"})
    return root / "dist" / NAME


def test_the_same_rows_are_no_change(tmp_path):
    stage(tmp_path / "a", make_tables())
    stage(tmp_path / "b", make_tables(version="0.9.0"))  # the first version is history, not content
    found = article_changes(tmp_path / "a", tmp_path / "b")
    assert (found.added, found.removed, found.changed) == ((), (), ())


def test_changed_articles_say_in_what(project):
    found = corpus.diff("0.1.0", "0.2.0", project)
    assert found.articles.changed == (Changed("art1", ("title",), ()), Changed("art2", (), ("mentions",)))
    assert found.articles.added == found.articles.removed == ()
    assert [one.table for one in found.tables if not one.same] == ["articles", "mentions"]
    assert found.causes == {"settings": ("clean.min_words",)} and not found.same


def test_added_and_removed_articles_say_why(project):
    found = corpus.diff(project / f"{NAME}-v0.2.0", project / f"{NAME}-v0.3.0")
    assert found.articles.added == ("art6", "art7")
    assert found.articles.removed == (
        Removed("art0", "rec0", "rejected", ("min_words",), None),
        Removed("art3", "rec3", "rejected", ("min_words",), None),
    )
    assert found.causes == {"raw": ("files",), "settings": ("clean.min_words",), "models": ("sm",)}
    back = corpus.diff("0.3.0", "0.2.0", project)
    assert {one.article_id for one in back.articles.removed} == set(found.articles.added)
    assert [one.fate for one in back.articles.removed] == [None, None]  # their raw bytes are not there


def test_a_retracted_article_is_known_by_its_tombstone(tmp_path):
    publish(tmp_path, make_tables(4))
    tables = make_tables(4, version="0.2.0")
    tables["articles"] = tables["articles"].slice(0, 3)
    tables["records"] = tables["records"].filter(
        pa.array([r != "rec3" for r in tables["records"]["record_id"].to_pylist()])
    )
    tomb = {"article_id": "art3", "salted_content_hash": "x", "reason": "asked", "effective_version": "0.2.0"}
    tables["removals"] = rows_of(TABLES["removals"], [tomb])
    publish(tmp_path, tables, version="0.2.0", parent="0.1.0")
    found = corpus.diff("0.1.0", "0.2.0", tmp_path / "dist" / NAME)
    assert found.articles.removed == (Removed("art3", None, "retracted", ("retracted",), None),)


def test_counts_a_table_that_one_side_has_not(tmp_path, project):
    tables = make_tables(6)
    del tables["entities"]
    facts = stage(tmp_path, tables, version="0.4.0")
    finish(tmp_path, replace(facts, version="0.4.0"))
    found = {one.table: one for one in corpus.diff(project / f"{NAME}-v0.1.0", tmp_path).tables}
    assert (found["entities"].rows_before, found["entities"].rows_now) == (1, None) and not found["entities"].same


def test_is_for_programs_and_for_people(project, capsys):
    found = corpus.diff("0.2.0", "0.3.0", project)
    said = json.loads(json.dumps(found.to_json()))
    assert said["newer"] == "0.3.0" and said["articles"]["added"] == ["art6", "art7"] and said["same"] is False
    show_diff(found, Console(width=160))
    text = capsys.readouterr().out
    for line in ("0.2.0 → 0.3.0", "Articles: 2 added, 2 removed, 2 changed.", "removed, rejected: min_words: 2",
                 "changed in title: 1", "settings changed: clean.min_words", "art0  rejected"):  # fmt: skip
        assert line in text


def test_files_that_both_hold_are_not_compared_and_the_changes_are_those_of_a_whole_comparison(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.publish.made.Cut", lambda: Cut(rows_per_file=2))
    stage(tmp_path / "a", make_tables(8))
    after = edited(make_tables(9))
    after["articles"] = after["articles"].filter(pa.array([n != 5 for n in range(9)]))
    stage(tmp_path / "b", after)
    same = shared_files(tmp_path / "a", tmp_path / "b", "paragraphs")
    assert len(same[0]) == len(list((tmp_path / "a" / "paragraphs").iterdir()))
    for folder, names in zip(("a", "b"), same, strict=True):
        for name in names - {"train-00000.parquet"}:  # the first has the schema
            (tmp_path / folder / "paragraphs" / name).write_bytes(b"nobody reads this")
    found = article_changes(tmp_path / "a", tmp_path / "b")
    monkeypatch.undo()
    assert [(one.article_id, one.columns, one.tables) for one in found.changed] == [
        ("art1", ("title",), ()),
        ("art2", (), ("mentions",)),
    ]
    assert found.added == ("art8",) and [one.article_id for one in found.removed] == ["art5"]
