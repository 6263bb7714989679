from dataclasses import replace

import pytest

from corpus.publish.manifest import TableEntry
from corpus.publish.numbering import Change, change_between, next_version, version_after

ENTRY = TableEntry("aa", 5, 100, {"article_id": "string", "text": "string"})
TABLES = {"articles": ENTRY, "removals": replace(ENTRY, digest="rr", columns={"article_id": "string"})}


def changed(**said):
    return TABLES | {"articles": replace(ENTRY, **said)}


@pytest.mark.parametrize(
    ("new", "change"),
    [
        (TABLES, Change.NONE),
        (changed(digest="bb"), Change.MINOR),
        (changed(digest="bb", columns=dict(ENTRY.columns) | {"title": "string"}), Change.MINOR),
        (TABLES | {"stories": ENTRY}, Change.MINOR),
        (changed(digest="bb", columns={"article_id": "string"}), Change.MAJOR),
        (changed(digest="bb", columns=dict(ENTRY.columns) | {"text": "int64"}), Change.MAJOR),
        ({"removals": TABLES["removals"]}, Change.MAJOR),
        (TABLES | {"removals": replace(TABLES["removals"], digest="ss")}, Change.MAJOR),
    ],
    ids=["nothing", "rows", "column added", "table added", "column gone", "column's type", "table gone", "tombstone"],
)
def test_the_change_follows_from_the_tables(new, change):
    assert change_between(TABLES, new) is change


def test_a_rewrite_of_the_same_rows_is_a_patch_and_of_other_rows_what_they_are():
    assert change_between(TABLES, TABLES, rewrite=True) is Change.PATCH
    assert change_between(TABLES, changed(digest="bb"), rewrite=True) is Change.MINOR


@pytest.mark.parametrize(
    ("parent", "change", "stable", "version"),
    [
        (None, Change.NONE, False, "0.1.0"),
        (None, Change.NONE, True, "1.0.0"),
        ("0.1.0", Change.NONE, False, None),
        ("0.1.3", Change.MINOR, False, "0.2.0"),
        ("0.1.3", Change.MAJOR, False, "0.2.0"),
        ("0.1.3", Change.PATCH, False, "0.1.4"),
        ("0.9.0", Change.MINOR, False, "0.10.0"),
        ("0.4.2", Change.NONE, True, "1.0.0"),
        ("1.2.3", Change.PATCH, False, "1.2.4"),
        ("1.2.3", Change.MINOR, False, "1.3.0"),
        ("1.2.3", Change.MAJOR, False, "2.0.0"),
        ("1.2.3", Change.NONE, True, None),
    ],
)
def test_the_next_version_follows_from_the_change(parent, change, stable, version):
    assert next_version(parent, change, stable=stable) == version


def test_the_first_release_has_no_parent_to_compare_with():
    assert version_after(None, TABLES, rewrite=False, stable=False) == "0.1.0"
