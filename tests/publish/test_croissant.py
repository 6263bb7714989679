import json
import logging

import mlcroissant
import pytest

from corpus.publish.croissant import describe, licence_url
from corpus.tables import TABLES
from tests.publish.made import make_tables, stage


@pytest.fixture(scope="module")
def dataset(published):
    logging.disable(logging.WARNING)
    yield mlcroissant.Dataset(str(published / "croissant.json"))
    logging.disable(logging.NOTSET)


def test_the_standards_own_reader_finds_no_error(dataset):
    assert not dataset.metadata.issues.errors
    # datePublished is recommended; no time is in it, so that the same release is the same bytes
    assert [issue for issue in dataset.metadata.issues.warnings if "datePublished" not in issue] == []


@pytest.mark.parametrize("table", TABLES)
def test_record_sets_load_every_row_and_column(dataset, table):
    made = make_tables()[table].to_pylist()
    rows = list(dataset.records(table))
    assert len(rows) == len(made)
    for row, wanted in zip(rows, made, strict=True):
        assert set(row) == {f"{table}/{name}" for name in wanted}
        for name, value in wanted.items():
            if isinstance(value, str):
                assert row[f"{table}/{name}"].decode() == value
            elif isinstance(value, bool | int) and value is not None:
                assert row[f"{table}/{name}"] == value


def test_every_table_is_a_file_set_and_a_record_set_and_every_file_has_its_sha256(published):
    said = json.loads((published / "croissant.json").read_text())
    manifest = json.loads((published / "manifest.json").read_text())
    sets = [part for part in said["distribution"] if part["@type"] == "cr:FileSet"]
    assert [one["includes"] for one in sets] == [f"{name}/*.parquet" for name in TABLES]
    assert all(one["encodingFormat"] == "application/x-parquet" and "containedIn" not in one for one in sets)
    for one in said["distribution"]:
        if one["@type"] == "cr:FileObject":
            assert one["sha256"] == manifest["files"][one["contentUrl"]]["sha256"]
    for record_set, table in zip(said["recordSet"], TABLES.values(), strict=True):
        assert [field["name"] for field in record_set["field"]] == [column.name for column in table.columns]


def test_terms_foreign_keys_and_lists_are_said(published):
    said = json.loads((published / "croissant.json").read_text())
    fields = {field["@id"]: field for one in said["recordSet"] for field in one["field"]}
    assert fields["articles/title"]["equivalentProperty"] == "https://schema.org/headline"
    assert fields["mentions/entity_id"]["description"].endswith("Refers to entities.entity_id.")
    assert fields["articles/authors"]["isArray"] is True and fields["articles/n_words"]["dataType"] == "cr:Int64"
    assert [one["name"] for one in fields["records/reasons"]["subField"]] == ["rule", "value", "threshold"]


def test_the_same_facts_give_the_same_bytes(tmp_path):
    facts = stage(tmp_path, make_tables())
    assert json.dumps(describe(facts)) == json.dumps(describe(facts))


@pytest.mark.parametrize(
    ("license_id", "url"),
    [
        ("MIT", "https://spdx.org/licenses/MIT.html"),
        ("https://example.org/l", "https://example.org/l"),
        ("other", "other"),
    ],
)
def test_a_licence_is_an_address_where_it_can_be(license_id, url):
    assert licence_url(license_id) == url
